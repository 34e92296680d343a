import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, sampleContracts, sampleForward } from '../../chain/sampleChain.ts'
import { curveAt, type SmileCurve } from '../../volatility/smileCurve.ts'
import type { RawVolPoints, VolSurface } from '../../volatility/surface.ts'
import { explainSample } from '../explainSample.ts'

const read = (name: string, contracts = sampleContracts()) => explainSample(`ivSurface.${name}`, contracts)

describe('the grid', () => {
  const surface = read('byMoneyness').value as VolSurface

  test('holds the known volatility, at a listed maturity and between two', () => {
    const listed = sampleContracts({ days: [8, 30, 36] })
    const { at, tenorDays, vol } = read('byMoneyness', listed).value as VolSurface
    const row = vol[tenorDays.indexOf(30)]
    const forward = sampleForward(SAMPLE_MARKET, 30)
    for (const moneyness of [0.95, 1, 1.05]) {
      const expected = SAMPLE_MARKET.vol(moneyness * forward, 30)
      expect(row?.[at.indexOf(moneyness)]).toBeCloseTo(expected, 3)
    }
  })

  test('says why a cell is empty, there and in the evidence', () => {
    for (const [i, row] of surface.vol.entries())
      for (const [j, vol] of row.entries()) expect(vol === null).toBe(surface.reasons[i]?.[j] !== null)
    const masked = surface.reasons.flat().filter((reason) => reason === 'strike_not_quoted').length
    expect(read('byMoneyness').evidence.inputs).toContainEqual(
      expect.objectContaining({ name: 'cells masked: strike_not_quoted', value: masked }),
    )
  })

  test('by deviations puts the forward in the middle', () => {
    const { at, tenorDays, vol } = read('byDeviations').value as VolSurface
    const byMoneyness = surface.vol[surface.tenorDays.indexOf(30)]?.[surface.at.indexOf(1)]
    expect(vol[tenorDays.indexOf(30)]?.[at.indexOf(0)]).toBeCloseTo(byMoneyness as number, 12)
  })

  test('the quoted part is the share of cells with a volatility, and the quality of the grid', () => {
    const cells = surface.vol.flat()
    const share = cells.filter((vol) => vol !== null).length / cells.length
    expect(read('shown').value).toBe(share)
    expect(read('byMoneyness').quality).toBe(Math.round(100 * share))
  })
})

test('points are the out-of-the-money side of every strike, between their bid and ask', () => {
  const { expiryMs, strike, vol, bidVol, askVol, k } = read('points').value as RawVolPoints
  expect([strike, vol, bidVol, askVol, k].map(({ length }) => length)).toEqual(
    Array.from({ length: 5 }, () => expiryMs.length),
  )
  for (const [i, at] of strike.entries()) {
    const [bid, ask] = [bidVol[i] ?? null, askVol[i] ?? null]
    if (bid === null || ask === null) continue
    expect(bid).toBeLessThanOrEqual(SAMPLE_MARKET.vol(at, 0) + 1e-6)
    expect(ask).toBeGreaterThanOrEqual(SAMPLE_MARKET.vol(at, 0) - 1e-6)
  }
})

interface Fit {
  readonly days: number
  readonly atmVol: number
  readonly curve: SmileCurve
}

test('fits say the volatility at the forward', () => {
  const fits = read('fits').value as Fit[]
  expect(fits).toHaveLength(5)
  for (const { curve, days, atmVol } of fits) {
    expect(Math.sqrt((curveAt(curve, 0).w * 365) / days)).toBeCloseTo(atmVol, 9)
  }
})

test('an earlier expiry with more variance than the next is counted and flagged', () => {
  expect(read('calendarArbitrage').value).toBe(0)
  const inverted = sampleContracts({ days: [30, 36], vol: (_, days) => (days < 33 ? 0.4 : 0.2) })
  const { value, flags } = read('calendarArbitrage', inverted)
  expect(value).toBe(1)
  expect(flags).toContain('ARB_CALENDAR')
})

test('a smile no curve follows is flagged, and its error is the median over expiries', () => {
  const wild = sampleContracts({
    days: [36],
    vol: (strike) => 0.14 + 0.04 * Math.sin(strike / 60),
  })
  const { value, flags } = read('rmseVolPts', wild)
  expect(value).toBeGreaterThan(1)
  expect(flags).toContain('POOR_FIT')
  expect(read('rmseVolPts').value).toBeLessThan(0.2)
})

test.each([
  ['no quotes', sampleContracts({ halfSpread: -1 })],
  ['no contracts', []],
])('%s: null with a reason', (_, contracts) => {
  for (const name of ['byMoneyness', 'byDeviations', 'fits', 'rmseVolPts', 'butterflyArbitrage', 'shown'])
    expect(read(name, contracts)).toMatchObject({ value: null, reason: 'no expiry has a fitted smile' })
  expect(read('points', contracts)).toMatchObject({ value: null, reason: 'no contract has a volatility' })
})
