import { describe, expect, it } from 'vitest'
import type { BatchHeader } from '#schemas/ingest/batch'
import { MISSING_REASONS, type Tick } from '#schemas/tick'
import { MAX_CONTRACTS } from '#quant/chain/admission'
import { emptyState, type LiveState } from '../state.ts'
import { CONTRACTS, deliver, encoded, NOW_MS, openingTicks, quote, trade, underlying } from '../testkit.ts'
import { sessionVolumeOf } from './sessionDates.ts'
import { stateHash } from './stateHash.ts'

const FIRST = 1
const DAY_MS = 86_400_000

function opened(fields: Partial<BatchHeader> = {}): LiveState {
  const state = emptyState()
  expect(deliver(state, encoded(fields, openingTicks()))).toMatchObject({ ok: true, flagged: 0 })
  return state
}

function rowOf({ book }: LiveState, contractId = FIRST): number {
  const row = book.rowOfId.get(contractId)
  if (row === undefined) throw new Error(`no row for ${contractId}`)
  return row
}

const held = (state: LiveState, contractId = FIRST) => {
  const { bid, ask, missing, last, volume, openInterest } = state.book.columns
  const row = rowOf(state, contractId)
  return {
    bid: bid[row],
    ask: ask[row],
    missing: MISSING_REASONS[missing[row] ?? -1],
    last: last[row],
    volume: volume[row],
    openInterest: openInterest[row],
  }
}

const openInterest = (contracts: number, tradeDate: string): Tick => ({
  kind: 'openInterest',
  contractId: FIRST,
  openInterest: contracts,
  tradeDate,
})

const next = (state: LiveState, ticks: readonly Tick[], fields: Partial<BatchHeader> = {}) =>
  deliver(state, encoded({ sequence: 2, ...fields }, ticks))

describe('applyBatch', () => {
  it('keeps the newest quote and ignores a late one', () => {
    const state = opened()
    next(state, [quote(FIRST, 5, 6, NOW_MS + 2), quote(FIRST, 3, 4, NOW_MS + 1)])
    expect(held(state)).toMatchObject({ bid: 5, ask: 6 })
    expect(state.book.lateTicks).toBe(1)
    expect(state.book.asOfMs).toBe(NOW_MS + 2)
  })

  it.each([
    ['not a number', Number.NaN, 6, Number.NaN, 6],
    ['infinite', 5, Number.POSITIVE_INFINITY, 5, Number.NaN],
    ['negative', -1, 6, Number.NaN, 6],
    ['absurd', 5, 1e308, 5, Number.NaN],
  ])('records a side that is %s as missing and counts it', (_, bid, ask, heldBid, heldAsk) => {
    const state = opened()
    const bad = { ...quote(FIRST, 5, 6, NOW_MS + 1), bid, ask }
    expect(next(state, [bad])).toMatchObject({ ok: true, flagged: 1 })
    expect(held(state)).toMatchObject({ bid: heldBid, ask: heldAsk, missing: 'invalid' })
  })

  it.each([
    ['crossed', 7, 6],
    ['locked', 6, 6],
  ])('keeps a %s market as sent and counts it', (_, bid, ask) => {
    const state = opened()
    expect(next(state, [quote(FIRST, bid, ask, NOW_MS + 1)])).toMatchObject({ flagged: 1 })
    expect(held(state)).toMatchObject({ bid, ask })
  })

  it('takes an absent side with its reason for a fact, not for a fault', () => {
    const state = opened()
    expect(next(state, [quote(FIRST, null, 0.05, NOW_MS + 1)])).toMatchObject({ flagged: 0 })
    expect(held(state)).toMatchObject({ bid: Number.NaN, ask: 0.05, missing: 'no_bid' })
  })

  it('passes over a quote from the future of a live market, and moves no clock for it', () => {
    const state = opened()
    expect(next(state, [quote(FIRST, 5, 6, NOW_MS + DAY_MS)])).toMatchObject({ flagged: 1 })
    expect(state.book.asOfMs).toBe(NOW_MS)
  })

  it('adds prints up and lets the newest be the last price', () => {
    const state = opened()
    next(state, [trade(FIRST, 5, 10, NOW_MS + 2), trade(FIRST, 4, 3, NOW_MS + 1)])
    expect(held(state)).toMatchObject({ last: 5, volume: 13 })
  })

  it('counts a print whose price or time is damaged, but believes neither', () => {
    const state = opened()
    const answer = next(state, [trade(FIRST, Number.NaN, 10, NOW_MS), trade(FIRST, 5, 4, Number.NaN)])
    expect(answer).toMatchObject({ flagged: 2 })
    expect(held(state)).toMatchObject({ last: Number.NaN, volume: 14 })
  })

  it('starts volume over with the session, and shows none of yesterday', () => {
    const state = opened()
    const monday = NOW_MS + 3 * DAY_MS
    next(state, [trade(FIRST, 5, 10, NOW_MS), trade(FIRST + 1, 5, 20, NOW_MS)])
    next(state, [trade(FIRST, 6, 7, monday)], { sequence: 3, createdMs: monday })
    expect(sessionVolumeOf(state.book, rowOf(state))).toBe(7)
    expect(sessionVolumeOf(state.book, rowOf(state, FIRST + 1))).toBe(0)
    next(state, [trade(FIRST, 6, 99, NOW_MS)], { sequence: 4, createdMs: monday })
    expect(sessionVolumeOf(state.book, rowOf(state))).toBe(7)
  })

  it('sets the session total when a feed gives totals', () => {
    const state = opened()
    const total = (volume: number, eventMs: number): Tick => ({
      kind: 'sessionVolume',
      contractId: FIRST,
      volume,
      eventMs,
    })
    next(state, [trade(FIRST, 5, 10, NOW_MS), total(500, NOW_MS + 2), total(400, NOW_MS + 1)])
    expect(held(state)).toMatchObject({ volume: 500 })
    expect(next(state, [total(-1, NOW_MS + 3)], { sequence: 3 })).toMatchObject({ flagged: 1 })
  })

  it('keeps open interest of the newest trade date', () => {
    const state = opened()
    next(state, [
      openInterest(111, '2035-11-16'),
      openInterest(222, '2035-11-14'),
      openInterest(Number.NaN, '2035-11-17'),
    ])
    expect(held(state)).toMatchObject({ openInterest: 111 })
  })

  it('does not let the underlying go back in time or become nonsense', () => {
    const state = opened()
    next(state, [underlying(6_010, NOW_MS + 5), underlying(1, NOW_MS + 4), underlying(-3, NOW_MS + 6)])
    expect(state.book.underlying.price).toBe(6_010)
  })
})

