import { describe, expect, test } from 'vitest'
import { SAMPLE_NOW_MS } from '../../chain/sampleChain.ts'
import { addPrint, emptyFlow } from '../../flow/flowState.ts'
import type { DecayedSums } from '../../flow/decayedSums.ts'
import { explainSample } from '../explainSample.ts'
import type { Explanation } from '../explain.ts'
import { NO_HISTORY } from '../marketHistory.ts'
import { sampleView } from '../sampleView.ts'

const MINUTE_MS = 60_000
const GREEKS = { spot: 5800, delta: 0.5, gamma: 0.002, vega: 300 }

/** Ten contracts bought at the ask, `count` times, at this instant. */
function bought(count: number, delta = GREEKS.delta): DecayedSums {
  const state = emptyFlow()
  const quote = { bid: 4, ask: 5, quoteMs: SAMPLE_NOW_MS }
  const print = {
    contract: 'X',
    price: 5,
    size: 10,
    eventMs: SAMPLE_NOW_MS,
    conditionCode: 0,
    multiplier: 100,
  }
  for (let i = 0; i < count; i++) addPrint(state, 20_250_904, print, quote, 0.05, { ...GREEKS, delta })
  return state.rates
}

const read = (name: string, known: Parameters<typeof sampleView>[1] = {}): Explanation =>
  explainSample(`flowRate.${name}`, undefined, known)

describe('of prints', () => {
  const prints = bought(4)
  // The quote rule is 85 % sure of a purchase at the ask.
  const deltaFlow = (0.7 * 4 * 10 * 100 * 0.5 * 5800) / 5

  test('says direction, speed and kind', () => {
    expect(read('direction', { prints }).value).toBe('buying')
    expect(read('flowType', { prints }).value).toBe('directional')
    expect(read('basis', { prints }).value).toBe('prints')
    expect(read('coverage', { prints }).value).toBe(1)
    expect(read('magnitude', { prints }).value).toBeCloseTo(deltaFlow / 1e6, 9)
    expect(read('impliedDealerHedge', { prints }).value).toBeCloseTo(deltaFlow / 1e6, 9)
    expect(read('magnitude', { prints }).unit).toBe('million USD of the underlying per minute')
  })

  test('has columns by horizon', () => {
    const { minutes, perMinute } = read('deltaFlow', { prints }).value as Record<string, number[]>
    expect(minutes).toEqual([1, 5, 15])
    expect(perMinute?.[1]).toBeCloseTo(deltaFlow, 6)
    expect(perMinute?.[0]).toBeCloseTo(5 * deltaFlow, 6)
    const vega = read('vegaFlow', { prints }).value as Record<string, number[]>
    expect(vega['perMinute']?.[2]).toBeCloseTo((0.7 * 4 * 10 * 100 * 300 * 0.01) / 15, 6)
  })

  test('puts bought are the underlying sold', () => {
    expect(read('direction', { prints: bought(4, -0.5) }).value).toBe('selling')
    expect(read('impliedDealerHedge', { prints: bought(4, -0.5) }).value).toBeLessThan(0)
  })
})

describe('without a tape', () => {
  const sample = (minutesAgo: number, spot: number) => ({
    asOfMs: SAMPLE_NOW_MS - minutesAgo * MINUTE_MS,
    spot,
    netGex: Number.NaN,
    nearestFlip: Number.NaN,
  })
  const moved = { history: { ...NO_HISTORY, samples: [sample(9, 1), sample(4, 5790), sample(0.2, 5799)] } }

  test('hedging is predicted from gamma exposure and the move of spot, and flagged', () => {
    const gex = sampleView().analytics.exposure.finite.net ?? Number.NaN
    const perMinute = (-gex * 100 * (5800 - 5790)) / 5790 / 4 / 1e6
    const { value, flags, evidence } = read('impliedDealerHedge', moved)
    expect(value).toBeCloseTo(perMinute, 9)
    expect(flags).toEqual(['PREDICTED'])
    expect(evidence.notes[0]).toContain('M1')
    expect(read('magnitude', moved).value).toBeCloseTo(Math.abs(perMinute), 9)
    expect(read('basis', moved).value).toBe('predicted')
  })

  test('it has no kind, no flows and no share of prints', () => {
    expect(read('flowType', moved)).toMatchObject({ value: null, reason: 'predicted hedging has no kind' })
    expect(read('deltaFlow', moved)).toMatchObject({ value: null, reason: 'no prints' })
    expect(read('coverage', moved)).toMatchObject({ value: null, reason: 'no prints' })
  })

  test('and without a path of spot there is nothing', () => {
    for (const name of ['direction', 'magnitude', 'basis', 'flowType', 'gammaFlow'])
      expect(read(name)).toMatchObject({ value: null, reason: 'no prints, no recent path of spot' })
    const fresh = { history: { ...NO_HISTORY, samples: [sample(0.5, 5790)] } }
    expect(read('direction', fresh).value).toBeNull()
  })
})
