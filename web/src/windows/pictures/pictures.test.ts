import { describe, expect, test } from 'vitest'
import { reading, AS_OF_MS, BOX, context, DAY_MS } from '../reading.testkit.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { WINDOWS } from '../windowList.ts'
import { EIGEN_HEDGE_VIEWS } from './eigenHedge.ts'
import { FLIP_TRACK_VIEW } from './flipTrack.ts'
import { FLOW_RATE_VIEWS } from './flowRate.ts'
import { GAMMA_PULSE_VIEW } from './gammaPulse.ts'
import { IV_SURFACE_VIEWS } from './ivSurface.ts'
import { rungs } from './pinMap.ts'
import { REGIME_SHIFT_VIEW } from './regimeShift.ts'
import { SKEW_SENTINEL_VIEW } from './skewSentinel.ts'
import { THETA_FORGE_VIEW } from './thetaForge.ts'
import { VOL_CUBE_VIEW } from './volCube.ts'
import { lognormalBins, VOL_ENTROPY_VIEWS } from './volEntropy.ts'

const expiryMs = [AS_OF_MS + DAY_MS, AS_OF_MS + 30 * DAY_MS]

function seriesOf(view: ViewDefinition, value: unknown): unknown {
  return view.draw(value, context())?.option?.(BOX)['series']
}

test('every window has a figure, and every view refuses values of another shape', () => {
  expect(WINDOWS).toHaveLength(12)
  for (const { figures, views } of WINDOWS) {
    expect(figures.length).toBeGreaterThan(0)
    for (const view of views)
      for (const value of [null, 'x', {}, [{}]]) expect(view.draw(value, context())).toBeNull()
  }
})

test('GammaPulse draws the parts it has', () => {
  const others = { totalCallGex: reading({ value: 3e9 }), totalPutGex: reading({ value: -2e9 }) }
  const picture = GAMMA_PULSE_VIEW.draw(1e9, context({ others }))
  expect(picture?.table.rows.slice(0, 3)).toEqual([
    ['Calls', '+$3.00B'],
    ['Puts', '−$2.00B'],
    ['Below', '—'],
  ])
})

test('PinMap puts levels at one price on one rung, highest first', () => {
  expect(rungs(context().frame, 6500).map(({ name, price }) => [price, name])).toEqual([
    [6550, 'Call wall'],
    [6500, 'Magnet, absolute gamma'],
    [6490.5, 'Spot'],
    [6475, 'Max pain'],
    [6450, 'Gamma flip'],
    [6400, 'Put wall'],
  ])
})

test('VolCube stands its strikes in order, each in the series of its role', () => {
  const strike = (at: number, label: string) => ({
    strike: at,
    gexFinite: at,
    share: 0.1,
    callShare: 0.5,
    label,
  })
  const value = [strike(6500, 'magnet'), strike(6400, 'accelerator')]
  expect(seriesOf(VOL_CUBE_VIEW, value)).toMatchObject([
    { name: 'Magnet', stack: 'all', data: [{ value: null }, { value: 6500 }] },
    { name: 'Accelerator', stack: 'all', data: [{ value: 6400 }, { value: null }] },
  ])
  expect(VOL_CUBE_VIEW.draw(value, context())?.table.rows[0]?.[0]).toBe('6,500')
})

test('SkewSentinel and ThetaForge keep gaps as gaps', () => {
  const skew = { expiryMs, skew25VolPts: [1.2, null], butterfly25VolPts: [null, 0.2] }
  expect(SKEW_SENTINEL_VIEW.draw(skew, context())?.table.rows).toEqual([
    ['Nov 21, 2026', '1.0', '+1.20', '—'],
    ['Dec 20, 2026', '30.0', '—', '+0.20'],
  ])
  const theta = { expiryMs, gross: [-2e6, null], signed: [1e6, -1e6] }
  expect(seriesOf(THETA_FORGE_VIEW, theta)).toMatchObject([
    { data: [{ value: -2e6 }, { value: null }] },
    { data: [{ value: 1e6 }, { value: -1e6 }] },
  ])
})

