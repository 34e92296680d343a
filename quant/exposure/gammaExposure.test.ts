import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import type { Chain } from '../chain/chain.ts'
import { greeksAll } from '../kernel/greeks.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { finiteGammaExposure, localGammaExposure } from './gammaExposure.ts'

const SEEDED = { seed: 20261120 }

interface Contract {
  readonly spot: number
  readonly strike: number
  readonly years: number
  readonly vol: number
  readonly right: 'call' | 'put'
}

const RATE = 0.043
const DIVIDEND_YIELD = 0.013

function chainOf({ spot, strike, years, vol, right }: Contract): Chain {
  const chain = layOutChain([{ expiryMs: 1, strike, right, multiplier: 100 }])
  chain.years[0] = years
  chain.forward[0] = spot * Math.exp((RATE - DIVIDEND_YIELD) * years)
  chain.discount[0] = Math.exp(-RATE * years)
  chain.vol[0] = vol
  greeksAll(chain, spot)
  return chain
}

function exposures(contract: Contract, contracts: number): { local: number; finite: number } {
  const chain = chainOf(contract)
  const weights = Float64Array.of(contracts)
  const local = new Float64Array(1)
  const finite = new Float64Array(1)
  localGammaExposure(chain, contract.spot, weights, local)
  finiteGammaExposure(chain, contract.spot, weights, finite)
  return { local: local[0] as number, finite: finite[0] as number }
}

const contract: fc.Arbitrary<Contract> = fc
  .record({
    spot: fc.double({ min: 50, max: 8000, noNaN: true }),
    moneyness: fc.double({ min: 0.7, max: 1.3, noNaN: true }),
    years: fc.double({ min: 1e-5, max: 2, noNaN: true }),
    vol: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    right: fc.constantFrom('call' as const, 'put' as const),
  })
  .map(({ moneyness, ...rest }) => ({ ...rest, strike: rest.spot * moneyness }))

test('both are what the scalar greeks say, to the rounding grid', () => {
  fc.assert(
    fc.property(contract, (c) => {
      const at = (spot: number) => greeks({ ...c, spot, rate: RATE, dividendYield: DIVIDEND_YIELD })
      const { local, finite } = exposures(c, 500)
      const byGamma = 500 * at(c.spot).gamma * 100 * c.spot ** 2 * 0.01
      const byDelta = 500 * 100 * c.spot * (at(c.spot * 1.005).delta - at(c.spot * 0.995).delta)
      expect(Math.abs(local - byGamma)).toBeLessThan(0.01 + 1e-9 * byGamma)
      expect(Math.abs(finite - byDelta)).toBeLessThan(0.02 + 1e-9 * Math.abs(byDelta))
    }),
    SEEDED,
  )
})

test('the finite figure never exceeds contracts · multiplier · spot', () => {
  fc.assert(
    fc.property(contract, fc.integer({ min: -5000, max: 5000 }), (c, contracts) => {
      expect(Math.abs(exposures(c, contracts).finite)).toBeLessThanOrEqual(
        Math.abs(contracts) * 100 * c.spot + 1 / 64,
      )
    }),
    SEEDED,
  )
})

// 1,000 at-the-money contracts, S 5800, vol 14 %: the whole position is worth 580 million of stock.
test.each([
  [390, 607e6, 470e6],
  [60, 1.55e9, 580e6],
  [5, 5.4e9, 580e6],
])(
  '%d minutes from expiry the local figure outgrows the position, the finite one does not',
  (minutes, local, finite) => {
    const found = exposures(
      { spot: 5800, strike: 5800, years: minutes / (365 * 1440), vol: 0.14, right: 'call' },
      1000,
    )
    expect(found.local / local).toBeCloseTo(1, 1)
    expect(found.finite / finite).toBeCloseTo(1, 2)
  },
)

test('finite approaches local where the move is small against the deviation left', () => {
  const { local, finite } = exposures({ spot: 5800, strike: 5850, years: 0.5, vol: 0.2, right: 'put' }, 1000)
  expect(finite / local).toBeCloseTo(1, 3)
})

test('a contract without volatility, weight or time contributes exactly 0', () => {
  const alive = { spot: 100, strike: 100, years: 0.1, vol: 0.2, right: 'call' } as const
  expect(exposures({ ...alive, vol: Number.NaN }, 10)).toEqual({ local: 0, finite: 0 })
  expect(exposures({ ...alive, years: 0 }, 10)).toEqual({ local: 0, finite: 0 })
  expect(exposures(alive, 0)).toEqual({ local: 0, finite: 0 })
  expect(exposures(alive, Number.NaN)).toEqual({ local: 0, finite: 0 })
})
