import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import type { LiveState } from '../state.ts'
import {
  CONTRACTS,
  deliver,
  encoded,
  modelQuotes,
  NOW_MS,
  openingTicks,
  quote,
  SPOT,
  stateAfter,
  trade,
  underlying,
} from '../testkit.ts'
import { SymbolAnalytics, type SymbolFigures } from './symbolAnalytics.ts'

/** A market whose figures are kept from batch to batch. */
function followed(): { state: LiveState; after: (ticks: readonly Tick[]) => SymbolFigures } {
  const state = stateAfter([encoded({}, openingTicks())])
  const analytics = new SymbolAnalytics()
  analytics.compute(state.book)
  let sequence = 1
  return {
    state,
    after: (ticks) => {
      sequence += 1
      deliver(state, encoded({ sequence }, ticks))
      return analytics.compute(state.book)
    },
  }
}

const anew = ({ book }: LiveState): SymbolFigures => new SymbolAnalytics().compute(book)

describe('figures kept from tick to tick', () => {
  it('are those of a whole valuation, bit for bit, when only counts moved', () => {
    const { state, after } = followed()
    const kept = after([
      { kind: 'openInterest', contractId: 1, openInterest: 9_000, tradeDate: '2035-11-16' },
      trade(2, 5, 300),
    ])
    const whole = anew(state)
    expect(kept.analytics?.exposures).toEqual(whole.analytics?.exposures)
    expect(kept.analytics?.exposure.local.net).not.toBe(followed().after([]).analytics?.exposure.local.net)
  })

  it('differ from a whole valuation by less than the quotes leave open', () => {
    const ticks = fc.array(
      fc.record({
        i: fc.nat(CONTRACTS.length - 1),
        shift: fc.double({ min: -0.04, max: 0.04, noNaN: true }),
      }),
      { maxLength: 4 },
    )
    const model = modelQuotes()
    fc.assert(
      fc.property(ticks, (changes) => {
        const { state, after } = followed()
        const quotes = changes.map(({ i, shift }) => {
          const at = model[i]
          if (at?.kind !== 'quote') throw new Error('expected a quote')
          return quote(at.contractId, (at.bid ?? 0) + shift, (at.ask ?? 0) + shift)
        })
        const kept = after(quotes).analytics?.exposure
        const whole = anew(state).analytics?.exposure
        const size = whole?.gross ?? Number.NaN
        expect(Math.abs((kept?.local.net ?? 0) - (whole?.local.net ?? 0))).toBeLessThan(0.02 * size)
      }),
      { numRuns: 60 },
    )
  })

  it('are valued as a whole again after five seconds of market time, a large move of spot, or many ticks', () => {
    const valuedAt = (ticks: readonly Tick[]): number => followed().after(ticks).engine.asOfMs
    const soon = NOW_MS + 4_999
    expect(valuedAt([underlying(SPOT + 1, soon)])).toBe(NOW_MS)
    expect(valuedAt([underlying(SPOT + 1, soon + 1)])).toBe(soon + 1)
    expect(valuedAt([underlying(SPOT * 1.002, soon)])).toBe(soon)
    expect(valuedAt([...modelQuotes(soon, SPOT + 1), underlying(SPOT + 1, soon)])).toBe(soon)
  })

  it('follow a new contract', () => {
    const { after } = followed()
    const [first] = CONTRACTS
    if (first?.kind !== 'contract') throw new Error('expected a contract')
    const { layout, engine } = after([{ ...first, contractId: 999, strike: first.strike + 5 }])
    expect(layout.specs).toHaveLength(CONTRACTS.length + 1)
    expect(engine.chain.count).toBe(CONTRACTS.length + 1)
  })
})