describe('a batch that cannot be true', () => {
  const [contract] = CONTRACTS as [(typeof CONTRACTS)[number]]
  const define = (fields: Partial<typeof contract>) => [{ ...contract, contractId: 900, ...fields }]
  it.each<[string, readonly Tick[], string, string]>([
    [
      'an unknown contract in a quote',
      [quote(FIRST, 5, 6), quote(77_777, 1, 2)],
      'batch_unknown_contract',
      'quotes.contractId[1]',
    ],
    [
      'an unknown contract in a print',
      [trade(77_777, 1, 2)],
      'batch_unknown_contract',
      'trades.contractId[0]',
    ],
    ['a strike of zero', define({ strike: 0 }), 'batch_field', 'contracts.strike[0]'],
    ['a strike that is not a number', define({ strike: Number.NaN }), 'batch_field', 'contracts.strike[0]'],
    [
      'a date that does not exist',
      define({ expiryDate: '2026-02-30' }),
      'batch_field',
      'contracts.expiryDate[0]',
    ],
    ['a multiplier of zero', define({ multiplier: 0 }), 'batch_field', 'contracts.multiplier[0]'],
    ['an infinite multiplier', define({ multiplier: Infinity }), 'batch_field', 'contracts.multiplier[0]'],
    ['a root that is none', define({ root: 'no root' }), 'batch_field', 'contracts.strike[0]'],
    [
      'an id that changes its contract',
      define({ contractId: FIRST, strike: 1 }),
      'batch_field',
      'contracts.contractId[0]',
    ],
    ['open interest of no date', [openInterest(1, '2026-13-01')], 'batch_field', 'openInterest.tradeDate[0]'],
  ])('is refused whole for %s', async (_, ticks, code, field) => {
    const state = opened()
    const before = await stateHash(state.book)
    const answer = next(state, [trade(FIRST, 9, 9), ...ticks])
    // The leading print shifts the index of other prints.
    expect(answer).toMatchObject({
      ok: false,
      code,
      field: field.replace('trades.contractId[0]', 'trades.contractId[1]'),
    })
    expect(await stateHash(state.book)).toBe(before)
    expect(next(state, [quote(FIRST, 5, 6)])).toMatchObject({ ok: true })
  })

  it('is refused for more contracts than a symbol may have', () => {
    const state = emptyState()
    const many = Array.from({ length: MAX_CONTRACTS }, (_, i) => ({
      ...contract,
      contractId: i,
      strike: i + 1,
    }))
    const parts = [0, 12_000, 24_000].map((from) => many.slice(from, from + 12_000))
    parts.forEach((part, i) => {
      expect(deliver(state, encoded({ sequence: i + 1 }, part))).toMatchObject({ ok: true })
    })
    const oneMore = { ...contract, contractId: MAX_CONTRACTS, strike: MAX_CONTRACTS + 1 }
    expect(deliver(state, encoded({ sequence: 4 }, [oneMore]))).toMatchObject({
      code: 'contract_limit',
      field: 'contracts',
    })
    expect(state.book.count).toBe(MAX_CONTRACTS)
  })

  it('is refused by the object of another symbol', () => {
    expect(deliver(emptyState(), encoded({}, openingTicks()), 'NDX')).toMatchObject({ code: 'batch_symbol' })
  })
})

