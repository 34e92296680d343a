import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET } from '../chain/sampleChain.ts'
import { sampleEngine } from '../volatility/sampleSmiles.ts'
import { volatilityStructure } from '../volatility/volatilityStructure.ts'
import { eigenHedge } from './eigenHedge.ts'
import { EMPTY_NODE_HISTORY } from './nodeHistory.ts'
import { historyOf, knownChanges } from './sampleChanges.ts'
import { sampleNodes } from './surfaceNodes.ts'

const { nowMs } = SAMPLE_MARKET
const engine = sampleEngine({ days: [5, 8, 36, 120] })
const { fits } = volatilityStructure(engine)
const { lnVol } = sampleNodes(fits, nowMs)

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : []
}

describe('with two sessions of history', () => {
  const changes = knownChanges({ rows: 156 })
  const found = eigenHedge(engine, fits, historyOf(changes, lnVol, nowMs), null)

  test('the basis is empirical and its three components explain nearly everything', () => {
    const unquoted = [...lnVol.keys()].filter((node) => Number.isNaN(lnVol[node]))
    expect(unquoted.length).toBeLessThan(5)
    expect(found).toMatchObject({ basis: 'empirical', rows: 156, nodes: { dropped: unquoted } })
    expect(found.explained).toBeGreaterThan(0.95)
    expect(found.reasons).toEqual({ basis: null, scores: null, exposures: null, hedge: null })
  })

  test('scores are those of the last change, in vol points of a typical node', () => {
    expect(found.latestChange).toEqual({ fromMs: nowMs - 300_000, toMs: nowMs })
    const shift = new Float64Array(28).fill(0.02)
    const history = historyOf([...changes, shift], lnVol, nowMs)
    const { pc1Level, atmVol, components } = eigenHedge(engine, fits, history, null)
    // Every volatility 2 % higher: 2 % of the volatility at the forward.
    expect(Math.abs((pc1Level as number) / (2 * (atmVol as number)) - 1)).toBeLessThan(0.02)
    expect(components[0]?.scoreLogIv).toBeCloseTo(0.02 * Math.sqrt(28), 2)
  })

  test('a score times its exposure is the same gain in either unit', () => {
    for (const [j, { perUnit, perVolPt }] of found.exposures.entries()) {
      const { scoreLogIv, scoreVolPts } = found.components[j] ?? {}
      expect((perVolPt as number) * (scoreVolPts as number)).toBeCloseTo(perUnit * (scoreLogIv as number), 3)
    }
  })

  test('the hedge leaves nothing', () => {
    const size = Math.max(...found.exposures.map(({ perUnit }) => Math.abs(perUnit)))
    expect(size).toBeGreaterThan(1e5)
    expect(found.hedge?.reason).toBeNull()
    for (const rest of found.hedge?.residual ?? [NaN]) expect(Math.abs(rest)).toBeLessThan(1e-9 * size)
  })

  test('a later basis tells how far it has turned', () => {
    expect(found.subspaceAngleDegrees).toBeNull()
    const later = historyOf([...changes, ...knownChanges({ rows: 30, seed: 7 })], lnVol, nowMs)
    const { components, subspaceAngleDegrees } = eigenHedge(engine, fits, later, found.components)
    expect(subspaceAngleDegrees).toBeGreaterThan(0)
    expect(subspaceAngleDegrees).toBeLessThan(3)
    for (const { angleDegrees } of components) expect(angleDegrees).toBeLessThan(8)
    expect(eigenHedge(engine, fits, historyOf(changes, lnVol, nowMs), found.components)).toMatchObject({
      subspaceAngleDegrees: expect.closeTo(0, 4),
    })
  })
})

describe('without history', () => {
  const found = eigenHedge(engine, fits, EMPTY_NODE_HISTORY, null)

  test('the basis is analytic and says why; there are exposures and a hedge but no scores', () => {
    expect(found).toMatchObject({
      basis: 'analytic',
      rows: 0,
      explained: null,
      pc1Level: null,
      pc2Slope: null,
      pc3Curvature: null,
      reasons: { basis: 'insufficient_history', scores: 'no_recent_change', exposures: null, hedge: null },
    })
    expect(found.components.map(({ share }) => share)).toEqual([null, null, null])
    expect(found.exposures).toHaveLength(3)
    expect(found.hedge?.instruments).toHaveLength(3)
  })

  test('everything goes through JSON unchanged', () => {
    expect(numbersIn(found).filter((value) => !Number.isFinite(value))).toEqual([])
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })
})

describe('what cannot be computed is null with a reason', () => {
  test('a chain that has settled', () => {
    const settled = sampleEngine()
    reprice(settled, SAMPLE_MARKET.spot, nowMs + 400 * 86_400_000)
    const found = eigenHedge(settled, [], EMPTY_NODE_HISTORY, null)
    expect(found).toMatchObject({
      basis: null,
      components: [],
      atmVol: null,
      exposures: [],
      hedge: null,
      reasons: { scores: 'too_few_nodes', exposures: 'too_few_nodes', hedge: 'too_few_nodes' },
    })
  })

  test('a book nobody knows', () => {
    const unknown = sampleEngine({ openInterest: () => NaN })
    const found = eigenHedge(unknown, fits, EMPTY_NODE_HISTORY, null)
    expect(found).toMatchObject({ exposures: [], hedge: null, outsideGridShare: null })
    expect(found.reasons).toMatchObject({ exposures: 'no_positions', hedge: 'no_positions' })
  })

  test('a history of another time', () => {
    const old = historyOf(knownChanges({ rows: 80 }), lnVol, nowMs - 3_600_000)
    const found = eigenHedge(engine, fits, old, null)
    expect(found).toMatchObject({ basis: 'empirical', latestChange: null, pc1Level: null })
    expect(found.reasons.scores).toBe('no_recent_change')
  })

  test('whatever a history holds, nothing throws and every number is one', () => {
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: -3, max: -1, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -1e308, 0) },
    )
    const row = fc.array(value, { minLength: 28, maxLength: 28 })
    const previous = fc.array(fc.record({ loadings: fc.array(value, { maxLength: 30 }) }), { maxLength: 4 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 58, maxLength: 66 }), previous, (rows, previous) => {
        const history = {
          rows: rows.map((lnVol, i) => ({
            asOfMs: nowMs - 300_000 * (rows.length - 1 - i),
            lnVol: Float64Array.from(lnVol),
          })),
        }
        const found = eigenHedge(engine, fits, history, previous)
        expect(numbersIn(found).filter((number) => !Number.isFinite(number))).toEqual([])
        expect(found.components.length === 0).toBe(found.basis === null)
        expect(found.pc1Level === null).toBe(found.reasons.scores !== null)
        expect(found.exposures.length === 0).toBe(found.reasons.exposures !== null)
      }),
      { seed: 12, numRuns: 40 },
    )
  })
})
