import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import type { ChainPage } from '#schemas/rest/models'
import { ChainStore } from '../store/chainStore.ts'
import { encoded, modelQuotes, NOW_MS, openingTicks, SPOT, underlying } from '../testkit.ts'
import {
  chainOf,
  countRows,
  hashOf,
  holdClock,
  newSymbol,
  opened,
  post,
  runAlarmAt,
  type Stub,
} from '../workerd.testkit.ts'
import { KEEP_EVERY_MS, SETTLING_MS } from './keptStates.ts'
import { KeptStore } from './keptStore.ts'

holdClock()

const MINUTE_MS = 60_000
const DELAY_MS = 15 * MINUTE_MS
const ALL = { limit: 1_000 }

/** Ticks until `minutes` after the opening, one batch a minute, with the alarm running; and what the chain was when. */
async function trade(market: { symbol: string; stub: Stub }, from: number, minutes: number) {
  const was = new Map<number, { readonly hash: string; readonly chain: ChainPage }>()
  const { symbol, stub } = market
  for (let minute = from; minute <= minutes; minute++) {
    const atMs = NOW_MS + minute * MINUTE_MS
    vi.setSystemTime(atMs)
    const ticks = [...modelQuotes(atMs, SPOT + minute), underlying(SPOT + minute, atMs)]
    // oxlint-disable no-await-in-loop -- time passes in order
    expect(await post(stub, encoded({ symbol, sequence: 1 + minute, createdMs: atMs }, ticks))).toMatchObject(
      {
        ok: true,
      },
    )
    await runAlarmAt(stub, atMs + SETTLING_MS)
    was.set(minute, { hash: await hashOf(stub), chain: await chainOf(stub, ALL) })
    // oxlint-enable no-await-in-loop
  }
  return was
}

describe('the chain of a live market', () => {
  it('is the one of then to a free caller, with its own time, hash and position, and says so', async () => {
    const market = await opened('live')
    const was = await trade(market, 1, 21)
    const { data, meta } = await chainOf(market.stub, ALL, 'free')
    // Kept at 1, 5, 9 … minutes; the newest of at least 15 minutes ago, at 21:15, is that of 5.
    const then = was.get(5)
    expect(data.stateHash).toBe(then?.hash)
    expect(meta).toMatchObject({
      asOf: new Date(NOW_MS + 5 * MINUTE_MS).toISOString(),
      epoch: then?.chain.meta.epoch,
      sequence: then?.chain.meta.sequence,
      feed: 'delayed',
      quality: { freshness: 'fresh', flags: ['DELAYED'] },
    })
    expect(data.delay).toEqual({ atLeastMs: DELAY_MS, requiredTier: 'pro' })
    const quotesOf = ({ data: { rows } }: ChainPage) =>
      rows.map(({ contract, bid, ask, quoteAsOf }) => ({ contract, bid, ask, quoteAsOf }))
    expect(quotesOf({ data, meta })).toEqual(quotesOf(then?.chain as ChainPage))

    const paid = await chainOf(market.stub, ALL, 'pro')
    expect(paid).toEqual(was.get(21)?.chain)
    expect(paid.data.delay).toBeNull()
  })

  it('is not there for a free caller before it can be old enough', async () => {
    const market = await opened('live')
    const early = await market.stub.readChain(ALL, 'free')
    expect(early).toEqual({ fromMs: NOW_MS + SETTLING_MS + DELAY_MS })
    await runAlarmAt(market.stub, NOW_MS + SETTLING_MS)
    await post(market.stub, encoded({ symbol: market.symbol, sequence: 2, createdMs: NOW_MS + 20_000 }, []))
    vi.setSystemTime(NOW_MS + DELAY_MS - 1)
    const still = await market.stub.readChain(ALL, 'free')
    expect(still).toEqual({ fromMs: NOW_MS + SETTLING_MS + DELAY_MS })
    vi.setSystemTime(NOW_MS + SETTLING_MS + DELAY_MS)
    expect((await chainOf(market.stub, ALL, 'free')).data.delay).not.toBeNull()
  })

  it('is the newest to everybody once the feed has been quiet for as long', async () => {
    const { stub } = await opened('live')
    await runAlarmAt(stub, NOW_MS + SETTLING_MS)
    vi.setSystemTime(NOW_MS + DELAY_MS + MINUTE_MS)
    const free = await chainOf(stub, ALL, 'free')
    expect(free).toEqual(await chainOf(stub, ALL, 'pro'))
    expect(free.meta).toMatchObject({ feed: 'live', quality: { freshness: 'stale' } })
  })

  it('survives an eviction, kept states and all', async () => {
    const market = await opened('live')
    await trade(market, 1, 18)
    const before = await chainOf(market.stub, ALL, 'free')
    await evictDurableObject(market.stub)
    expect(await chainOf(market.stub, ALL, 'free')).toEqual(before)
  })

  it('stays of one instant while a caller pages through it', async () => {
    const market = await opened('live')
    await trade(market, 1, 19)
    const whole = await chainOf(market.stub, ALL, 'free')
    const first = await chainOf(market.stub, { limit: 20 }, 'free')
    await trade(market, 20, 21)
    expect((await chainOf(market.stub, ALL, 'free')).data.stateHash).not.toBe(whole.data.stateHash)
    const cursor = first.data.nextCursor ?? ''
    const second = await chainOf(market.stub, { limit: 20, cursor }, 'free')
    expect(second.data.stateHash).toBe(whole.data.stateHash)
    expect([...first.data.rows, ...second.data.rows]).toEqual(whole.data.rows)
    expect(second.data.nextCursor).toBeNull()
  })

  it('does not come nearer by a cursor that names a younger state', async () => {
    const market = await opened('live')
    await trade(market, 1, 19)
    const allowed = await chainOf(market.stub, ALL, 'free')
    const contract = allowed.data.rows[0]?.contract ?? ''
    for (let minute = 0; minute <= 20; minute++) {
      const takenMs = NOW_MS + minute * MINUTE_MS + SETTLING_MS
      // oxlint-disable-next-line no-await-in-loop -- few
      const { meta } = await chainOf(market.stub, { limit: 5, cursor: `${contract}@${takenMs}` }, 'free')
      expect(Date.parse(meta.asOf ?? '')).toBeLessThanOrEqual(Date.now() - DELAY_MS)
    }
    for (const cursor of ['@', '@1', `${contract}@x`, `${contract}@1e999`, `${contract}@1@2`]) {
      // oxlint-disable-next-line no-await-in-loop -- few
      const { data } = await chainOf(market.stub, { limit: 5, cursor }, 'free')
      expect(data.stateHash).toBe(allowed.data.stateHash)
    }
  })

  it('keeps a handful of states and no more, in rows it uses again', async () => {
    const market = await opened('live')
    await trade(market, 1, 40)
    expect(await countRows(market.stub, 'delayed')).toBe(6)
    await trade(market, 41, 60)
    expect(await countRows(market.stub, 'delayed')).toBeLessThanOrEqual(6)
  })

  it('falls back on an older state when one is damaged', async () => {
    const market = await opened('live')
    await trade(market, 1, 21)
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await runInDurableObject(market.stub, (_, { storage }) => {
      const { kept } = new KeptStore(storage, new ChainStore(storage))
      const five = kept.find(({ takenMs }) => takenMs === NOW_MS + 5 * MINUTE_MS + SETTLING_MS)
      storage.sql.exec('UPDATE delayed SET bytes = zeroblob(9) WHERE piece = ?', (five?.slot ?? -1) * 1_000)
    })
    const { meta } = await chainOf(market.stub, ALL, 'free')
    expect(meta.asOf).toBe(new Date(NOW_MS + MINUTE_MS).toISOString())
    expect(logged.mock.calls.flat().join()).toContain('delayed_state_damaged')
    expect(await countRows(market.stub, 'delayed')).toBe(5)
  })
})

