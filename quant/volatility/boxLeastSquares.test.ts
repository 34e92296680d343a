import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boxLeastSquares, costOf } from './boxLeastSquares.ts'

test('inside the box it is the free solution', () => {
  const found = boxLeastSquares({ uu: 2, vv: 3, uv: 1, u: 2 * 0.5 + 0.25, v: 0.5 + 3 * 0.25 }, 1)
  expect(found.x).toBeCloseTo(0.5, 14)
  expect(found.y).toBeCloseTo(0.25, 14)
})

test('no point of the box costs less', () => {
  const number = fc.double({ min: -2, max: 2, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, number), { minLength: 2, maxLength: 6 }), (rows) => {
      const sum = (of: (row: [number, number, number]) => number): number =>
        rows.reduce((total, row) => total + of(row), 0)
      const equations = {
        uu: sum(([a]) => a * a),
        vv: sum(([, b]) => b * b),
        uv: sum(([a, b]) => a * b),
        u: sum(([a, , t]) => a * t),
        v: sum(([, b, t]) => b * t),
      }
      fc.pre(equations.uu > 1e-3 && equations.vv > 1e-3)
      const found = boxLeastSquares(equations, 1)
      expect(found.x >= 0 && found.x <= 1 && found.y >= 0 && found.y <= 1).toBe(true)
      for (let x = 0; x <= 1; x += 0.1)
        for (let y = 0; y <= 1; y += 0.1)
          expect(costOf(equations, found)).toBeLessThanOrEqual(costOf(equations, { x, y }) + 1e-9)
    }),
    { seed: 20261120 },
  )
})
