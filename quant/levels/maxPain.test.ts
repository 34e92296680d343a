import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { maxPain, payoutAt } from './maxPain.ts'

const SEEDED = { seed: 20261120 }

interface Open {
  readonly strike: number
  readonly right: 'call' | 'put'
  readonly open: number
}

function maxPainOf(contracts: readonly Open[], scale = 1): number | null {
  const chain = layOutChain(contracts.map((contract) => ({ ...contract, expiryMs: 1, multiplier: 100 })))
  for (const [i, { open }] of contracts.entries()) chain.openInterest[chain.rowOf[i] as number] = open * scale
  return maxPain(chain, 0)
}

/** The definition, word for word. */
function bySearch(contracts: readonly Open[]): number | null {
  if (contracts.every(({ open }) => open === 0)) return null
  const payout = (price: number): number =>
    contracts.reduce(
      (sum, { strike, right, open }) =>
        sum + open * Math.max(0, right === 'call' ? price - strike : strike - price),
      0,
    )
  const candidates = contracts.map(({ strike }) => strike).toSorted((a, b) => a - b)
  return candidates.reduce((best, strike) => (payout(strike) < payout(best) ? strike : best))
}

const contracts = fc.array(
  fc.record({
    strike: fc.integer({ min: 1, max: 20 }).map((n) => 5 * n),
    right: fc.constantFrom('call' as const, 'put' as const),
    open: fc.integer({ min: 0, max: 50 }),
  }),
  { minLength: 1, maxLength: 30 },
)

test('is the lowest listed strike that minimises the payout, whatever the scale of open interest', () => {
  fc.assert(
    fc.property(contracts, (listed) => {
      expect(maxPainOf(listed)).toBe(bySearch(listed))
      expect(maxPainOf(listed, 7)).toBe(maxPainOf(listed))
    }),
    SEEDED,
  )
})

test('no listed strike pays out less', () => {
  const listed = [
    { strike: 95, right: 'put', open: 10 },
    { strike: 100, right: 'call', open: 4 },
    { strike: 105, right: 'call', open: 20 },
  ] as const
  const chain = layOutChain(listed.map((contract) => ({ ...contract, expiryMs: 1, multiplier: 100 })))
  for (const [i, { open }] of listed.entries()) chain.openInterest[chain.rowOf[i] as number] = open
  expect(maxPain(chain, 0)).toBe(95)
  expect([90, 95, 100, 105, 110].map((price) => payoutAt(chain, 0, price))).toEqual([50, 0, 0, 20, 140])
})

test('is null without open interest, known or not', () => {
  expect(maxPainOf([{ strike: 100, right: 'call', open: 0 }])).toBeNull()
  expect(maxPainOf([{ strike: 100, right: 'put', open: Number.NaN }])).toBeNull()
})
