import { describe, expect, it } from 'vitest'
import type { QuoteTick, Tick } from '#schemas/tick'
import { fakeClock } from '../clock/fakeClock.ts'
import type { Post } from '../delivery/poster.ts'
import type { Feed, FeedStep } from '../feeds/feed.ts'
import { undisputedLease } from '../testing/LeaseModel.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { direct, run, START_MS } from './pipeline.testkit.ts'
import type { PipelineOptions } from './SymbolPipeline.ts'

describe('when a live feed', () => {
  const contract: Tick = {
    kind: 'contract',
    contractId: 1,
    root: 'NVDA',
    expiryDate: '2026-12-18',
    strike: 180,
    right: 'call',
    multiplier: 100,
  }
  const quote = (n: number): QuoteTick => ({
    kind: 'quote',
    contractId: 1,
    bid: n,
    ask: n + 1,
    bidSize: 1,
    askSize: 1,
    eventMs: START_MS + n,
    missing: 'none',
  })
  const print = (n: number): Tick => ({
    kind: 'trade',
    contractId: 1,
    price: n,
    size: 1,
    eventMs: START_MS + n,
    conditionCode: 0,
    exchangeCode: 0,
    vendorSequence: n,
  })
  const live = (steps: () => AsyncGenerator<FeedStep>): Feed => ({
    symbol: 'NVDA',
    source: 'test',
    feedKind: 'live',
    identity: 'test',
    pausable: false,
    isEndless: false,
    steps,
  })

  it('outruns a dead receiver, journals every print and only conflates the quotes', async () => {
    const receiver = { current: new ReceiverModel() }
    const clock = fakeClock(START_MS)
    let alive = false
    const total = 2_000
    const feed = live(async function* () {
      yield { ticks: [contract], cursor: null }
      for (let n = 1; n <= total; n++) {
        await clock.sleep(50)
        yield { ticks: n % 10 === 0 ? [quote(n), print(n)] : [quote(n)], cursor: null }
      }
      alive = true
    })
    const post: Post = async (batch) =>
      alive ? direct(receiver)(batch) : { kind: 'unavailable', reason: 'down', retryAfterMs: null }
    const { outcome, pipeline } = await run(feed, post, temporaryDirectory())
    expect(outcome).toEqual({ kind: 'drained' })
    expect(receiver.current.prints).toHaveLength(total / 10)
    expect(pipeline.status.ticksSuperseded).toBeGreaterThan(total / 2)
    // One definition, the prints, and quotes only of the windows before the receiver was behind and of the last.
    expect(pipeline.status.ticksJournaled).toBeLessThanOrEqual(1 + total / 10 + 12)
    expect(pipeline.status).toMatchObject({ ticksHeld: 0, batchesUnacknowledged: 0, phase: 'idle' })
    const reference = { current: new ReceiverModel() }
    const everything = live(async function* () {
      yield {
        ticks: [contract, ...Array.from({ length: total / 10 }, (_, i) => print(10 * i + 10))],
        cursor: null,
      }
      yield { ticks: [quote(total)], cursor: null }
    })
    await run(everything, direct(reference), temporaryDirectory())
    expect(receiver.current.hash()).toBe(reference.current.hash())
  })

  it('outruns a dead receiver until the journal is full, stops loudly and still delivers what it took in', async () => {
    const receiver = { current: new ReceiverModel() }
    const clock = fakeClock(START_MS)
    let alive = false
    const feed = live(async function* () {
      yield { ticks: [contract], cursor: null }
      try {
        for (let n = 1; ; n++) {
          await clock.sleep(50)
          yield { ticks: [quote(n), print(n)], cursor: null }
        }
      } finally {
        alive = true
      }
    })
    const post: Post = async (batch) =>
      alive ? direct(receiver)(batch) : { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: 1_000 }
    const { outcome, pipeline } = await run(feed, post, temporaryDirectory(), { maxBytes: 20_000 })
    expect(outcome).toMatchObject({ kind: 'failed' })
    expect(outcome.kind === 'failed' && outcome.detail).toMatch(
      / is full: \d+ unacknowledged batches in \d+ bytes, the limit is 20000$/,
    )
    expect(pipeline.status).toMatchObject({ batchesUnacknowledged: 0, phase: 'stopped' })
    // In order from the first, none twice; what came after the journal was full was never promised.
    const kept = receiver.current.prints.length
    expect(kept).toBeGreaterThan(0)
    expect(receiver.current.prints).toEqual(Array.from({ length: kept }, (_, i) => `${i + 1} ${i + 1} x 1`))
  })

  it('is another bridge’s by now, is stopped at once and not dialled again before the lease is back', async () => {
    const receiver = { current: new ReceiverModel() }
    const dials: number[] = []
    let running = 0
    const lease = undisputedLease()
    let grants = 0
    const counted: PipelineOptions['lease'] = {
      async acquire(...args) {
        expect(running).toBe(0)
        grants++
        return lease.acquire(...args)
      },
    }
    const clock = fakeClock(START_MS)
    const feed: Feed = {
      ...live(async function* () {}),
      async *steps(_, signal) {
        dials.push(grants)
        running++
        try {
          yield { ticks: [contract], cursor: null }
          for (let n = 1; n <= 200 && !signal.aborted; n++) {
            await clock.sleep(10)
            if (n === 50 && dials.length < 3) lease.lose()
            yield { ticks: [quote(1_000 * dials.length + n), print(1_000 * dials.length + n)], cursor: null }
          }
        } finally {
          running--
        }
      },
    }
    const { outcome, logs } = await run(feed, direct(receiver), temporaryDirectory(), { lease: counted })
    expect(outcome).toEqual({ kind: 'drained' })
    expect(dials).toEqual([1, 2, 3])
    expect(logs.filter(({ event }) => event === 'taken_over')).toHaveLength(2)
    // Two lives cut short before their 50th print and one whole one: nothing taken in was lost.
    expect(receiver.current.prints).toHaveLength(49 + 49 + 200)
  })

  it.each<[string, () => Promise<never>]>([
    ['never does', () => new Promise(() => undefined)],
    ['does so with an error', () => Promise.reject(new Error('aborted'))],
  ])('is told to end and %s, lets its bridge be a standby again', async (_, ended) => {
    const receiver = { current: new ReceiverModel() }
    const lease = undisputedLease()
    let dials = 0
    const feed: Feed = {
      ...live(async function* () {}),
      async *steps(_after, signal) {
        dials++
        yield { ticks: [contract, print(dials)], cursor: null }
        if (dials > 1) return
        const told = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        lease.lose()
        await told
        await ended()
      },
    }
    const { outcome } = await run(feed, direct(receiver), temporaryDirectory(), { lease })
    expect(outcome).toEqual({ kind: 'drained' })
    expect(dials).toBe(2)
    expect(lease.ended).toEqual([true, false])
    expect(receiver.current.prints).toHaveLength(2)
  })

  it('fails, delivers what came before and says why', async () => {
    const receiver = { current: new ReceiverModel() }
    const feed = live(async function* () {
      yield { ticks: [contract, quote(1)], cursor: null }
      throw new Error('the vendor hung up')
    })
    const { outcome } = await run(feed, direct(receiver), temporaryDirectory())
    expect(outcome).toEqual({ kind: 'failed', detail: 'the vendor hung up' })
    expect(receiver.current.contracts).toBe(1)
  })
})
