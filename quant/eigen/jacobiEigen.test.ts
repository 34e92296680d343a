import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { jacobiEigen } from './jacobiEigen.ts'
import { dot } from './orthonormal.ts'

function symmetric(n: number, entry: () => number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      matrix[i * n + j] = entry()
      matrix[j * n + i] = matrix[i * n + j] as number
    }
  }
  return matrix
}

const problem = fc.record({
  n: fc.integer({ min: 1, max: 28 }),
  seed: fc.integer(),
  /** Few distinct entries make repeated eigenvalues. */
  levels: fc.constantFrom(2, 5, 1e9),
  scale: fc.constantFrom(1e-160, 1e-6, 1, 1e150),
})

test('A·v = λ·v, the vectors are orthonormal, values descend and add up to the trace', () => {
  fc.assert(
    fc.property(problem, ({ n, seed, levels, scale }) => {
      const random = seededRandom(seed)
      const matrix = symmetric(n, () => scale * (Math.floor(random() * levels) / levels - 0.5))
      const { values, vectors } = jacobiEigen(matrix, n) ?? { values: new Float64Array(0), vectors: [] }
      expect(vectors).toHaveLength(n)
      const tolerance = 1e-13 * n
      let trace = 0
      for (let i = 0; i < n; i++) {
        trace += matrix[i * n + i] as number
        const vector = vectors[i] as Float64Array
        expect(values[i]).toBeLessThanOrEqual(values[i - 1] ?? Infinity)
        for (let row = 0; row < n; row++) {
          const product = dot(matrix.slice(row * n, (row + 1) * n), vector) / scale
          const expected = ((values[i] as number) / scale) * (vector[row] as number)
          expect(Math.abs(product - expected)).toBeLessThan(tolerance)
        }
        for (let j = 0; j <= i; j++) {
          const expected = i === j ? 1 : 0
          expect(Math.abs(dot(vector, vectors[j] as Float64Array) - expected)).toBeLessThan(tolerance)
        }
      }
      const sum = values.reduce((total, value) => total + value / scale, 0)
      expect(Math.abs(sum - trace / scale)).toBeLessThan(tolerance)
    }),
    { seed: 9, numRuns: 60 },
  )
})

test('known values', () => {
  const pair = jacobiEigen(Float64Array.of(2, 1, 1, 2), 2)?.values
  expect(pair?.[0]).toBeCloseTo(3, 14)
  expect(pair?.[1]).toBeCloseTo(1, 14)
  expect(jacobiEigen(new Float64Array(9), 3)?.values).toEqual(new Float64Array(3))
  // A path of three: −√2, 0, √2.
  const [high, middle, low] = jacobiEigen(Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0), 3)?.values ?? []
  expect(high).toBeCloseTo(Math.SQRT2, 14)
  expect(middle).toBeCloseTo(0, 14)
  expect(low).toBeCloseTo(-Math.SQRT2, 14)
})

test('a matrix with an entry that is not a number has none', () => {
  expect(jacobiEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toBeNull()
  expect(jacobiEigen(Float64Array.of(1, 0, 0, Infinity), 2)).toBeNull()
})
