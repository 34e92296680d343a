import { describe, expect, test } from 'vitest'
import type { Chain, ContractSpec } from '../chain/chain.ts'
import { layOutChain } from '../chain/layout.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { syntheticChain } from '../reference/syntheticChain.ts'
import { greeksAll, greeksRange } from './greeks.ts'

const COLUMNS = ['delta', 'gamma', 'vega', 'theta', 'rho', 'vanna', 'charm'] as const

describe('against the scalar formula', () => {
  const { chain, spot, rate, dividendYield, trueVol } = syntheticChain(3, 4000, 20)
  chain.vol.set(trueVol)
  greeksAll(chain, spot)
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

  test('value to 1e-14 of spot', () => {
    for (const [row, { price }] of scalar.entries())
      expect(Math.abs((chain.value[row] as number) - price)).toBeLessThan(1e-14 * spot)
  })

  test.each(COLUMNS)('%s to 1e-11 of its largest value, and 1e-9 relative', (column) => {
    const largest = Math.max(...scalar.map((greek) => Math.abs(greek[column])))
    for (const [row, greek] of scalar.entries()) {
      const error = Math.abs((chain[column][row] as number) - greek[column])
      expect(error).toBeLessThan(1e-11 * largest)
      expect(error).toBeLessThan(1e-9 * Math.abs(greek[column]) + 1e-14 * largest)
    }
  })
})

test('a pair computed together is what its sides are alone, bit for bit', () => {
  const listed = [90, 100, 110].flatMap((strike) =>
    (['call', 'put'] as const).map((right) => ({ strike, right, expiryMs: 1, multiplier: 100 })),
  )
  const priced = (rows: readonly ContractSpec[]): Chain => {
    const chain = layOutChain(rows)
    chain.years[0] = 0.1
    chain.forward[0] = 101
    chain.discount[0] = 0.99
    chain.vol.fill(0.3)
    greeksAll(chain, 100)
    return chain
  }
  const pairs = priced(listed)
  for (const right of ['call', 'put'] as const) {
    const side = priced(listed.filter((contract) => contract.right === right))
    for (const column of ['value', ...COLUMNS] as const)
      expect(pairs[column].filter((_, row) => row % 2 === (right === 'call' ? 0 : 1))).toEqual(side[column])
  }
})

describe('rows without greeks', () => {
  test('no volatility, or a settled expiry, is NaN in every column', () => {
    const { chain, spot, trueVol } = syntheticChain(4, 40, 4)
    chain.vol.set(trueVol)
    const first = chain.expiryStart[1] as number
    chain.years[0] = 0
    chain.vol[first] = NaN
    greeksAll(chain, spot)
    for (const column of ['value', ...COLUMNS] as const) {
      expect(chain[column].subarray(0, first + 1).every(Number.isNaN)).toBe(true)
      expect(chain[column].subarray(first + 1).every(Number.isFinite)).toBe(true)
    }
  })

  test('rows outside the range keep what they had', () => {
    const { chain, spot, trueVol } = syntheticChain(5, 40, 4)
    chain.vol.set(trueVol)
    chain.gamma.fill(-7)
    greeksRange(chain, spot, 3, 25)
    expect(Array.from(chain.gamma, (gamma) => gamma > 0)).toEqual(
      Array.from({ length: 40 }, (_, row) => row >= 3 && row < 25),
    )
  })
})
