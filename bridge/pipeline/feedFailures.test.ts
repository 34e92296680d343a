import { describe, expect, it } from 'vitest'
import type { Feed } from '../feeds/feed.ts'
import { undisputedLease } from '../testing/LeaseModel.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { direct, run, START_MS } from './pipeline.testkit.ts'
import { FeedFailures, redial } from './redial.ts'

const SECOND = 1_000

/** An endless feed of which each dial does what the function says, which is told its number. */
function endless(dialled: (dial: number, signal: AbortSignal) => Promise<void>) {
  const dials: number[] = []
  const feed: Feed = {
    symbol: 'NVDA',
    source: 'test',
    feedKind: 'live',
    identity: 'test',
    pausable: false,
    isEndless: true,
    async *steps(_, signal) {
      dials.push(dials.length + 1)
      yield {
        ticks: [{ kind: 'underlying', price: 100 + dials.length, bid: null, ask: null, eventMs: START_MS }],
        cursor: null,
      }
      await dialled(dials.length, signal)
    },
  }
  return { feed, dials }
}

describe('an endless feed', () => {
  it.each<[string, () => Promise<void>]>([
    ['ends', async () => undefined],
    ['throws', () => Promise.reject(new Error('the vendor hung up'))],
  ])('that %s is dialled again, each time under an epoch of its own', async (_, fail) => {
    const receiver = { current: new ReceiverModel() }
    const lease = undisputedLease()
    const shutdown = new AbortController()
    const { feed, dials } = endless(async (dial) => (dial < 3 ? fail() : shutdown.abort()))
    const options = { lease, signal: shutdown.signal }
    const { outcome, logs, pipeline } = await run(feed, direct(receiver), temporaryDirectory(), options)
    expect(outcome).toMatchObject({ kind: 'interrupted' })
    expect(dials).toEqual([1, 2, 3])
    expect(pipeline.status.position.epoch).toBe(3)
    // It was this bridge that ended each tenure, and none was taken from it.
    expect(lease.ended).toEqual([false, false, false])
    expect(logs.filter(({ event }) => event === 'feed_failed')).toHaveLength(2)
  })

  it('that fails three times in a row is left to the standby, and says so', async () => {
    const receiver = { current: new ReceiverModel() }
    const shutdown = new AbortController()
    const { feed } = endless(async (dial) => {
      if (dial === 4) return shutdown.abort()
      throw new Error('no such key')
    })
    const options = { signal: shutdown.signal }
    const { logs, slept, pipeline } = await run(feed, direct(receiver), temporaryDirectory(), options)
    expect(logs.filter(({ event }) => event === 'feed_failed').map(({ level }) => level)).toEqual([
      'warn',
      'warn',
      'error',
    ])
    // Longer than a standby waits for a lease that it was refused.
    expect(Math.max(...slept)).toBeGreaterThanOrEqual(13 * SECOND)
    expect(pipeline.status.feedFailure).toEqual({ inARow: 3, detail: 'no such key' })
  })
})

describe('redial', () => {
  it.each([
    [1, 0.999, 999, true],
    [2, 0.5, 1_000, true],
    [3, 0, 13_000, false],
    [3, 0.5, 21_500, false],
    [1_000, 0.999, 29_983, false],
  ])('after %i in a row, by chance %f: in %i ms', (inARow, random, delayMs, keepsLease) => {
    expect(redial({ inARow, detail: '' }, random)).toEqual({ delayMs, keepsLease })
  })
})

describe('failures', () => {
  it('count in a row until a run was stable, also while that goes on', () => {
    const failures = new FeedFailures()
    failures.dialled(0)
    expect(failures.failed('a', 10 * SECOND).inARow).toBe(1)
    failures.dialled(20 * SECOND)
    expect(failures.failed('b', 79 * SECOND)).toEqual({ inARow: 2, detail: 'b' })
    failures.dialled(80 * SECOND)
    expect(failures.current(139 * SECOND)?.inARow).toBe(2)
    expect(failures.current(140 * SECOND)).toBeNull()
    expect(failures.failed('c', 141 * SECOND).inARow).toBe(1)
    expect(failures.current(1_000 * SECOND)?.inARow).toBe(1)
  })
})
