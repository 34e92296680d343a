import { expect, test } from 'vitest'
import { loadingsAtYears, loadingSurface } from './loadingSurface.ts'
import { NODE_DEVIATIONS, SURFACE_NODES } from './surfaceNodes.ts'

const years = (days: number): number => days / 365
/** Linear both ways, so every interpolation is exact. */
const plane = (tenorDays: number, k: number): number => 2 * Math.sqrt(years(tenorDays)) - 0.3 * k
const loadings = SURFACE_NODES.map(({ tenorDays, deviation }) => plane(tenorDays, deviation))

test('is linear in √T between tenors and flat beyond them', () => {
  const surface = loadingSurface([{ loadings }])
  for (const [days, at] of [
    [7, 7],
    [18, 18],
    [45, 45],
    [0.1, 7],
    [400, 90],
  ] as const) {
    for (const [column, value] of loadingsAtYears(surface, years(days)).entries())
      expect(value).toBeCloseTo(plane(at, NODE_DEVIATIONS[column] as number), 12)
  }
})

test('fills a missing node along the smile, a missing tenor from those around it', () => {
  const holed = loadings.map((value, node) => (node === 9 || (node >= 14 && node < 21) ? null : value))
  const surface = loadingSurface([{ loadings: holed }])
  for (const [node, value] of (surface.components[0] ?? []).entries())
    expect(value).toBeCloseTo(loadings[node] as number, 12)
})

test('beyond the last node there is, a wing keeps its value', () => {
  const cut = loadings.map((value, node) => (node % 7 < 2 ? null : value))
  const [filled] = loadingSurface([{ loadings: cut }]).components
  expect(filled?.[0]).toBe(loadings[2])
  expect(filled?.[1]).toBe(loadings[2])
})

test('has a loading per component', () => {
  const surface = loadingSurface([{ loadings }, { loadings: loadings.map((value) => -value) }])
  const at = loadingsAtYears(surface, years(30))
  expect(at).toHaveLength(14)
  expect(at[10]).toBe(-(at[3] as number))
})
