import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowRate } from './flowRate.ts'
import { addPrint, emptyFlow, type Print, type PrintGreeks } from './flowState.ts'

const NOW_MS = Date.UTC(2035, 10, 16, 15, 30)
const QUOTE = { bid: 4, ask: 5, quoteMs: NOW_MS }
const CALL: PrintGreeks = { spot: 6_000, delta: 0.5, gamma: 0.002, vega: 300 }
const PUT: PrintGreeks = { ...CALL, delta: -0.5 }
const MOVE = { spot: 6_060, spotMinutesAgo: 6_000, minutes: 5 }
const [BUY, SELL] = [5, 4]

type Order = readonly [price: number, greeks: PrintGreeks | null, fields?: Partial<Print>]

function rateOf(orders: readonly Order[], nowMs = NOW_MS) {
  const state = emptyFlow()
  for (const [price, greeks, fields] of orders) {
    const print = {
      contract: 'X',
      price,
      size: 10,
      eventMs: NOW_MS,
      conditionCode: 0,
      multiplier: 100,
      ...fields,
    }
    addPrint(state, 20_351_116, print, QUOTE, 0.05, greeks)
  }
  return flowRate({ rates: state.rates, nowMs, gexFinite: 2e9, spotMove: MOVE })
}
const four = (...orders: Order[]) => [...orders, ...orders, ...orders, ...orders]

describe('flowRate of prints', () => {
  it.each<[string, Order[], string, string]>([
    ['bought calls', [[BUY, CALL]], 'buying', 'directional'],
    ['bought puts', [[BUY, PUT]], 'selling', 'directional'],
    [
      'calls bought, puts sold',
      [
        [BUY, CALL],
        [SELL, PUT],
      ],
      'buying',
      'directional',
    ],
    [
      'straddles bought',
      [
        [BUY, CALL],
        [BUY, PUT],
      ],
      'neutral',
      'volatility',
    ],
    [
      'straddles sold',
      [
        [SELL, CALL],
        [SELL, PUT],
      ],
      'neutral',
      'volatility',
    ],
    [
      'calls both ways',
      [
        [BUY, CALL],
        [SELL, CALL],
      ],
      'neutral',
      'two_way',
    ],
  ])('%s', (_, orders, direction, flowType) => {
    expect(rateOf(four(...orders))).toMatchObject({ basis: 'prints', direction, flowType, coverage: 1 })
  })

  it('is in millions per minute over five, and hedging buys what customers buy', () => {
    const rate = rateOf(four([BUY, CALL]))
    const delta = (4 * 0.7 * 10 * 100 * 0.5 * 6_000) / 5
    expect(rate.magnitudeMillionPerMin).toBeCloseTo(delta / 1e6, 10)
    expect(rate.impliedDealerHedgeMillionPerMin).toBeCloseTo(delta / 1e6, 10)
    expect(rate.flows?.map(({ deltaFlow, minutes }) => deltaFlow * minutes)).toEqual(
      [1, 5, 15].map(() => expect.closeTo(5 * delta, 3)),
    )
  })

  it('turns the sign of every flow with the sign of every print', () => {
    const [bought, sold] = [rateOf(four([BUY, CALL])), rateOf(four([SELL, CALL]))]
    expect(sold.direction).toBe('selling')
    sold.flows?.forEach(({ deltaFlow, gammaFlow, vegaFlow }, i) => {
      expect(-deltaFlow).toBeCloseTo(bought.flows?.[i]?.deltaFlow ?? 0, 6)
      expect(-gammaFlow).toBeCloseTo(bought.flows?.[i]?.gammaFlow ?? 0, 6)
      expect(-vegaFlow).toBeCloseTo(bought.flows?.[i]?.vegaFlow ?? 0, 6)
    })
  })

  it('falls quiet when prints stop', () => {
    expect(rateOf(four([BUY, CALL]), NOW_MS + 30 * 60_000)).toMatchObject({
      basis: 'prints',
      direction: 'neutral',
      flowType: 'quiet',
    })
  })

  it('says what share of the printed contracts it knows', () => {
    const spread = [4.5, CALL, { size: 30, conditionCode: 232 }] as const
    expect(rateOf(four([BUY, CALL], spread)).coverage).toBeCloseTo(0.25, 12)
  })
})

describe('flowRate without usable prints', () => {
  it('predicts hedging from open interest and says so: long gamma sells a rise', () => {
    const rate = flowRate({ rates: null, nowMs: NOW_MS, gexFinite: 2e9, spotMove: MOVE })
    expect(rate).toMatchObject({
      basis: 'predicted',
      direction: 'selling',
      flowType: null,
      flows: null,
      coverage: null,
    })
    // 2 billion per 1 %, a rise of 1 % in five minutes.
    expect(rate.impliedDealerHedgeMillionPerMin).toBeCloseTo(-400, 10)
    expect(rate.reason).toBe('no prints')
    expect(flowRate({ rates: null, nowMs: NOW_MS, gexFinite: -2e9, spotMove: MOVE }).direction).toBe('buying')
  })

  it('predicts when no print could be valued', () => {
    const rate = rateOf(four([BUY, null]))
    expect(rate).toMatchObject({ basis: 'predicted', reason: 'no print has a known side and greeks' })
  })

  it.each([
    [null, MOVE, 'no prints, no gamma exposure'],
    [2e9, null, 'no prints, no recent path of spot'],
    [2e9, { ...MOVE, minutes: 0 }, 'no prints, no recent path of spot'],
    [2e9, { ...MOVE, spotMinutesAgo: Number.NaN }, 'no prints, no recent path of spot'],
  ])('is null with a reason: %s', (gexFinite, spotMove, reason) => {
    const rate = flowRate({ rates: emptyFlow().rates, nowMs: NOW_MS, gexFinite, spotMove })
    expect(rate).toMatchObject({ basis: null, direction: null, magnitudeMillionPerMin: null, reason })
  })
})

it('answers garbage with finite numbers or null', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, 0, -1, 1e308))
  const move = fc.option(fc.record({ spot: number, spotMinutesAgo: number, minutes: number }))
  const sums = fc.array(number, { minLength: 24, maxLength: 24 })
  const property = fc.property(
    fc.option(sums),
    number,
    fc.option(number),
    move,
    (held, nowMs, gexFinite, spotMove) => {
      const rates = held && { newestMs: NOW_MS, clockRestarted: false, sums: held }
      const rate = flowRate({ rates, nowMs, gexFinite, spotMove })
      const flows =
        rate.flows?.flatMap(({ deltaFlow, gammaFlow, vegaFlow }) => [deltaFlow, gammaFlow, vegaFlow]) ?? []
      for (const value of [
        rate.magnitudeMillionPerMin,
        rate.coverage,
        rate.impliedDealerHedgeMillionPerMin,
        ...flows,
      ])
        expect(value === null || Number.isFinite(value)).toBe(true)
      expect(rate.basis === null).toBe(rate.direction === null)
    },
  )
  fc.assert(property, { seed: 7, numRuns: 1_000 })
})
