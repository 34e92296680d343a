import { describe, expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { flatFit, sviFit } from '../volatility/sampleSmiles.ts'
import { basisAngle } from './basisAngle.ts'
import { dot } from './orthonormal.ts'
import { componentScores, principalComponents, type ComponentBasis } from './principalComponents.ts'
import { knownChanges, KNOWN_MODES } from './sampleChanges.ts'
import { sampleNodes, SURFACE_NODES } from './surfaceNodes.ts'

const { lnVol } = sampleNodes(
  [5, 30, 60, 100].map((days) => sviFit(days)),
  0,
)
const loadingsOf = ({ components }: ComponentBasis): Float64Array[] =>
  components.map(({ loadings }) => loadings)
const meanWhere = (loadings: Float64Array, isIn: (k: number) => boolean): number => {
  const inside = [...loadings].filter((_, node) => isIn(SURFACE_NODES[node]?.deviation ?? NaN))
  return inside.reduce((sum, value) => sum + value, 0) / inside.length
}

function expectSigns([level, slope, curvature]: readonly Float64Array[]): void {
  if (level === undefined || slope === undefined || curvature === undefined) throw new Error('expected three')
  expect(meanWhere(level, () => true)).toBeGreaterThan(0)
  expect(meanWhere(slope, (k) => k < 0)).toBeGreaterThan(0)
  expect(meanWhere(curvature, (k) => Math.abs(k) > 1)).toBeGreaterThan(
    meanWhere(curvature, (k) => Math.abs(k) < 1),
  )
}

describe('from known factors and noise', () => {
  const basis = principalComponents(knownChanges({ rows: 300 }), lnVol)

  test('finds the factors, their order and their shares', () => {
    expect(basis).toMatchObject({ kind: 'empirical', reason: null, rows: 300, dropped: [] })
    expect(basis.components.map(({ id }) => id)).toEqual(['level', 'slope', 'curvature'])
    const angle = basisAngle(loadingsOf(basis), KNOWN_MODES)
    expect(angle.subspace).toBeLessThan(3)
    for (const degrees of angle.byComponent) expect(degrees).toBeLessThan(8)
    for (const { likeness } of basis.components) expect(likeness).toBeGreaterThan(0.98)
    const [level, slope, curvature] = basis.components.map(({ share }) => share as number) as [
      number,
      number,
      number,
    ]
    expect(level).toBeGreaterThan(0.75)
    expect(slope).toBeGreaterThan(curvature)
    expect(level + slope + curvature).toBeGreaterThan(0.95)
    expect(level + slope + curvature).toBeLessThanOrEqual(1)
  })

  test('its vectors are orthonormal and have the fixed signs', () => {
    const vectors = loadingsOf(basis)
    for (const [i, x] of vectors.entries())
      for (const [j, y] of vectors.entries()) expect(dot(x, y)).toBeCloseTo(i === j ? 1 : 0, 12)
    expectSigns(vectors)
  })

  test.each([2, 3, 4, 5, 6])('signs are the same in another sample of the market (seed %i)', (seed) => {
    const other = principalComponents(knownChanges({ rows: 120, seed }), lnVol)
    expectSigns(loadingsOf(other))
    for (const [j, vector] of loadingsOf(other).entries())
      expect(dot(vector, KNOWN_MODES[j] as Float64Array)).toBeGreaterThan(0.9)
  })

  test('the sign of the changes does not matter', () => {
    const mirrored = knownChanges({ rows: 300 }).map((change) => change.map((value) => -value))
    for (const [j, vector] of loadingsOf(principalComponents(mirrored, lnVol)).entries())
      expect(dot(vector, basis.components[j]?.loadings as Float64Array)).toBeCloseTo(1, 12)
  })
})

test('does not depend on the order of nodes, empirical or analytic', () => {
  const random = seededRandom(11)
  const order = [...SURFACE_NODES.keys()]
    .map((node) => [random(), node] as const)
    .sort(([x], [y]) => x - y)
    .map(([, node]) => node)
  const shuffle = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i] as number)
  const shuffledNodes = order.flatMap((i) => SURFACE_NODES[i] ?? [])
  for (const changes of [knownChanges({ rows: 100 }), []]) {
    const straight = principalComponents(changes, lnVol)
    const shuffled = principalComponents(changes.map(shuffle), shuffle(lnVol), shuffledNodes)
    expect(shuffled.kind).toBe(straight.kind)
    for (const [j, { loadings, share }] of shuffled.components.entries()) {
      const expected = shuffle(straight.components[j]?.loadings as Float64Array)
      for (const [i, value] of loadings.entries()) expect(value).toBeCloseTo(expected[i] as number, 10)
      expect(share ?? 0).toBeCloseTo(straight.components[j]?.share ?? 0, 12)
    }
  }
})

