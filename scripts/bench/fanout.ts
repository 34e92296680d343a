import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { deltaOf } from '#schemas/stream/delta'
import { encodeDelta } from '#schemas/stream/encodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { fullFrameJson } from './fanout/fullFrame.ts'
import { DELTAS, startFlipwire, WHOLE_FRAMES, type Door } from './fanout/flipwire.ts'
import { measureFanout, type FanoutFigures } from './fanout/measure.ts'
import { startBareLoop, startPeer, type FanoutServer } from './fanout/servers.ts'
import { atLeast, significant, type BenchGate, type BenchReport, type BenchResult } from './report.ts'
import { syntheticFrames } from './wire/recordFrames.ts'
import { rounded } from './wire/rounded.ts'

/** Subscribers of one object; another list by the environment, e.g. 10000. */
const SIZES = (process.env['FANOUT_SOCKETS'] ?? '1000,2500').split(',').map(Number)
/** Of each figure the best counts: what else the machine does only ever makes it worse. */
const ROUNDS = 2
const FRAMES = 40
const MOST_P99_MS: Readonly<Record<number, number>> = { 1_000: 50, 2_500: 120 }
const DEFLATED = 'ws, JSON, deflate level 1'
const FULL_DEFLATED = 'ws, JSON by strike (20 KB), deflate level 1'
const SOCKET_IO = 'socket.io, JSON'

/** What our door sends, for others to send too. */
interface Contest {
  readonly door: Door
  readonly sameBytes: () => Uint8Array
}

interface Measured extends FanoutFigures {
  readonly server: Pick<FanoutServer, 'impl' | 'runtime'>
  readonly sockets: number
  /** Processor time that is spent whether or not anybody looks: the analytics and the ingest of our Worker. */
  readonly ownMs: number
  /** Of the server's processor time for one update to one viewer. */
  readonly microseconds: number
}

/**
 * One object with many subscribers, at two updates a second: our Worker, a bare workerd loop and Node's ws with the same
 * bytes, and ws and socket.io with the whole frame in JSON. All in one run, one after the other. What the runtime itself
 * reaches, the bare loop, is set against socket.io too: no server on it can do better.
 */
export async function benchFanout(): Promise<BenchReport> {
  const frames = syntheticFrames(FRAMES)
  const peersFrames = frames.map(rounded)
  const json = inTurn(peersFrames.map((frame) => JSON.stringify(frame)))
  const fullJson = inTurn(frames.map(fullFrameJson))
  const rounds: Measured[] = []
  for (const sockets of SIZES)
    for (let round = 0; round < ROUNDS; round++) {
      for (const contest of contests(frames)) rounds.push(...(await runContest(contest, sockets)))
      rounds.push(await measure(() => startPeer('wsDeflate', DEFLATED, json), sockets))
      rounds.push(await measure(() => startPeer('wsDeflate', FULL_DEFLATED, fullJson), sockets))
      rounds.push(await measure(() => startPeer('socketIo', SOCKET_IO, inTurn(peersFrames)), sockets))
    }
  const measured = bestOf(rounds)
  return { results: measured.map(resultOf), gates: SIZES.flatMap((sockets) => gatesOf(measured, sockets)) }
}

function contests(frames: readonly GammaFrame[]): Contest[] {
  const quantised = frames.map(quantise)
  const deltas = quantised.flatMap((next, i) => {
    const previous = quantised[i - 1]
    const delta = previous === undefined ? null : deltaOf(previous, next)
    return delta === null ? [] : [encodeDelta(delta)]
  })
  return [
    { door: DELTAS, sameBytes: inTurn(deltas) },
    { door: WHOLE_FRAMES, sameBytes: inTurn(frames.map(encodeGammaFrame)) },
  ]
}

async function runContest({ door, sameBytes }: Contest, sockets: number): Promise<Measured[]> {
  return [
    await measure(() => startFlipwire(door), sockets),
    await measure(() => startBareLoop(bareOf(door), sameBytes), sockets),
    await measure(() => startPeer('ws', wsOf(door), sameBytes), sockets),
  ]
}

