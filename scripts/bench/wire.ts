import { deflateRawSync } from 'node:zlib'
import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { deltaOf, type GammaDelta } from '#schemas/stream/delta'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { snapshotOf, type GammaSnapshot } from '#schemas/stream/snapshot'
import { forEachKeeping, measureInTurn, median } from './measure.ts'
import { atLeast, significant, type BenchGate, type BenchReport, type BenchResult } from './report.ts'
import { recordedFrames, syntheticFrames } from './wire/recordFrames.ts'
import { rounded } from './wire/rounded.ts'

const FRAMES = 121
/** Passes over the frames in one measured pass, so that it is long against the resolution of processor time. */
const REPEATS = 20
const MOST_DELTA_BYTES = 1_024
const SMALLER_THAN_FULL = 20
const MOST_ENCODE_MICROSECONDS = 5

/** One update of the stream, frame after frame of a live chain, against sending the whole frame as peers do. */
export async function benchWire(): Promise<BenchReport> {
  const results: BenchResult[] = []
  const gates: BenchGate[] = []
  const worlds: readonly (readonly [string, GammaFrame[] | null])[] = [
    ['synthetic SPX', syntheticFrames(FRAMES)],
    ['recorded SPX', await recordedFrames(FRAMES)],
  ]
  for (const [world, frames] of worlds) {
    if (frames === null) continue
    const measured = measureWorld(world, frames)
    results.push(...measured.results)
    gates.push(...measured.gates)
  }
  return { results, gates }
}

interface Update {
  readonly previous: GammaFrame
  readonly next: GammaFrame
  readonly delta: GammaDelta
  readonly snapshot: GammaSnapshot
  /** What a peer sends. */
  readonly whole: GammaFrame
}

type Encode = (update: Update) => { readonly length: number }

const DELTA = 'delta, binary'
const FULL = 'whole frame, rounded JSON'

const ENCODINGS: Readonly<Record<string, Encode>> = {
  [DELTA]: ({ delta }) => encodeDelta(delta),
  'delta, JSON': ({ delta }) => JSON.stringify(delta),
  'snapshot, binary': ({ snapshot }) => encodeSnapshot(snapshot),
  'snapshot, JSON': ({ snapshot }) => JSON.stringify(snapshot),
  'whole frame, 64-bit columns': ({ whole }) => encodeGammaFrame(whole),
  [FULL]: ({ whole }) => JSON.stringify(whole),
  [`${FULL}, deflate level 1`]: ({ whole }) => deflateRawSync(JSON.stringify(whole), { level: 1 }),
  [`${FULL}, deflate level 6`]: ({ whole }) => deflateRawSync(JSON.stringify(whole), { level: 6 }),
}

function measureWorld(world: string, frames: readonly GammaFrame[]): BenchReport {
  const updates = updatesOf(frames)
  const works = Object.entries(ENCODINGS)
  const sizes = new Map(works.map(([impl, encode]) => [impl, bytesOf(updates, encode)]))
  const times = microseconds(updates, ENCODINGS)
  const results = works.map(([impl]) => {
    const { bytesMedian = Number.NaN, bytesP95 = Number.NaN } = sizes.get(impl) ?? {}
    return row(world, impl, { bytesMedian, bytesP95, microsecondsToEncode: times.get(impl) ?? Number.NaN })
  })
  const around = microseconds(updates, STEPS)
  const steps = [...around].map(([impl, each]) => row(world, impl, { microseconds: each }))
  const bytes = (impl: string): number => sizes.get(impl)?.bytesMedian ?? Number.NaN
  const encodeUs = times.get(DELTA) ?? Number.NaN
  const gates = [
    atLeast(`${world}: 1 KB over the binary delta`, MOST_DELTA_BYTES / bytes(DELTA), 1),
    atLeast(
      `${world}: rounded full JSON over the binary delta`,
      bytes(FULL) / bytes(DELTA),
      SMALLER_THAN_FULL,
    ),
    atLeast(`${world}: 5 µs over encoding a delta`, MOST_ENCODE_MICROSECONDS / encodeUs, 1),
  ]
  return { results: [...results, ...steps], gates }
}

/** What is done once per frame before encoding, and what a viewer does with a delta. */
const STEPS: Readonly<Record<string, (update: Update) => unknown>> = {
  'quantise a frame': ({ whole }) => quantise(whole),
  'find the changes and checksum of a delta': ({ previous, next }) => deltaOf(previous, next),
  'encode, decode and apply a delta': ({ previous, delta }) =>
    applyDelta(previous, decodeStreamFrame(encodeDelta(delta)) as GammaDelta),
}

function updatesOf(frames: readonly GammaFrame[]): Update[] {
  const quantised = frames.map(quantise)
  return frames.slice(1).map((frame, i) => {
    const previous = quantised[i] as GammaFrame
    const next = quantised[i + 1] as GammaFrame
    const delta = deltaOf(previous, next)
    if (delta === null)
      throw new Error(`expected frames in order, was ${previous.sequence}, ${next.sequence}`)
    return { previous, next, delta, snapshot: snapshotOf(next), whole: rounded(frame) }
  })
}

function bytesOf(updates: readonly Update[], encode: Encode): { bytesMedian: number; bytesP95: number } {
  const sizes = updates.map((update) => encode(update).length).sort((a, b) => a - b)
  return { bytesMedian: median(sizes), bytesP95: sizes[Math.ceil(0.95 * sizes.length) - 1] ?? Number.NaN }
}

function row(world: string, impl: string, figure: BenchResult['figure']): BenchResult {
  return { work: `one update, ${world}`, impl, runtime: 'node', figure }
}

/** Of processor time, per update. */
function microseconds(
  updates: readonly Update[],
  works: Readonly<Record<string, (update: Update) => unknown>>,
): Map<string, number> {
  const impls = Object.keys(works)
  const passes = Object.entries(works).map(([impl, work]) => ({
    impl,
    pass: () => {
      for (let times = 0; times < REPEATS; times++) forEachKeeping(updates, work)
    },
  }))
  const medians = measureInTurn(passes)
  const each = (ms: number): number => significant((ms * 1_000) / (REPEATS * updates.length), 3)
  return new Map(impls.map((impl, i) => [impl, each(medians[i] ?? Number.NaN)]))
}