test('a second component that is all term structure says so, and has the short tenors up', () => {
  const random = seededRandom(2)
  const changes = Array.from({ length: 200 }, () => {
    const [level, term] = [0.02 * (random() - 0.5), 0.01 * (random() - 0.5)]
    return Float64Array.from(
      SURFACE_NODES,
      ({ tenorDays }) => level + term * (Math.log(30 / tenorDays) + 0.1),
    )
  })
  for (const sign of [1, -1]) {
    const basis = principalComponents(
      changes.map((change) => change.map((value) => sign * value)),
      lnVol,
    )
    const slope = basis.components[1]
    expect(slope?.likeness).toBeLessThan(0.01)
    expect(slope?.loadings[0]).toBeGreaterThan(0)
    expect(slope?.loadings[27]).toBeLessThan(0)
  }
})

describe('an analytic basis', () => {
  test('stands in until there are 60 changes', () => {
    expect(principalComponents(knownChanges({ rows: 59 }), lnVol)).toMatchObject({
      kind: 'analytic',
      reason: 'insufficient_history',
      rows: 59,
      shrinkage: null,
    })
    expect(principalComponents(knownChanges({ rows: 60 }), lnVol).kind).toBe('empirical')
  })

  test('is what moving a, b and c of the smile does to ln σ, orthonormal, with the same signs', () => {
    const { components } = principalComponents([], lnVol)
    const vectors = components.map(({ loadings }) => loadings)
    for (const [i, x] of vectors.entries())
      for (const [j, y] of vectors.entries()) expect(dot(x, y)).toBeCloseTo(i === j ? 1 : 0, 12)
    expectSigns(vectors)
    expect(components.every(({ share, eigenvalue }) => share === null && eigenvalue === null)).toBe(true)
    // A point of volatility everywhere is the level alone; a quadratic smile move is in the span of the three.
    const perPoint = Float64Array.from(SURFACE_NODES, (_, node) => 0.01 / Math.exp(lnVol[node] as number))
    const [level, slope, curvature] = componentScores(components, perPoint) ?? []
    expect(level).toBeCloseTo(Math.hypot(...perPoint), 10)
    expect(slope).toBeCloseTo(0, 10)
    expect(curvature).toBeCloseTo(0, 10)
    const smileMove = perPoint.map((value, node) => {
      const k = SURFACE_NODES[node]?.deviation ?? NaN
      return value * (0.3 - 0.5 * k + 0.2 * k * k)
    })
    const scores = componentScores(components, smileMove) ?? []
    expect(Math.hypot(...scores)).toBeCloseTo(Math.hypot(...smileMove), 10)
  })

  test('says when the nodes cannot tell the shapes apart, or nothing moves', () => {
    const atTheForward = lnVol.map((value, node) => (SURFACE_NODES[node]?.deviation === 0 ? value : NaN))
    expect(principalComponents([], atTheForward).components).toEqual([])
    expect(principalComponents([], new Float64Array(28).fill(NaN)).dropped).toHaveLength(28)
    const frozen = Array.from({ length: 80 }, () => new Float64Array(28))
    expect(principalComponents(frozen, lnVol)).toMatchObject({ kind: 'analytic', reason: 'no_variation' })
    const few = knownChanges({ rows: 80 }).map((change) =>
      change.map((value, node) => (node < 5 ? value : NaN)),
    )
    expect(principalComponents(few, lnVol)).toMatchObject({ kind: 'analytic', reason: 'too_few_nodes' })
  })
})

test('an underlying listed to 40 days has a basis over the nodes it has', () => {
  const short = sampleNodes([flatFit(5, 0.2), flatFit(40, 0.2)], 0)
  const changes = knownChanges({ rows: 90 }).map((change) =>
    change.map((value, node) => (Number.isNaN(short.lnVol[node]) ? NaN : value)),
  )
  const basis = principalComponents(changes, short.lnVol)
  expect(basis.kind).toBe('empirical')
  expect(basis.dropped).toEqual(Array.from({ length: 14 }, (_, i) => 14 + i))
  for (const { loadings, likeness } of basis.components) {
    expect(loadings.slice(0, 14).every(Number.isFinite)).toBe(true)
    expect(loadings.slice(14).every(Number.isNaN)).toBe(true)
    expect(likeness).toBeGreaterThan(0.95)
  }
})

describe('scores', () => {
  const { components } = principalComponents(knownChanges({ rows: 300 }), lnVol)
  const mix = Float64Array.from(
    SURFACE_NODES,
    (_, node) => 2 * (components[0]?.loadings[node] as number) - (components[2]?.loadings[node] as number),
  )

  test('are the projection of a change, and without some of its nodes the same', () => {
    const holed = mix.map((value, node) => (node % 3 === 0 ? NaN : value))
    for (const change of [mix, holed]) {
      const [level, slope, curvature] = componentScores(components, change) ?? []
      expect(level).toBeCloseTo(2, 10)
      expect(slope).toBeCloseTo(0, 10)
      expect(curvature).toBeCloseTo(-1, 10)
    }
  })

  test('need half of the nodes', () => {
    expect(componentScores(components, mix.fill(NaN, 10))).toBeNull()
    expect(componentScores([], mix)).toBeNull()
  })
})
