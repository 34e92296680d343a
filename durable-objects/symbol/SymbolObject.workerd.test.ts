import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { GammaFrameSchema } from '#schemas/frame/gamma'
import {
  ChainSchema,
  ExposureSchema,
  LevelsSchema,
  TimelineSchema,
  type ChainPage,
} from '#schemas/rest/models'
import { VolatilitySchema } from '#schemas/rest/volatility'
import type { ChainQuery } from './contract.ts'
import { MAX_TAIL } from './jobs.ts'
import {
  CONTRACTS,
  cut,
  encoded,
  modelQuotes,
  NOW_MS,
  openingTicks,
  quote,
  SPOT,
  trade,
  underlying,
  EPOCH,
} from './testkit.ts'
import {
  chainOf,
  countRows,
  hashOf,
  holdClock,
  newSymbol,
  opened,
  pass,
  post,
  runAlarmAt,
  tailLength,
} from './workerd.testkit.ts'

holdClock()

describe('ingest', () => {
  it('answers what was applied, what is known, and what is missing', async () => {
    const { symbol, stub } = newSymbol()
    const first = encoded({ symbol }, openingTicks())
    const position = { epoch: 1, sequence: 1 }
    expect(await post(stub, first)).toEqual({ ok: true, status: 'applied', position, flagged: 0 })
    expect(await post(stub, first)).toEqual({ ok: true, status: 'duplicate', position, flagged: 0 })
    expect(await post(stub, encoded({ symbol, sequence: 3 }, []))).toMatchObject({
      ok: false,
      code: 'sequence_gap',
      expected: { epoch: 1, sequence: 2 },
    })
    await post(stub, encoded({ symbol, epoch: 5 }, openingTicks()))
    expect(await post(stub, encoded({ symbol, epoch: 4 }, []))).toMatchObject({
      ok: false,
      code: 'stale_epoch',
    })
  })

  it('refuses a byte-for-byte repeat of a request', async () => {
    const { symbol, stub } = newSymbol()
    const bytes = encoded({ symbol }, openingTicks())
    expect(await stub.applyBatch(bytes, 'same')).toMatchObject({ ok: true })
    expect(await stub.applyBatch(bytes, 'same')).toMatchObject({ ok: false, code: 'replayed_request' })
  })

  it('refuses damaged bytes and the batch of another symbol', async () => {
    const { symbol, stub } = newSymbol()
    const bytes = encoded({ symbol }, openingTicks())
    bytes[100] = (bytes[100] ?? 0) ^ 1
    expect(await post(stub, bytes)).toMatchObject({ ok: false, code: 'batch_checksum', field: 'crc32' })
    expect(await post(stub, bytes.slice(0, 90))).toMatchObject({ code: 'batch_truncated' })
    expect(await post(stub, encoded({ symbol: 'OTHER' }, []))).toMatchObject({ code: 'batch_symbol' })
    expect(await stub.readFeed()).toBeNull()
  })

  it('journals nothing of a refused batch and applies nothing of one it cannot journal', async () => {
    const { symbol, stub } = await opened()
    const before = await hashOf(stub)
    await post(stub, encoded({ symbol, sequence: 2 }, [trade(1, 5, 5), quote(9_999, 1, 2)]))
    expect(await tailLength(stub)).toBe(1)
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await runInDurableObject(stub, (_, { storage }) => {
      vi.spyOn(storage.sql, 'exec').mockImplementation(() => {
        throw new Error('disk full')
      })
    })
    const next = encoded({ symbol, sequence: 2 }, [trade(1, 5, 5)])
    expect(await post(stub, next)).toMatchObject({ ok: false, code: 'unavailable' })
    expect(logged.mock.calls.flat().join()).toContain('disk full')
    vi.restoreAllMocks()
    expect(await hashOf(stub)).toBe(before)
    expect(await post(stub, next)).toMatchObject({ ok: true, status: 'applied' })
  })
})

describe('reads', () => {
  it('answer null before the first batch', async () => {
    const { stub } = newSymbol()
    expect(await stub.readFeed()).toBeNull()
    expect(await stub.readFrame()).toBeNull()
    expect(await stub.readExposure()).toBeNull()
    expect(await stub.readTimeline()).toBeNull()
    expect(await stub.readLevels()).toBeNull()
    expect(await stub.readVolatility()).toBeNull()
    expect(await stub.readChain({ limit: 10 }, 'pro')).toBeNull()
  })

  it('answer what was just acknowledged, in the agreed shapes', async () => {
    const { symbol, stub } = await opened()
    const frame = v.parse(GammaFrameSchema, await stub.readFrame())
    expect(frame).toMatchObject({ symbol, epoch: EPOCH, sequence: 1, spotPrice: SPOT, asOfMs: NOW_MS })
    expect(frame.quality).toMatchObject({ freshness: 'fresh', contracts: CONTRACTS.length, flags: [] })
    expect(v.is(ExposureSchema, await stub.readExposure())).toBe(true)
    expect(v.is(LevelsSchema, await stub.readLevels())).toBe(true)
    expect(v.is(VolatilitySchema, await stub.readVolatility())).toBe(true)
    expect(v.is(TimelineSchema, await stub.readTimeline())).toBe(true)
    expect(v.is(ChainSchema, await chainOf(stub, { limit: 1_000 }))).toBe(true)
    expect(await stub.readFeed()).toEqual({ feed: 'live', source: 'test', lastSeenMs: NOW_MS })
  })

  it('do not move the stream when nothing changed, and do when the feed went quiet', async () => {
    const { stub } = await opened()
    const sequences = async () => (await stub.readFrame())?.sequence
    expect([await sequences(), await sequences()]).toEqual([1, 1])
    vi.setSystemTime(NOW_MS + 60_000)
    expect(await stub.readFrame()).toMatchObject({
      sequence: 2,
      previous: 1,
      quality: { freshness: 'stale' },
    })
  })

  it('page through the chain once, in order, whatever the page size', async () => {
    const { stub } = await opened()
    const all = await chainOf(stub, { limit: 1_000 })
    const seen: string[] = []
    for (let query: ChainQuery | null = { limit: 5 }; query !== null;) {
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const { data }: ChainPage = await chainOf(stub, query)
      seen.push(...data.rows.map(({ contract }) => contract))
      query = data.nextCursor === null ? null : { limit: 5, cursor: data.nextCursor }
    }
    expect(seen).toEqual(all.data.rows.map(({ contract }) => contract))
    expect(new Set(seen).size).toBe(CONTRACTS.length)
    const puts = await chainOf(stub, { limit: 1_000, right: 'put', expiry: '2035-12-31' })
    expect(puts.data.rows).toHaveLength(7)
  })
})

