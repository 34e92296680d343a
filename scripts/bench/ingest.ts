import { profileOf } from '#bridge/feeds/synthetic/profiles'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import type { Tick } from '#schemas/tick'
import { createIngestClient, type IngestClient } from '../rig/ingestClient.ts'
import { processorMs } from '../rig/processCost.ts'
import { startWorkerd, type WorkerdServer } from '../rig/workerdServer.ts'
import { watchFrames, type FrameWatch } from './ingest/frameWatch.ts'
import { atLeast, significant, type BenchReport, type BenchResult } from './report.ts'

const SYMBOL = 'SPX'
const START_MS = Date.UTC(2026, 10, 20, 15, 30)
/** As the bridge has it. */
const IN_FLIGHT = 4
const BATCH_TICKS = 2_000
const FLOOD_BATCHES = 1_500
const PACED_BATCHES = 150
const PACED_EVERY_MS = 100
const LONE_TICKS = 40
/** Longer than two cadences, a frame and the one with what windows make of it: the next is due at once. */
const LONE_EVERY_MS = 1_300
const TARGET = { updatesPerSecond: 100_000, acknowledgedWithinMs: 25, frameWithinMs: 50 }

interface Rig {
  readonly server: WorkerdServer
  readonly client: IngestClient
  readonly watch: FrameWatch
  readonly market: SyntheticMarket
}

/**
 * Batches into one symbol's object on a bare workerd: journaled to disk, applied and acknowledged, with every figure of
 * the frame computed twice a second and shown to a viewer, as always.
 */
export async function benchIngest(): Promise<BenchReport> {
  const server = await startWorkerd()
  try {
    const profile = profileOf(SYMBOL)
    if (profile === null) throw new Error('expected a synthetic SPX')
    const market = new SyntheticMarket(profile, 1, START_MS)
    const client = createIngestClient(server, SYMBOL)
    for (const batch of client.seal(market.snapshot())) await client.post(batch)
    const rig = { server, client, market, watch: await watchFrames(server, SYMBOL) }
    const lone = await loneTicks(rig)
    const paced = await pacedTicks(rig)
    const flood = await floodOfTicks(rig)
    rig.watch.close()
    return {
      results: [...lone.results, ...paced.results, ...flood.results],
      gates: [
        atLeast(
          `updates/s into one object ÷ ${TARGET.updatesPerSecond}`,
          flood.updatesPerSecond / TARGET.updatesPerSecond,
          1,
        ),
        atLeast(
          `${TARGET.acknowledgedWithinMs} ms ÷ p99 of acknowledgements at 20,000 updates/s`,
          TARGET.acknowledgedWithinMs / paced.p99Ms,
          1,
        ),
        atLeast(
          `${TARGET.frameWithinMs} ms ÷ p99 from a tick posted to its frame received`,
          TARGET.frameWithinMs / lone.p99Ms,
          1,
        ),
      ],
    }
  } finally {
    await server.remove()
  }
}

/** A change after a pause: posted, journaled, valued and shown. */
async function loneTicks({ client, market, watch }: Rig) {
  const delays: number[] = []
  for (let i = 0; i < LONE_TICKS; i++) {
    await pause(LONE_EVERY_MS)
    const ticks = market.advance(LONE_EVERY_MS)
    const [batch = new Uint8Array()] = client.seal(ticks)
    const shown = watch.shows(market.nowMs)
    const postedMs = performance.now()
    await client.post(batch)
    delays.push((await shown) - postedMs)
  }
  const { p50Ms, p99Ms } = ranks(delays)
  return { p99Ms, results: [result('tick posted → frame received, after a pause', { p50Ms, p99Ms })] }
}

/** 20,000 updates a second, in a batch every 100 ms. */
async function pacedTicks({ server, client, market, watch }: Rig) {
  const delays: number[] = []
  const shown: Promise<number>[] = []
  const posts: Promise<void>[] = []
  const before = processorMs(server.pid)
  const batches = prepared(client, market, PACED_BATCHES)
  const beganMs = performance.now()
  for (const [i, { bytes, asOfMs }] of batches.entries()) {
    await pause(beganMs + i * PACED_EVERY_MS - performance.now())
    const postedMs = performance.now()
    shown.push(watch.shows(asOfMs).then((atMs) => atMs - postedMs))
    posts.push(client.post(bytes).then(() => void delays.push(performance.now() - postedMs)))
  }
  await Promise.all(posts)
  const elapsedMs = performance.now() - beganMs
  const cores = (processorMs(server.pid) - before) / elapsedMs
  const acknowledged = ranks(delays)
  const seen = ranks(await Promise.all(shown))
  return {
    p99Ms: acknowledged.p99Ms,
    results: [
      result('20,000 updates/s: acknowledged', { ...acknowledged, serverCores: significant(cores, 2) }),
      result('20,000 updates/s: tick posted → frame received, cadence of 500 ms included', seen),
    ],
  }
}

/** As much as it takes, with as many batches on the way as a bridge has. */
async function floodOfTicks({ server, client, market, watch }: Rig) {
  const batches = prepared(client, market, FLOOD_BATCHES)
  const framesBefore = watch.frames()
  const cpuBefore = processorMs(server.pid)
  const beganMs = performance.now()
  const delays: number[] = []
  let next = 0
  const sendNext = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const postedMs = performance.now()
      await client.post(batch.bytes)
      delays.push(performance.now() - postedMs)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendNext))
  const seconds = (performance.now() - beganMs) / 1000
  const updates = FLOOD_BATCHES * BATCH_TICKS
  const updatesPerSecond = Math.round(updates / seconds)
  const microseconds = ((processorMs(server.pid) - cpuBefore) * 1000) / updates
  const figure = {
    updatesPerSecond,
    ...ranks(delays),
    cpuMicrosecondsPerUpdate: significant(microseconds, 3),
    framesPerSecond: significant((watch.frames() - framesBefore) / seconds, 2),
  }
  return { updatesPerSecond, results: [result('flood of updates, 4 batches on the way', figure)] }
}

/** Batches of `BATCH_TICKS` each, in sequence. Made beforehand, because making them costs more than applying them. */
function prepared(client: IngestClient, market: SyntheticMarket, count: number) {
  const held: Tick[] = []
  return Array.from({ length: count }, () => {
    while (held.length < BATCH_TICKS) held.push(...market.advance(PACED_EVERY_MS))
    const ticks = held.splice(0, BATCH_TICKS)
    const asOfMs = ticks.reduce(
      (newest, tick) => ('eventMs' in tick ? Math.max(newest, tick.eventMs) : newest),
      0,
    )
    const [bytes = new Uint8Array()] = client.seal(ticks)
    return { bytes, asOfMs }
  })
}

function result(work: string, figure: Readonly<Record<string, number>>): BenchResult {
  return { work, impl: 'Flipwire', runtime: 'workerd', figure }
}

function ranks(delaysMs: readonly number[]): { readonly p50Ms: number; readonly p99Ms: number } {
  const sorted = [...delaysMs].sort((a, b) => a - b)
  const rank = (share: number): number =>
    significant(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN, 3)
  return { p50Ms: rank(0.5), p99Ms: rank(0.99) }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