describe('another kind of feed', () => {
  it.each(['synthetic', 'recorded'] as const)(
    '%s is read as it is by everybody, and keeps nothing',
    async (feed) => {
      const { stub } = await opened(feed)
      await runAlarmAt(stub, NOW_MS + KEEP_EVERY_MS)
      expect((await chainOf(stub, ALL, 'free')).data).toMatchObject({ delay: null })
      expect(await countRows(stub, 'delayed')).toBe(0)
    },
  )

  it('taking the place of a live one lets go of what was kept', async () => {
    const market = await opened('live')
    await trade(market, 1, 8)
    expect(await countRows(market.stub, 'delayed')).toBeGreaterThan(0)
    const atMs = NOW_MS + 9 * MINUTE_MS
    vi.setSystemTime(atMs)
    const synthetic = { symbol: market.symbol, feed: 'synthetic', epoch: 2, createdMs: atMs } as const
    await post(market.stub, encoded(synthetic, openingTicks(atMs)))
    await runAlarmAt(market.stub, atMs)
    expect(await countRows(market.stub, 'delayed')).toBe(0)
    expect((await chainOf(market.stub, ALL, 'guest')).meta.feed).toBe('synthetic')
  })
})

describe('a state of several pieces', () => {
  it('comes back as it was, and a shorter one in its place leaves nothing of it', async () => {
    const { stub } = newSymbol()
    await runInDurableObject(stub, (_, { storage }) => {
      const store = new KeptStore(storage, new ChainStore(storage))
      const bytes = new Uint8Array(2.5 * 1024 * 1024).map((__, i) => i % 251)
      const about = { takenMs: 1, newestMs: 1, epoch: 1, sequence: 1 }
      store.keep([], about, bytes)
      const again = new KeptStore(storage, new ChainStore(storage))
      expect(again.kept).toEqual([{ ...about, slot: 0, pieces: 3 }])
      expect(again.kept.map((state) => again.read(state).every((byte, i) => byte === i % 251))).toEqual([
        true,
      ])
      again.keep([], { ...about, takenMs: 2 }, bytes.subarray(0, 10))
      expect(again.kept.map((state) => again.read(state))).toEqual([bytes.slice(0, 10)])
    })
    expect(await countRows(stub, 'delayed')).toBe(1)
  })
})
