import { describe, expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { nodeCovariance } from './nodeCovariance.ts'
import { knownChanges } from './sampleChanges.ts'

const changes = knownChanges({ rows: 300 })

test('is symmetric, with the variances and correlations that made the changes', () => {
  const { matrix, nodes, rows, dropped } = nodeCovariance(knownChanges({ rows: 390, noise: 0.002 }))
  expect(rows).toBe(390)
  expect(dropped).toEqual([])
  const n = nodes.length
  const truth = 0.03 ** 2 / 28 + 0.002 ** 2
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) expect(matrix[i * n + j]).toBe(matrix[j * n + i])
  // The node at the forward has neither slope nor much curvature.
  expect((matrix[3 * n + 3] as number) / truth).toBeGreaterThan(0.8)
  expect((matrix[3 * n + 3] as number) / truth).toBeLessThan(1.3)
})

describe('shrinkage', () => {
  test('is next to nothing where structure is plain, nearly all where there is none', () => {
    expect(nodeCovariance(changes).shrinkage).toBeLessThan(0.05)
    const noise = knownChanges({ rows: 80, sizes: [0, 0, 0], noise: 0.001 })
    expect(nodeCovariance(noise).shrinkage).toBeGreaterThan(0.8)
  })

  test('is that of Ledoit and Wolf, written out', () => {
    const random = seededRandom(8)
    // Of −1 and 1 alone: nothing lies outside its percentiles.
    const rows = Array.from({ length: 70 }, () =>
      Float64Array.from([1, 2, 3], () => (random() < 0.4 ? 1 : -1)),
    )
    const raw = rows.map((_, k) => 0.5 ** ((69 - k) / 156))
    const total = raw.reduce((sum, weight) => sum + weight, 0)
    const weights = raw.map((weight) => weight / total)
    const outer = (row: Float64Array): number[] => [...row].flatMap((x) => [...row].map((y) => x * y))
    const squaredNorm = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0)
    const sample = Array.from({ length: 9 }, (_, at) =>
      rows.reduce((sum, row, k) => sum + (weights[k] as number) * (outer(row)[at] as number), 0),
    )
    const minus = (x: readonly number[], y: readonly number[]) =>
      x.map((value, i) => value - (y[i] as number))
    const target = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    const error = rows.reduce(
      (sum, row, k) => sum + (weights[k] as number) ** 2 * squaredNorm(minus(outer(row), sample)),
      0,
    )
    const expected = Math.min(1, error / squaredNorm(minus(sample, target)))
    const { shrinkage, matrix } = nodeCovariance(rows)
    expect(expected).toBeLessThan(1)
    expect(shrinkage).toBeCloseTo(expected, 12)
    for (const [at, value] of sample.entries())
      expect(matrix[at]).toBeCloseTo((1 - expected) * value + expected * (target[at] as number), 12)
  })

  test('keeps the trace', () => {
    const noise = knownChanges({ rows: 80, sizes: [0, 0, 0], noise: 0.001, seed: 5 })
    const { matrix, nodes } = nodeCovariance(noise)
    const n = nodes.length
    const diagonal = nodes.map((_, i) => matrix[i * n + i] as number)
    const trace = diagonal.reduce((sum, value) => sum + value, 0)
    // Winsorising takes some of it.
    expect(trace / n).toBeGreaterThan(0.85e-6)
    expect(trace / n).toBeLessThan(1.05e-6)
    // Shrunk towards one another.
    expect(Math.max(...diagonal) / Math.min(...diagonal)).toBeLessThan(1.5)
  })
})

test('one wild quote hardly moves it', () => {
  const wild = changes.map((change) => Float64Array.from(change))
  const hit = wild[200]
  if (hit === undefined) throw new Error('expected 300 rows')
  hit[5] = 4
  const [calm, struck] = [nodeCovariance(changes), nodeCovariance(wild)]
  expect((struck.matrix[5 * 28 + 5] as number) / (calm.matrix[5 * 28 + 5] as number)).toBeLessThan(1.1)
})

test('recent changes weigh more: half after two sessions', () => {
  const still = Array.from({ length: 156 }, () => new Float64Array(1))
  const moving = Array.from({ length: 156 }, (_, i) => Float64Array.of(i % 2 === 0 ? 1 : -1))
  const [late] = nodeCovariance([...still, ...moving]).matrix
  const [early] = nodeCovariance([...moving, ...still]).matrix
  expect((late as number) / (early as number)).toBeCloseTo(2, 10)
  expect((late as number) + (early as number)).toBeCloseTo(1, 10)
})

describe('missing nodes', () => {
  test('a node missing from over a fifth of the rows is dropped, and said to be', () => {
    const random = seededRandom(3)
    const holed = changes.map((change) =>
      change.map((value, node) => (node === 7 && random() < 0.4 ? NaN : value)),
    )
    const { nodes, dropped, matrix } = nodeCovariance(holed)
    expect(dropped).toEqual([7])
    expect(nodes).toHaveLength(27)
    expect(matrix.every(Number.isFinite)).toBe(true)
  })

  test('elsewhere a pair uses the rows that have both', () => {
    const holed = changes.map((change, row) =>
      change.map((value, node) => (row % 9 === node % 9 ? NaN : value)),
    )
    const { dropped, matrix } = nodeCovariance(holed)
    const whole = nodeCovariance(changes).matrix
    expect(dropped).toEqual([])
    for (const [place, value] of matrix.entries())
      expect(Math.abs(value - (whole[place] as number))).toBeLessThan(0.2 * (whole[0] as number))
  })

  test('rows without any node do not count, and no rows are no nodes', () => {
    const empty = new Float64Array(28).fill(NaN)
    expect(nodeCovariance([empty, ...changes, empty]).rows).toBe(300)
    expect(nodeCovariance([empty, ...changes, empty]).nodes).toHaveLength(28)
    expect(nodeCovariance([])).toMatchObject({ nodes: [], rows: 0, shrinkage: 0 })
    expect(nodeCovariance([Float64Array.of(Infinity, NaN)])).toMatchObject({ nodes: [], rows: 0 })
  })
})
