import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decayedSum, FLOW_QUANTITIES } from './decayedSums.ts'
import { addPrint, emptyFlow, type FlowState, type Print, type PrintGreeks } from './flowState.ts'

const NOW_MS = Date.UTC(2035, 10, 16, 15, 30)
const TODAY = 20_351_116
const QUOTE = { bid: 4, ask: 5, quoteMs: NOW_MS }
const GREEKS: PrintGreeks = { spot: 6_000, delta: 0.5, gamma: 0.002, vega: 300 }
const CANCEL = 201

const printed = (fields: Partial<Print> = {}): Print => ({
  contract: 'SPXW351116C06000000',
  price: 5,
  size: 10,
  eventMs: NOW_MS + 100,
  conditionCode: 0,
  multiplier: 100,
  ...fields,
})
const add = (state: FlowState, print: Print, greeks: PrintGreeks | null = GREEKS) =>
  addPrint(state, TODAY, print, QUOTE, 0.05, greeks)
const lastMinute = (state: FlowState) => {
  const at = (quantity: Parameters<typeof decayedSum>[1]) =>
    decayedSum(state.rates, quantity, 1, NOW_MS + 100)
  return { delta: at('delta'), gamma: at('gamma'), vega: at('vega'), absoluteDelta: at('absoluteDelta') }
}

describe('addPrint', () => {
  it('signs a purchase by the chance that it was one', () => {
    const state = emptyFlow()
    expect(add(state, printed())).toMatchObject({ signed: 7, unclassified: 0 })
    expect(state).toMatchObject({
      sessionDate: TODAY,
      contracts: 10,
      classifiedContracts: 10,
      premium: 5_000,
    })
    const flow = lastMinute(state)
    expect(flow.delta).toBeCloseTo(0.7 * 10 * 100 * 0.5 * 6_000, 6)
    expect(flow.gamma).toBeCloseTo(0.7 * 10 * 100 * 0.002 * 6_000 ** 2 * 0.01, 6)
    expect(flow.vega).toBeCloseTo(0.7 * 10 * 100 * 300 * 0.01, 6)
    expect(flow.absoluteDelta).toBeCloseTo(10 * 100 * 0.5 * 6_000, 6)
  })

  it('counts a leg of a package and names no side', () => {
    const state = emptyFlow()
    const effect = add(state, printed({ conditionCode: 232 }))
    expect(effect).toMatchObject({
      signed: null,
      unclassified: 10,
      aggressor: { reason: 'condition' },
    })
    expect(state).toMatchObject({ contracts: 10, classifiedContracts: 0 })
    expect(lastMinute(state).delta).toBe(0)
  })

  it('keeps the side of a print without greeks but lowers coverage', () => {
    const state = emptyFlow()
    expect(add(state, printed(), null).signed).toBeCloseTo(7, 12)
    expect(decayedSum(state.rates, 'contracts', 1, NOW_MS + 100)).toBe(10)
    expect(decayedSum(state.rates, 'valuedContracts', 1, NOW_MS + 100)).toBe(0)
    add(state, printed(), { ...GREEKS, delta: Number.NaN })
    expect(decayedSum(state.rates, 'valuedContracts', 1, NOW_MS + 100)).toBe(0)
  })

  it('starts over with the session', () => {
    const state = emptyFlow()
    add(state, printed())
    addPrint(state, TODAY + 3, printed({ size: 4 }), QUOTE, 0.05, GREEKS)
    expect(state).toMatchObject({ sessionDate: TODAY + 3, contracts: 4, classifiedContracts: 4 })
    expect(state.recent).toHaveLength(1)
  })

  it('is plain JSON', () => {
    const state = emptyFlow()
    for (const fields of [{}, { eventMs: Number.NaN }, { price: Number.NaN }, { price: Infinity }])
      add(state, printed(fields))
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  })

  it('remembers a bounded number of prints', () => {
    const state = emptyFlow()
    for (let i = 0; i < 1_000; i++) add(state, printed({ price: 4 + i / 1_000 }))
    expect(state.recent).toHaveLength(256)
    expect(state.contracts).toBe(10_000)
  })
})

describe('a cancel', () => {
  it('restores the state before its print, whatever came in between and whatever the quote is by now', () => {
    const other = fc.record({
      contract: fc.constantFrom('X', 'Y'),
      price: fc.constantFrom(3.9, 4, 4.3, 4.5, 5, 5.2),
      size: fc.integer({ min: 1, max: 500 }),
      laterMs: fc.nat(900),
    })
    const property = fc.property(fc.array(other, { maxLength: 20 }), fc.nat(20), (others, place) => {
      const [plain, disturbed] = [emptyFlow(), emptyFlow()]
      const mistaken = printed({ size: 33 })
      const at = Math.min(place, others.length)
      others.forEach(({ laterMs, ...fields }, i) => {
        if (i === at) add(disturbed, mistaken)
        for (const state of [plain, disturbed]) add(state, printed({ ...fields, eventMs: NOW_MS + laterMs }))
      })
      if (at === others.length) add(disturbed, mistaken)
      const cancel = { ...mistaken, conditionCode: CANCEL, eventMs: NOW_MS + 90_000 }
      const effect = addPrint(disturbed, TODAY, cancel, { ...QUOTE, bid: Number.NaN }, 0.05, null)
      expect(effect).toMatchObject({ unclassified: 0, aggressor: null })
      expect(effect.signed).toBeCloseTo(-23.1, 12)
      const { recent, rates, ...totals } = disturbed
      expect(recent).toEqual(plain.recent)
      expect(totals.contracts).toBe(plain.contracts)
      expect(totals.classifiedContracts).toBe(plain.classifiedContracts)
      expect(totals.premium).toBeCloseTo(plain.premium, 6)
      for (const quantity of FLOW_QUANTITIES) {
        const at = (sums: typeof rates) => decayedSum(sums, quantity, 15, NOW_MS + 60_000) / 1e8
        expect(at(rates)).toBeCloseTo(at(plain.rates), 9)
      }
    })
    fc.assert(property, { seed: 5, numRuns: 200 })
  })

  it('of a print that is not remembered takes back its contracts and no side', () => {
    const state = emptyFlow()
    add(state, printed())
    const cancel = printed({ price: 4.9, conditionCode: CANCEL })
    expect(add(state, cancel)).toEqual({ signed: null, unclassified: 0, aggressor: null })
    expect(state).toMatchObject({ contracts: 0, classifiedContracts: 10 })
  })
})

it('tolerates garbage: nothing throws and every held number stays finite', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, 1e308))
  const print = fc.record({
    contract: fc.constantFrom('', 'X'),
    price: number,
    size: number,
    eventMs: number,
    conditionCode: fc.oneof(number, fc.integer({ min: 195, max: 250 })),
    multiplier: number,
  })
  const greeks = fc.option(fc.record({ spot: number, delta: number, gamma: number, vega: number }))
  const property = fc.property(fc.array(fc.tuple(print, greeks, number), { maxLength: 20 }), (prints) => {
    const state = emptyFlow()
    for (const [one, valued, bid] of prints) {
      const effect = addPrint(state, TODAY, one, { ...QUOTE, bid }, 0.05, valued)
      expect(Number.isFinite(effect.unclassified)).toBe(true)
      expect(effect.signed === null || Number.isFinite(effect.signed)).toBe(true)
    }
    const { contracts, classifiedContracts, premium, rates } = state
    for (const held of [contracts, classifiedContracts, premium, ...rates.sums])
      expect(held).toSatisfy(Number.isFinite)
  })
  fc.assert(property, { seed: 6, numRuns: 500 })
})
