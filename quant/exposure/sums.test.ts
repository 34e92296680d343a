import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { toExactGrid } from './exactSum.ts'
import { fillSignedWeights } from './signModel.ts'
import { createExposureSums, sumExposure } from './sums.ts'

const SEEDED = { seed: 20261120 }

const cells = fc.array(
  fc.record({
    expiryMs: fc.constantFrom(1, 2, 3),
    strike: fc.constantFrom(90, 95, 100, 105, 110),
    right: fc.constantFrom('call' as const, 'put' as const),
    value: fc.double({ min: -1e11, max: 1e11, noNaN: true }),
  }),
  { minLength: 1, maxLength: 40 },
)

test('by strike, by expiry, above and below spot all add up to the total, bit for bit', () => {
  fc.assert(
    fc.property(cells, fc.constantFrom(80, 95, 99, 200), (contracts, spot) => {
      const chain = layOutChain(contracts.map((contract) => ({ ...contract, multiplier: 100 })))
      const rows = new Float64Array(chain.count)
      for (const [i, { value }] of contracts.entries()) rows[chain.rowOf[i] as number] = toExactGrid(value)
      const sums = createExposureSums(chain)
      sumExposure(chain, spot, rows, sums)
      const total = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0)
      expect(total(sums.callByStrike)).toBe(sums.call)
      expect(total(sums.callByExpiry)).toBe(sums.call)
      expect(total(sums.putByStrike)).toBe(sums.put)
      expect(total(sums.putByExpiry)).toBe(sums.put)
      expect(total(rows)).toBe(sums.net)
      expect(sums.call + sums.put).toBe(sums.net)
      expect(sums.aboveSpot + sums.belowSpot).toBe(sums.net)
    }),
    SEEDED,
  )
})

test('a strike at spot counts half above and half below', () => {
  const chain = layOutChain(
    [90, 100, 110].map((strike) => ({ strike, expiryMs: 1, right: 'call', multiplier: 100 })),
  )
  const sums = createExposureSums(chain)
  sumExposure(chain, 100, Float64Array.of(1, 10, 100), sums)
  expect([sums.belowSpot, sums.aboveSpot]).toEqual([6, 105])
})

test.each([
  ['M0', [3, 4]],
  ['M1', [3, -4]],
  ['M2', [-3, -4]],
  ['M3', [-3, 4]],
] as const)('%s signs three calls and four puts %j; an unknown count weighs nothing', (model, signed) => {
  const chain = layOutChain([
    { strike: 100, expiryMs: 1, right: 'call', multiplier: 100 },
    { strike: 100, expiryMs: 1, right: 'put', multiplier: 100 },
    { strike: 105, expiryMs: 1, right: 'put', multiplier: 100 },
  ])
  const weights = new Float64Array(3)
  fillSignedWeights(chain, model, Float64Array.of(3, 4, Number.NaN), weights)
  expect([...weights]).toEqual([...signed, 0])
})
