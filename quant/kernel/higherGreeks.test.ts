import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { syntheticChain } from '../reference/syntheticChain.ts'
import { higherGreeks } from './higherGreeks.ts'

const COLUMNS = ['volga', 'speed', 'zomma', 'colour'] as const

describe('against the scalar formula', () => {
  const { chain, spot, rate, dividendYield, trueVol } = syntheticChain(3, 4000, 20)
  chain.vol.set(trueVol)
  const computed = higherGreeks(chain, spot)
  const scalar = Array.from(chain.strike, (strike, row) =>
    greeks({
      spot,
      strike,
      years: chain.years[chain.expiryIndex[row] as number] as number,
      rate,
      dividendYield,
      vol: trueVol[row] as number,
      right: (chain.callSign[row] as number) > 0 ? 'call' : 'put',
    }),
  )

  test.each(COLUMNS)('%s to 1e-12 of its largest value, and 1e-10 relative', (column) => {
    const largest = Math.max(...scalar.map((greek) => Math.abs(greek[column])))
    for (const [row, greek] of scalar.entries()) {
      const error = Math.abs((computed[column][row] as number) - greek[column])
      expect(error).toBeLessThan(1e-12 * largest)
      expect(error).toBeLessThan(1e-10 * Math.abs(greek[column]) + 1e-14 * largest)
    }
  })
})

test('both rows of a pair have the same figures', () => {
  const engine = engineOf(sampleContracts())
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  const { chain, spot } = engine
  const computed = higherGreeks(chain, spot)
  for (const column of COLUMNS)
    for (let call = 0; call < chain.count; call += 2)
      expect(computed[column][call + 1]).toBe(computed[column][call])
})

test('no volatility, or a settled expiry, is NaN in every column', () => {
  const { chain, spot, trueVol } = syntheticChain(4, 40, 4)
  chain.vol.set(trueVol)
  const first = chain.expiryStart[1] as number
  chain.years[0] = 0
  chain.vol[first] = NaN
  const computed = higherGreeks(chain, spot)
  for (const column of COLUMNS) {
    expect(computed[column].subarray(0, first + 1).every(Number.isNaN)).toBe(true)
    expect(computed[column].subarray(first + 1).every(Number.isFinite)).toBe(true)
  }
})
