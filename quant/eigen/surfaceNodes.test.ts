import { expect, test } from 'vitest'
import { flatFit, sviFit } from '../volatility/sampleSmiles.ts'
import { curveAt } from '../volatility/smileCurve.ts'
import { referenceAtmVol, sampleNodes, SURFACE_NODES } from './surfaceNodes.ts'

const placeOf = (tenorDays: number, deviation: number): number =>
  SURFACE_NODES.findIndex((node) => node.tenorDays === tenorDays && node.deviation === deviation)

test('28 nodes, each the smile where it says', () => {
  const month = sviFit(30)
  const { lnVol, asOfMs } = sampleNodes([sviFit(7), month, sviFit(60), sviFit(90)], 5)
  expect(asOfMs).toBe(5)
  expect(lnVol).toHaveLength(28)
  for (const deviation of [-1.5, 0, 1]) {
    const k = deviation * month.atmVol * Math.sqrt(month.years)
    const vol = Math.sqrt(curveAt(month.curve, k).w / month.years)
    expect(Math.exp(lnVol[placeOf(30, deviation)] as number)).toBeCloseTo(vol, 12)
  }
})

test('a node nobody quotes is NaN: beyond the last expiry, or the strikes', () => {
  const narrow = { ...flatFit(30, 0.2), kMax: 0.7 * 0.2 * Math.sqrt(30 / 365) }
  const { lnVol } = sampleNodes([flatFit(5, 0.2), narrow], 0)
  expect(lnVol[placeOf(60, 0)]).toBeNaN()
  expect(lnVol[placeOf(30, 1)]).toBeNaN()
  expect(lnVol[placeOf(30, 0.5)]).toBeCloseTo(Math.log(0.2), 12)
  expect(sampleNodes([], 0).lnVol.every(Number.isNaN)).toBe(true)
})

test('vol points are at the 30-day volatility, or that of the nearest tenor', () => {
  const { lnVol } = sampleNodes(
    [7, 30, 60, 90].map((days) => flatFit(days, 0.1 + days / 1000)),
    0,
  )
  expect(referenceAtmVol(lnVol)).toBeCloseTo(0.13, 12)
  lnVol[placeOf(30, 0)] = NaN
  expect(referenceAtmVol(lnVol)).toBeCloseTo(0.107, 12)
  expect(referenceAtmVol(new Float64Array(28).fill(NaN))).toBeNull()
})
