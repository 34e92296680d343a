import { deflateRawSync } from 'node:zlib'
import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { deltaOf, type GammaDelta } from '#schemas/stream/delta'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { snapshotOf } from '#schemas/stream/snapshot'
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

type Encode = (pair: Pair) => { readonly length: number }

interface Pair {
  /** Quantised, and the frame before it. */
  readonly previous: GammaFrame
  readonly next: GammaFrame
  readonly whole: GammaFrame
}

const DELTA = 'delta, binary'
const FULL = 'whole frame, rounded JSON'

const ENCODINGS: Readonly<Record<string, Encode>> = {
  [DELTA]: ({ previous, next }) => encodeDelta(changes(previous, next)),
  'delta, JSON': ({ previous, next }) => JSON.stringify(changes(previous, next)),
  'snapshot, binary': ({ next }) => encodeSnapshot(snapshotOf(next)),
  'snapshot, JSON': ({ next }) => JSON.stringify(snapshotOf(next)),
  'whole frame, 64-bit columns': ({ whole }) => encodeGammaFrame(whole),
  [FULL]: ({ whole }) => JSON.stringify(whole),
  [`${FULL}, deflate level 1`]: ({ whole }) => deflateRawSync(JSON.stringify(whole), { level: 1 }),
  [`${FULL}, deflate level 6`]: ({ whole }) => deflateRawSync(JSON.stringify(whole), { level: 6 }),
}

function measureWorld(world: string, frames: readonly GammaFrame[]): BenchReport {
  const quantised = frames.map(quantise)
  const pairs = frames.slice(1).map((frame, i): Pair => {
    return {
      previous: quantised[i] as GammaFrame,
      next: quantised[i + 1] as GammaFrame,
      whole: rounded(frame),
    }
  })
  const encodings = Object.entries(ENCODINGS)
  const sizes = encodings.map(([, encode]) => pairs.map((pair) => encode(pair).length).sort((a, b) => a - b))
  const times = microseconds(pairs, encodings)
  const results = encodings.map(([impl], i): BenchResult => {
    const bytes = sizes[i] ?? []
    const p95 = bytes[Math.ceil(0.95 * bytes.length) - 1] ?? Number.NaN
    const figure = {
      bytesMedian: median(bytes),
      bytesP95: p95,
      microsecondsToEncode: significant(times[i] ?? Number.NaN, 3),
    }
    return { work: `one update, ${world}`, impl, runtime: 'node', figure }
  })
  const bytesOf = (impl: string): number =>
    median(sizes[encodings.findIndex(([name]) => name === impl)] ?? [])
  const encodeMicroseconds = times[encodings.findIndex(([name]) => name === DELTA)] ?? Number.NaN
  const gates = [
    atLeast(`${world}: 1 KB over the binary delta`, MOST_DELTA_BYTES / bytesOf(DELTA), 1),
    atLeast(
      `${world}: rounded full JSON over the binary delta`,
      bytesOf(FULL) / bytesOf(DELTA),
      SMALLER_THAN_FULL,
    ),
    atLeast(
      `${world}: 5 µs over making and encoding a delta`,
      MOST_ENCODE_MICROSECONDS / encodeMicroseconds,
      1,
    ),
  ]
  return { results: [...results, ...stepsAround(world, frames, pairs)], gates }
}

/** What is done once per frame before encoding, and what a viewer does with a delta. */
function stepsAround(world: string, frames: readonly GammaFrame[], pairs: readonly Pair[]): BenchResult[] {
  const sent = pairs.map(({ previous, next }) => ({ previous, bytes: encodeDelta(changes(previous, next)) }))
  const [quantising, receiving] = measureInTurn([
    { impl: 'quantise', pass: () => repeat(() => forEachKeeping(frames, quantise)) },
    {
      impl: 'decode and apply',
      pass: () =>
        repeat(() =>
          forEachKeeping(sent, ({ previous, bytes }) =>
            applyDelta(previous, decodeStreamFrame(bytes) as GammaDelta),
          ),
        ),
    },
  ])
  const row = (impl: string, ms: number | undefined, count: number): BenchResult => {
    const each = ((ms ?? Number.NaN) * 1_000) / (REPEATS * count)
    return {
      work: `one update, ${world}`,
      impl,
      runtime: 'node',
      figure: { microseconds: significant(each, 3) },
    }
  }
  return [
    row('quantise a frame', quantising, frames.length),
    row('decode and apply a delta', receiving, sent.length),
  ]
}

function microseconds(pairs: readonly Pair[], encodings: readonly (readonly [string, Encode])[]): number[] {
  const passes = encodings.map(([impl, encode]) => ({
    impl,
    pass: () => repeat(() => forEachKeeping(pairs, encode)),
  }))
  return measureInTurn(passes).map((ms) => (ms * 1_000) / (REPEATS * pairs.length))
}

function repeat(work: () => void): void {
  for (let times = 0; times < REPEATS; times++) work()
}

function changes(previous: GammaFrame, next: GammaFrame): GammaDelta {
  const delta = deltaOf(previous, next)
  if (delta === null)
    throw new Error(`expected frames in order, was ${previous.sequence} and ${next.sequence}`)
  return delta
}
