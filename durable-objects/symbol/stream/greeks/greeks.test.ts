import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { GreeksUpdateSchema, PcrUpdateSchema } from '#schemas/stream/greeksUpdate'
import { CONTRACTS, deliver, encoded, NOW_MS, openingTicks, quote, stateAfter, trade } from '../../testkit.ts'
import { LiveFrame } from '../../views/liveFrame.ts'
import { GREEKS_CADENCE_MS, GreeksFeed, greeksState } from './greeksFeed.ts'
import { greeksRows, pcrUpdate } from './greeksRows.ts'

function market() {
  const state = stateAfter([encoded({}, openingTicks())])
  let sequence = 0
  const frames = new LiveFrame('SPX', state, () => ({
    epoch: 1,
    sequence: ++sequence,
    previous: sequence - 1,
  }))
  const published = () => {
    const current = frames.current(NOW_MS, () => {})
    if (current === null) throw new Error('expected a frame')
    return current
  }
  return { state, published }
}

describe('the rows', () => {
  it('are the contracts of the front expiry, in the field names that clients know', () => {
    const { state, published } = market()
    deliver(state, encoded({ sequence: 2 }, [trade(7, 12.5, 3)]))
    const rows = greeksRows(state.book, published())
    for (const row of rows) v.parse(GreeksUpdateSchema, row)
    expect(rows).toHaveLength(14)
    const [call] = rows.filter(({ data }) => data.strike === 6_000 && data.optionType === 'CE')
    expect(call?.data).toMatchObject({
      instrumentKey: 'SPXW351116C06000000',
      symbol: 'SPX',
      expiry: '2035-11-16',
      price: 12.5,
      oi: 2_000,
      timestamp: NOW_MS,
    })
    expect(call?.data.iv).toBeCloseTo(0.15, 2)
    expect(call?.data.greeks.delta).toBeCloseTo(0.5, 1)
    expect(call?.data.greeks.theta).toBeLessThan(0)
    for (const greek of Object.values(call?.data.greeks ?? {})) expect(greek).not.toBeNull()
  })

  it('come with the put-call ratio of all contracts', () => {
    const { state, published } = market()
    const update = v.parse(PcrUpdateSchema, pcrUpdate(state.book, published()))
    const { pcr, totalCeOi, totalPeOi } = update.data
    // Per expiry four calls of 2,000 and three of 500; puts the other way round.
    expect([totalCeOi, totalPeOi, pcr]).toEqual([2 * 9_500, 2 * 8_000, 8_000 / 9_500])
  })
})

describe('the feed', () => {
  it('tells everything once, and then only what changed, once a second', () => {
    const { state, published } = market()
    const feed = new GreeksFeed(GREEKS_CADENCE_MS)
    expect(feed.delayMs(NOW_MS)).toBe(0)
    expect(feed.tell(greeksState(state.book, published()), NOW_MS)).toHaveLength(15)
    expect(feed.delayMs(NOW_MS + 1)).toBe(GREEKS_CADENCE_MS - 1)
    expect(feed.tell(greeksState(state.book, published()), NOW_MS + 1_000)).toEqual([])
    const contract = CONTRACTS.find(({ strike, right }) => strike === 6_100 && right === 'call')
    deliver(state, encoded({ sequence: 2 }, [quote(contract?.contractId ?? 0, 0.4, 0.6, NOW_MS)]))
    const told = feed.tell(greeksState(state.book, published()), NOW_MS + 2_000)
    // The call, and whatever is valued by it.
    expect(told.map((text) => JSON.parse(text).data.instrumentKey)).toContain('SPXW351116C06100000')
    expect(told.length).toBeLessThan(15)
  })
})
