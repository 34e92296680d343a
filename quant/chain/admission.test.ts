import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { admit, MAX_CONTRACTS } from './admission.ts'
import type { ContractSpec } from './chain.ts'
import { layOutChain } from './layout.ts'

const contract = (changes: Partial<ContractSpec> = {}): ContractSpec => ({
  expiryMs: 1e12,
  strike: 100,
  right: 'call',
  multiplier: 100,
  ...changes,
})

test('one contract more than a chain holds is refused and counted, the first ones stay', () => {
  const listed = Array.from({ length: MAX_CONTRACTS + 1 }, (_, i) => contract({ strike: 1 + i }))
  const chain = layOutChain(listed)
  expect([chain.count, chain.refused]).toEqual([MAX_CONTRACTS, { limit: 1 }])
  expect([chain.rowOf[MAX_CONTRACTS - 1], chain.rowOf[MAX_CONTRACTS]]).toEqual([MAX_CONTRACTS - 1, -1])
  expect(layOutChain(listed.slice(1)).refused).toEqual({})
})

test.each([
  { strike: Number.NaN },
  { strike: 0 },
  { strike: -5 },
  { strike: Infinity },
  { multiplier: 0 },
  { multiplier: Number.NaN },
  { expiryMs: Number.NaN },
  { expiryMs: Infinity },
  { expiryMs: 1e300 },
])('terms without a meaning are refused: %j', (changes) => {
  expect(admit([contract(changes), contract()])).toEqual({ admitted: [1], refused: { terms: 1 } })
})

test('counts that cannot be are as good as unknown, and a refused contract leaves the others as they were', () => {
  const input = (changes: object) => ({
    ...contract(),
    bid: 1,
    ask: 2,
    openInterest: 5,
    volume: 7,
    ...changes,
  })
  const { chain } = engineOf([
    input({ strike: -1, openInterest: 99 }),
    input({ openInterest: -3, volume: Infinity }),
    input({ strike: 105 }),
  ])
  expect([...chain.rowOf]).toEqual([-1, 0, 1])
  expect([...chain.openInterest]).toEqual([Number.NaN, 5])
  expect([...chain.volume]).toEqual([0, 7])
})
