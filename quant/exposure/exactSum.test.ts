import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXACT_GRID, toExactGrid } from './exactSum.ts'

const SEEDED = { seed: 20261120 }

const exposure = fc.double({ min: -1e12, max: 1e12, noNaN: true })

test('rounds to the nearest multiple of the grid', () => {
  fc.assert(
    fc.property(exposure, (value) => {
      const rounded = toExactGrid(value)
      expect(Number.isInteger(rounded / EXACT_GRID)).toBe(true)
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(EXACT_GRID / 2)
    }),
    SEEDED,
  )
})

test('a sum is the same bit for bit in any order, and taking a term out again leaves no trace', () => {
  fc.assert(
    fc.property(fc.array(exposure, { minLength: 2, maxLength: 50 }), (values) => {
      const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0)
      const terms = values.map(toExactGrid)
      const total = sum(terms)
      expect(sum(terms.toReversed())).toBe(total)
      expect(sum(terms.toSorted((a, b) => a - b))).toBe(total)
      const [first = 0, ...rest] = terms
      expect(total - first).toBe(sum(rest))
    }),
    SEEDED,
  )
})