async function measure(start: () => Promise<FanoutServer>, sockets: number): Promise<Measured> {
  const server = await start()
  try {
    const ownMs = server.publish === null ? (await measureFanout(server, 1)).processorMs : 0
    const figures = await measureFanout(server, sockets)
    const { impl, runtime } = server
    const microseconds = ((figures.processorMs - ownMs) * 1000) / figures.deliveries
    return { ...figures, server: { impl, runtime }, sockets, ownMs, microseconds }
  } finally {
    await server.stop()
  }
}

function bestOf(rounds: readonly Measured[]): Measured[] {
  const byServer = Map.groupBy(rounds, ({ server, sockets }) => `${sockets} ${server.impl}`)
  return [...byServer.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const least = (of: (each: Measured) => number): number => Math.min(...same.map(of))
    return {
      ...first,
      p50Ms: least((each) => each.p50Ms),
      p99Ms: least((each) => each.p99Ms),
      microseconds: least((each) => each.microseconds),
      ownMs: least((each) => each.ownMs),
      sendsPerSecond: -least((each) => -each.sendsPerSecond),
      missing: same.reduce((sum, each) => sum + each.missing, 0),
      closed: same.reduce((sum, each) => sum + each.closed, 0),
    }
  })
}

function bareOf({ impl }: Door): string {
  return `bare loop, bytes of ${impl}`
}

function wsOf({ impl }: Door): string {
  return `ws, bytes of ${impl}`
}

function inTurn<T>(updates: readonly T[]): () => T {
  let next = 0
  return () => updates[next++ % updates.length] as T
}

function resultOf(measured: Measured): BenchResult {
  const { server, sockets, p50Ms, p99Ms, sendsPerSecond, ownMs, missing, closed, residentMb } = measured
  return {
    work: `${sockets} subscribers`,
    ...server,
    figure: {
      p50Ms: significant(p50Ms, 3),
      p99Ms: significant(p99Ms, 3),
      cpuMicrosecondsPerUpdate: significant(measured.microseconds, 3),
      ownCpuMs: Math.round(ownMs),
      sendsPerSecond: Math.round(sendsPerSecond),
      residentMb: Math.round(residentMb),
      missing,
      closed,
    },
  }
}

function gatesOf(measured: readonly Measured[], sockets: number): BenchGate[] {
  const of = (impl: string): Measured | undefined =>
    measured.find((each) => each.sockets === sockets && each.server.impl === impl)
  const ratio = (a: Measured | undefined, b: Measured | undefined): number =>
    a === undefined || b === undefined ? Number.NaN : a.microseconds / b.microseconds
  const at = `at ${sockets}`
  const byDoor = [DELTAS, WHOLE_FRAMES].flatMap((door) => {
    const ours = of(door.impl)
    const mostMs = MOST_P99_MS[sockets] ?? Number.NaN
    return [
      atLeast(`${door.impl} ${at}: p99 within ${mostMs} ms`, mostMs / (ours?.p99Ms ?? Number.NaN), 1),
      atLeast(
        `${door.impl} ${at}: processor time of the bare loop ÷ ours`,
        ratio(of(bareOf(door)), ours),
        0.95,
      ),
      atLeast(`${door.impl} ${at}: sends/s ÷ those of socket.io`, rateRatio(ours, of(SOCKET_IO)), 1.15),
      atLeast(
        `${bareOf(door)} ${at}, the runtime's limit: sends/s ÷ those of socket.io`,
        rateRatio(of(bareOf(door)), of(SOCKET_IO)),
        1.15,
      ),
    ]
  })
  const deflated = atLeast(
    `${DELTAS.impl} ${at}: processor time of ${FULL_DEFLATED} ÷ ours`,
    ratio(of(FULL_DEFLATED), of(DELTAS.impl)),
    7,
  )
  return [...byDoor, deflated]
}

function rateRatio(a: Measured | undefined, b: Measured | undefined): number {
  return (a?.sendsPerSecond ?? Number.NaN) / (b?.sendsPerSecond ?? Number.NaN)
}
