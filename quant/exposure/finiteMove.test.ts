import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { greeksAll } from '../kernel/greeks.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { finiteDeltaChange } from './finiteMove.ts'

const SEEDED = { seed: 20261120 }
const RATE = 0.043
const DIVIDEND_YIELD = 0.013

interface Contract {
  readonly spot: number
  readonly strike: number
  readonly years: number
  readonly vol: number
  readonly right: 'call' | 'put'
}

function changeOf({ spot, strike, years, vol, right }: Contract): number {
  const chain = layOutChain([{ expiryMs: 1, strike, right, multiplier: 100 }])
  chain.years[0] = years
  chain.forward[0] = spot * Math.exp((RATE - DIVIDEND_YIELD) * years)
  chain.discount[0] = Math.exp(-RATE * years)
  chain.vol[0] = vol
  greeksAll(chain, spot)
  const out = new Float64Array(1)
  finiteDeltaChange(chain, spot, out)
  return out[0] as number
}

const contract: fc.Arbitrary<Contract> = fc
  .record({
    spot: fc.double({ min: 50, max: 8000, noNaN: true }),
    deviations: fc.double({ min: -6, max: 6, noNaN: true }),
    years: fc.double({ min: Math.log(1e-6), max: Math.log(2), noNaN: true }).map(Math.exp),
    vol: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    right: fc.constantFrom('call' as const, 'put' as const),
  })
  .map(({ deviations, ...rest }) => ({
    ...rest,
    strike: rest.spot * Math.exp(deviations * rest.vol * Math.sqrt(rest.years)),
  }))

test('is the difference of two repriced deltas, to 1e-8, wherever the strike and however near expiry', () => {
  fc.assert(
    fc.property(contract, (c) => {
      const deltaAt = (spot: number): number =>
        greeks({ ...c, spot, rate: RATE, dividendYield: DIVIDEND_YIELD }).delta
      expect(Math.abs(changeOf(c) - (deltaAt(1.005 * c.spot) - deltaAt(0.995 * c.spot)))).toBeLessThan(1e-8)
    }),
    { ...SEEDED, numRuns: 1000 },
  )
})

test('is never negative and never more than one', () => {
  fc.assert(
    fc.property(contract, (c) => {
      const change = changeOf(c)
      expect(change).toBeGreaterThanOrEqual(0)
      expect(change).toBeLessThanOrEqual(1)
    }),
    SEEDED,
  )
})

// At the money, S 5800, vol 14 %; the local figure at five minutes is nine times the whole position.
test.each([
  [390, 470 / 580],
  [60, 1],
  [5, 1],
])('%d minutes from expiry a 1 %% move changes delta by %f', (minutes, expected) => {
  const change = changeOf({ spot: 5800, strike: 5800, years: minutes / 525_600, vol: 0.14, right: 'call' })
  expect(change).toBeCloseTo(expected, 2)
})

test('is unknown without a volatility', () => {
  const change = changeOf({ spot: 100, strike: 100, years: 0.1, vol: Number.NaN, right: 'put' })
  expect(change).toBeNaN()
})