describe('what survives', () => {
  it('an eviction: same chain, next position, a new stream epoch', async () => {
    const { symbol, stub } = await opened()
    await post(stub, encoded({ symbol, sequence: 2 }, [trade(1, 5, 5), quote(2, 1, 2, NOW_MS + 1)]))
    const before = await stub.readFrame()
    const hash = await hashOf(stub)
    await evictDurableObject(stub)
    expect(await hashOf(stub)).toBe(hash)
    const after = await stub.readFrame()
    expect(after).toEqual({ ...before, epoch: EPOCH + 1, sequence: 1, previous: 0 })
    expect(await post(stub, encoded({ symbol, sequence: 2 }, []))).toMatchObject({ status: 'duplicate' })
    expect(await post(stub, encoded({ symbol, sequence: 3 }, []))).toMatchObject({ status: 'applied' })
  })

  it('a checkpoint: the tail is gone and everything else is as it was', async () => {
    const { stub } = await opened()
    await pass(stub, 0)
    vi.setSystemTime(NOW_MS + 5_000)
    const timeline = await stub.readTimeline()
    const hash = await hashOf(stub)
    await runAlarmAt(stub, NOW_MS + 15_000)
    expect(await tailLength(stub)).toBe(0)
    expect(await countRows(stub, 'checkpoint')).toBe(1)
    await evictDurableObject(stub)
    expect(await hashOf(stub)).toBe(hash)
    expect((await stub.readTimeline())?.data).toEqual(timeline?.data)
  })

  it('any re-delivery of a stream, cut anywhere, with evictions and checkpoints between any two batches', async () => {
    const ticks = [
      ...openingTicks(),
      ...modelQuotes(NOW_MS + 1_000, SPOT + 12),
      trade(3, 4.5, 7, NOW_MS + 1_500),
      trade(3, 4.6, 2, NOW_MS + 1_600),
      underlying(SPOT + 12, NOW_MS + 2_000),
    ]
    const whole = newSymbol()
    await post(whole.stub, encoded({ symbol: whole.symbol }, ticks))
    const expected = await hashOf(whole.stub)
    const step = fc.record({
      resend: fc.nat({ max: 3 }),
      after: fc.constantFrom('go on', 'go on', 'evict', 'checkpoint', 'checkpoint and evict'),
    })
    const property = fc.asyncProperty(
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.array(step, { minLength: 5, maxLength: 5 }),
      async (places, steps) => {
        const { symbol, stub } = newSymbol()
        const batches = cut(ticks, places, { symbol })
        for (const [i, bytes] of batches.entries()) {
          const { resend, after } = steps[i % steps.length] ?? { resend: 0, after: 'go on' }
          // oxlint-disable no-await-in-loop -- a stream is sequential
          expect(await post(stub, bytes)).toMatchObject({ ok: true, status: 'applied' })
          for (const again of batches.slice(Math.max(0, i - resend), i + 1)) {
            expect(await post(stub, again)).toMatchObject({ ok: true, status: 'duplicate' })
          }
          if (after.includes('checkpoint')) await runAlarmAt(stub, Date.now() + 15_000)
          if (after.includes('evict')) await evictDurableObject(stub)
          // oxlint-enable no-await-in-loop
        }
        expect(await hashOf(stub)).toBe(expected)
      },
    )
    await fc.assert(property, { numRuns: 10, seed: 20_351_116 })
  }, 60_000)

  it('a long tail: it is folded into a checkpoint without waiting for the clock', async () => {
    const { symbol, stub } = await opened()
    for (let sequence = 2; sequence <= MAX_TAIL; sequence++) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is sequential
      await post(stub, encoded({ symbol, sequence }, [underlying(SPOT, NOW_MS + sequence)]))
    }
    expect(await tailLength(stub)).toBe(MAX_TAIL)
    await runAlarmAt(stub, NOW_MS)
    expect(await tailLength(stub)).toBe(0)
  })

  it('a damaged checkpoint: it starts empty and asks for a new epoch instead of failing for good', async () => {
    const { symbol, stub } = await opened()
    await runAlarmAt(stub, NOW_MS + 15_000)
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('UPDATE checkpoint SET bytes = zeroblob(length(bytes))')
    })
    await evictDurableObject(stub)
    expect(await stub.readFrame()).toBeNull()
    expect(logged.mock.calls.flat().join()).toContain('restore_failed')
    expect(await post(stub, encoded({ symbol, sequence: 2 }, []))).toMatchObject({
      code: 'sequence_gap',
      expected: { epoch: 1, sequence: 1 },
    })
    vi.restoreAllMocks()
  })
})
