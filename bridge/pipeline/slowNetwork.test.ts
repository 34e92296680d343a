import { describe, expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import { manualClock } from '../clock/manualClock.ts'
import { readAnswer } from '../delivery/answer.ts'
import { DEFAULT_DELIVERY } from '../delivery/delivery.ts'
import type { Post } from '../delivery/poster.ts'
import type { Feed } from '../feeds/feed.ts'
import { Random } from '../feeds/synthetic/Random.ts'
import { Journal } from '../journal/Journal.ts'
import { undisputedLease } from '../testing/LeaseModel.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { sealWindow } from './sealWindow.ts'
import { SymbolPipeline } from './SymbolPipeline.ts'

const RUN_MS = 60_000
const PRINT_EVERY_MS = 25

const contract: Tick = {
  kind: 'contract',
  contractId: 1,
  root: 'NVDA',
  expiryDate: '2026-12-18',
  strike: 180,
  right: 'call',
  multiplier: 100,
}
const print = (n: number, eventMs: number): Tick => ({
  kind: 'trade',
  contractId: 1,
  price: n,
  size: 1,
  eventMs,
  conditionCode: 0,
  exchangeCode: 0,
  vendorSequence: n,
})

/**
 * A live symbol that prints 40 times a second, over a network that takes `latencyMs` there and back on average and lets requests
 * and answers overtake each other.
 */
async function stream(latencyMs: number, seed: number) {
  const { clock, pass } = manualClock()
  const [network, jitter] = [new Random(seed, 'network'), new Random(seed, 'jitter')]
  const receiver = new ReceiverModel()
  let prints = 0
  const feed: Feed = {
    symbol: 'NVDA',
    source: 'test',
    feedKind: 'live',
    identity: 'test',
    pausable: false,
    isEndless: false,
    async *steps(_, signal) {
      yield { ticks: [contract], cursor: null }
      while (!signal.aborted) {
        yield { ticks: [print(++prints, clock.now())], cursor: null }
        await clock.sleep(PRINT_EVERY_MS, signal)
      }
    },
  }
  const oneWay = () => clock.sleep(Math.ceil(network.uniform() * latencyMs))
  const post: Post = async (batch) => {
    await oneWay()
    const { status, body } = receiver.receive(batch)
    await oneWay()
    return readAnswer(status, null, JSON.stringify(body), clock.now())
  }
  const journal = new Journal(temporaryDirectory(), { fsync: false })
  const pipeline = new SymbolPipeline({
    feed,
    journal,
    lease: undisputedLease(),
    post,
    clock,
    random: () => jitter.uniform(),
    delivery: DEFAULT_DELIVERY,
    window: sealWindow(100),
    highWaterBatches: 32,
    shutdownMs: 5_000,
    log: () => undefined,
  })
  const shutdown = new AbortController()
  const ended = pipeline.run(shutdown.signal)
  let mostUnacknowledged = 0
  let mostPrintsBehind = 0
  for (let ms = 0; ms < RUN_MS; ms += 100) {
    // oxlint-disable-next-line no-await-in-loop -- one look after another
    await pass(100)
    mostUnacknowledged = Math.max(mostUnacknowledged, pipeline.status.batchesUnacknowledged)
    mostPrintsBehind = Math.max(mostPrintsBehind, prints - receiver.prints.length)
  }
  shutdown.abort()
  await pass(20_000)
  const outcome = await ended
  journal.close()
  return {
    outcome,
    prints,
    receiver,
    mostUnacknowledged,
    mostSecondsBehind: (mostPrintsBehind * PRINT_EVERY_MS) / 1000,
  }
}

describe('over a slow network that reorders', () => {
  it.each([50, 200, 400, 800])('of %i ms, what is behind stays bounded', async (latencyMs) => {
    for (const seed of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const { outcome, prints, receiver, mostUnacknowledged, mostSecondsBehind } = await stream(
        latencyMs,
        seed,
      )
      expect(outcome).toEqual({ kind: 'interrupted', batchesLeft: 0 })
      expect(receiver.prints).toHaveLength(prints)
      expect(mostUnacknowledged).toBeLessThanOrEqual(DEFAULT_DELIVERY.window)
      expect(mostSecondsBehind).toBeLessThan(8)
    }
  })
})