describe('a new epoch', () => {
  it('leaves no trace once everything is defined and quoted again, prints included', async () => {
    const opening = [...openingTicks(), trade(FIRST, 6, 5, NOW_MS)]
    const once = emptyState()
    deliver(once, encoded({}, opening))
    const restarted = emptyState()
    deliver(restarted, encoded({}, opening))
    next(restarted, openingTicks(), { epoch: 2, sequence: 1 })
    expect(await stateHash(restarted.book)).toBe(await stateHash(once.book))
  })

  it('takes a print of the new life even when its clock is behind', () => {
    const state = opened()
    next(state, [trade(FIRST, 6, 5, NOW_MS + 1)])
    next(state, [...openingTicks(), trade(FIRST, 7, 2, NOW_MS)], { epoch: 2, sequence: 1 })
    expect(held(state)).toMatchObject({ last: 7, volume: 7 })
  })

  const renumbered = openingTicks().map((tick) =>
    'contractId' in tick ? { ...tick, contractId: tick.contractId + 5_000 } : tick,
  )

  it('finds the same contracts under new ids and keeps their prints and open interest', () => {
    const state = opened()
    next(state, [trade(FIRST, 5, 10, NOW_MS)])
    expect(next(state, renumbered, { epoch: 2, sequence: 1 })).toMatchObject({ ok: true })
    expect(state.book.count).toBe(CONTRACTS.length)
    next(state, [trade(FIRST + 5_000, 6, 5, NOW_MS + 1)], { epoch: 2 })
    expect(held(state, FIRST + 5_000)).toMatchObject({ volume: 15, last: 6 })
    expect(next(state, [quote(FIRST, 5, 6)], { epoch: 2, sequence: 3 })).toMatchObject({
      code: 'batch_unknown_contract',
    })
  })

  it('counts a contract again only once it is defined again, with a quote of the new life', async () => {
    const state = opened()
    const [contract, other] = CONTRACTS as [Tick, Tick]
    next(state, [contract, underlying(SPOT_AFTER, NOW_MS - 60_000)], { epoch: 2, sequence: 1 })
    expect(held(state)).toMatchObject({ bid: Number.NaN, ask: Number.NaN })
    expect(state.book.asOfMs).toBe(NOW_MS - 60_000)
    const alone = emptyState()
    deliver(alone, encoded({}, [contract, underlying(SPOT_AFTER, NOW_MS - 60_000)]))
    next(alone, [openInterest(held(state).openInterest ?? 0, '2035-11-15')])
    expect(await stateHash(state.book)).toBe(await stateHash(alone.book))
    next(state, [other], { epoch: 2 })
    expect(await stateHash(state.book)).not.toBe(await stateHash(alone.book))
  })

  it.each<[string, Partial<BatchHeader>, Partial<BatchHeader>]>([
    ['another source', {}, { source: 'other' }],
    ['another kind of feed', {}, { feed: 'synthetic' }],
    ['a recording read again', { feed: 'recorded' }, { feed: 'recorded' }],
  ])('of %s starts from nothing', async (_, before, after) => {
    const state = opened(before)
    next(state, [trade(FIRST, 5, 10, NOW_MS)], before)
    next(state, renumbered, { ...after, epoch: 2, sequence: 1 })
    const fresh = emptyState()
    deliver(fresh, encoded({ ...after, epoch: 9 }, renumbered))
    expect(await stateHash(state.book)).toBe(await stateHash(fresh.book))
  })
})

const SPOT_AFTER = 5_990
