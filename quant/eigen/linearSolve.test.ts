import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnCondition, linearSolve } from './linearSolve.ts'

const entry = fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 1000)
const matrix3 = fc.array(fc.array(entry, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 })

test('the solution solves', () => {
  fc.assert(
    fc.property(matrix3, fc.array(entry, { minLength: 3, maxLength: 3 }), (matrix, right) => {
      const condition = columnCondition(matrix)
      fc.pre(condition !== null && condition < 1e6)
      const x = linearSolve(matrix, right) ?? []
      expect(x).toHaveLength(3)
      const size = Math.max(...x.map(Math.abs), 1)
      for (const [i, row] of matrix.entries()) {
        const product = row.reduce((sum, value, j) => sum + value * (x[j] as number), 0)
        expect(Math.abs(product - (right[i] as number))).toBeLessThan(1e-12 * size)
      }
    }),
    { seed: 4 },
  )
})

test('the condition number is that of the directions, whatever their lengths', () => {
  expect(
    columnCondition([
      [1, 0],
      [0, 1e-9],
    ]),
  ).toBeCloseTo(1, 12)
  const nearly = (gap: number) =>
    columnCondition([
      [1, 5],
      [0, 5 * gap],
    ])
  expect(nearly(1e-3)).toBeGreaterThan(1e3)
  expect(nearly(1e-9)).toBeGreaterThan(1e8)
})

test('a singular matrix has no solution', () => {
  const singular = [
    [1, 2],
    [2, 4],
  ]
  expect(linearSolve(singular, [1, 1])).toBeNull()
  expect(columnCondition(singular)).toBeNull()
  expect(
    columnCondition([
      [0, 1],
      [0, 1],
    ]),
  ).toBeNull()
  expect(linearSolve([[NaN]], [1])).toBeNull()
  expect(linearSolve([[1]], [Infinity])).toBeNull()
})
