import { expect, test } from 'vitest'
import { gaussLegendre } from './gaussLegendre.ts'

test.each([1, 2, 8, 24, 64])('%i points integrate x^(2n−1) over [0, 1] exactly', (count) => {
  const { nodes, weights } = gaussLegendre(count)
  const power = 2 * count - 1
  const integral = nodes.reduce((sum, x, i) => sum + (weights[i] as number) * x ** power, 0)
  expect(Math.abs(integral * (power + 1) - 1)).toBeLessThan(1e-12)
  expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 13)
})