test('FlipTrack lists flips, and says when there is none', () => {
  const flip = {
    price: 6300.33,
    slopePer1PctPerPoint: 1e8,
    isSignificant: true,
    distancePct: -3.1,
    ageMs: 50_000,
    driftPerHour: null,
  }
  const picture = FLIP_TRACK_VIEW.draw([flip], context())
  expect(picture?.option).toBeNull()
  expect(picture?.table.rows).toEqual([['6,300.33', '−3.10 %', '50 s', '—', 'long']])
  expect(FLIP_TRACK_VIEW.draw([], context())?.remarks?.[0]).toContain('one sign')
})

test('FlowRate colours each span by its own sign', () => {
  const value = { minutes: [1, 5, 15], perMinute: [2, -1, null] }
  const { call, put } = BOX.palette
  expect(seriesOf(FLOW_RATE_VIEWS[0], value)).toMatchObject([
    {
      data: [
        { value: 2, itemStyle: { color: call } },
        { value: -1, itemStyle: { color: put } },
        { value: null },
      ],
    },
  ])
})

test('EigenHedge takes the loadings of its own maturity', () => {
  const value = {
    nodes: { tenorDays: [7, 30], deviations: [-1, 0, 1] },
    components: [{ id: 'slope', loadings: [1, 2, 3, 4, null, 6] }],
  }
  const month = EIGEN_HEDGE_VIEWS[1]
  expect(month?.draw(value, context())?.table.rows.map((row) => row[1])).toEqual(['4.00', '—', '6.00'])
  expect(EIGEN_HEDGE_VIEWS[3]?.draw(value, context())).toBeNull()
})

describe('VolEntropy', () => {
  const sigmaRootT = 0.04
  const edges = Array.from({ length: 41 }, (_, i) => 6500 * Math.exp((i * 0.25 - 5) * sigmaRootT))

  test('stands a lognormal beside the density that adds up to one with the forward as its mean', () => {
    const bins = lognormalBins(edges)
    const total = bins.reduce((sum, share) => sum + share, 0)
    const mean = bins.reduce(
      (sum, share, i) => sum + share * Math.sqrt((edges[i] ?? 0) * (edges[i + 1] ?? 0)),
      0,
    )
    expect(total).toBeCloseTo(1, 4)
    expect(mean).toBeCloseTo(6500, 0)
  })

  test('says what lies beyond the bins', () => {
    const value = { expiryMs: expiryMs[0], edges, probabilities: lognormalBins(edges), below: 0.01, above: 0 }
    const picture = VOL_ENTROPY_VIEWS[0].draw(value, context())
    expect(picture?.table.rows).toHaveLength(40)
    expect(picture?.remarks).toEqual(['Beyond the range: 1.00 % below, 0.00 % above.'])
  })
})

test('RegimeShift says what decides and what it implies', () => {
  const drivers = [
    { feature: 'gammaSign', value: -1, decides: true },
    { feature: 'somethingNew', value: 0.5, decides: false },
  ]
  const others = { implications: reading({ value: ['Hedging sells falls.'] }) }
  const picture = REGIME_SHIFT_VIEW.draw(drivers, context({ others }))
  expect(picture?.table.rows).toEqual([
    ['Net gamma', 'negative', 'decides'],
    ['somethingNew', '0.50', 'context'],
  ])
  expect(picture?.remarks).toEqual(['Hedging sells falls.'])
})

test('IV Surface leaves cells nobody quotes empty', () => {
  const value = {
    at: [-1, 0],
    tenorDays: [7, 30],
    vol: [
      [null, 0.13],
      [0.15, 0.14],
    ],
  }
  expect(seriesOf(IV_SURFACE_VIEWS[0], value)).toMatchObject([
    {
      data: [
        [1, 0, 0.13],
        [0, 1, 0.15],
        [1, 1, 0.14],
      ],
    },
  ])
  expect(IV_SURFACE_VIEWS[0].draw(value, context())?.table.rows[0]).toEqual(['−1 σ', '—', '15.00 %'])
})
