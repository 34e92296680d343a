import { describe, expect, test } from 'vitest'
import { SAMPLE_NOW_MS, sampleContracts } from '../../chain/sampleChain.ts'
import type { ComponentExposure } from '../../eigen/eigenHedge.ts'
import { historyOf, knownChanges } from '../../eigen/sampleChanges.ts'
import { sampleNodes } from '../../eigen/surfaceNodes.ts'
import type { ThreeInstrumentHedge } from '../../eigen/threeInstrumentHedge.ts'
import { explainSample } from '../explainSample.ts'
import { NO_HISTORY, type MarketHistory } from '../marketHistory.ts'
import { sampleView } from '../sampleView.ts'

const CONTRACTS = sampleContracts({ days: [5, 8, 36, 120] })
const { lnVol } = sampleNodes(sampleView(CONTRACTS).volatility.fits, SAMPLE_NOW_MS)
const CHANGES = knownChanges({ rows: 156 })
const nodes = historyOf(CHANGES, lnVol, SAMPLE_NOW_MS)

const read = (name: string, history: Partial<MarketHistory> = {}, contracts = CONTRACTS) =>
  explainSample(`eigenHedge.${name}`, contracts, { history: { ...NO_HISTORY, ...history } })

describe('with two sessions of five-minute changes', () => {
  test('a surface that rises by 2 % moved its level and neither slope nor curvature', () => {
    const risen = historyOf([...CHANGES, new Float64Array(28).fill(0.02)], lnVol, SAMPLE_NOW_MS)
    const atmVol = sampleView(CONTRACTS).volatility.termStructure.constantMaturity[1]?.atmVol ?? Number.NaN
    const level = read('pc1Level', { nodes: risen }).value as number
    expect(Math.abs(level / (100 * 0.02 * atmVol) - 1)).toBeLessThan(0.02)
    for (const name of ['pc2Slope', 'pc3Curvature'])
      expect(Math.abs(read(name, { nodes: risen }).value as number)).toBeLessThan(0.1 * level)
  })

  test('components explain nearly everything, each with its share in the evidence', () => {
    const { value, evidence, flags } = read('explained', { nodes })
    expect(value).toBeGreaterThan(0.95)
    const shares = evidence.contributions?.items.map(({ amount }) => amount) ?? []
    expect(shares).toHaveLength(3)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(value as number, 12)
    expect(flags).toEqual([])
    expect(read('basis', { nodes }).value).toBe('empirical')
  })

  test('turn against components kept earlier', () => {
    expect(read('subspaceAngle', { nodes })).toMatchObject({
      value: null,
      reason: 'no earlier components to compare with',
    })
    const { components } = read('components', { nodes }).value as Pick<MarketHistory, 'components'>
    expect(read('subspaceAngle', { nodes, components: components ?? null }).value).toBeCloseTo(0, 4)
  })
})

describe('without history', () => {
  test('smile shapes stand in, flagged, and nothing has moved', () => {
    expect(read('basis').value).toBe('analytic')
    expect(read('basis').flags).toContain('INSUFFICIENT_HISTORY')
    expect(read('explained')).toMatchObject({
      value: null,
      reason: 'under 60 five-minute changes of the surface are known',
    })
    expect(read('pc1Level').reason).toBe('no change of the surface within the last ten minutes is known')
  })

  test('the book still has exposures: those of a book twice as large are twice as large', () => {
    const twice = CONTRACTS.map((contract) => ({ ...contract, openInterest: 2 * contract.openInterest }))
    const [once, doubled] = [read('exposures'), read('exposures', {}, twice)].map(
      ({ value }) => value as ComponentExposure[],
    )
    expect(once?.map(({ id }) => id)).toEqual(['level', 'slope', 'curvature'])
    for (const [j, { perUnit }] of (once ?? []).entries())
      expect((doubled?.[j]?.perUnit ?? 0) / perUnit).toBeCloseTo(2, 9)
    expect(read('outsideGridShare', {}, twice).value).toBeCloseTo(read('outsideGridShare').value as number, 9)
  })

  test('the hedge offsets what lies inside the grid', () => {
    const { instruments, residual } = read('hedge').value as ThreeInstrumentHedge
    const exposures = read('exposures').value as ComponentExposure[]
    const size = Math.max(...exposures.map(({ perUnitInsideGrid }) => Math.abs(perUnitInsideGrid)))
    for (const [j, { perUnitInsideGrid }] of exposures.entries()) {
      const traded = instruments.reduce((sum, { quantity, perUnit }) => sum + quantity * (perUnit[j] ?? 0), 0)
      expect(Math.abs(perUnitInsideGrid + traded)).toBeLessThan(1e-9 * size)
      expect(Math.abs(residual?.[j] ?? Number.NaN)).toBeLessThan(1e-9 * size)
    }
    expect(read('hedgeCondition').value).toBeGreaterThanOrEqual(1)
  })
})

test.each([
  ['no open interest', sampleContracts({ openInterest: () => 0 }), 'no open interest'],
  [
    'no quotes',
    sampleContracts({ halfSpread: -1 }),
    'the maturities and strikes quoted do not tell level, slope and curvature apart',
  ],
  ['no contracts', [], 'the maturities and strikes quoted do not tell level, slope and curvature apart'],
])('%s: null with a reason', (_, contracts, reason) => {
  for (const name of ['exposures', 'outsideGridShare', 'hedge', 'hedgeCondition'])
    expect(read(name, {}, contracts)).toMatchObject({ value: null, reason })
  expect(read('pc1Level', {}, contracts).value).toBeNull()
})
