import { expect, test } from 'vitest'
import { rawVolPoints, volSurface } from './surface.ts'
import { smileInputs } from './smileInputs.ts'
import { sampleEngine, flatFit, sviFit } from './sampleSmiles.ts'

test('shows the fitted volatility where strikes are quoted', () => {
  const surface = volSurface([sviFit(30), sviFit(60)], 'moneyness', [0.95, 1, 1.05], [30, 45, 60])
  const month = sviFit(30)
  expect(surface.vol[0]?.[1]).toBeCloseTo(month.atmVol, 12)
  expect(surface.reasons.flat().every((reason) => reason === null)).toBe(true)
  expect(surface.vol.flat().every((vol) => vol !== null && vol > 0.05 && vol < 0.4)).toBe(true)
})

test('masks what nobody quotes, and says why', () => {
  const { vol, reasons } = volSurface(
    [flatFit(20, 0.2), flatFit(60, 0.2)],
    'moneyness',
    [0.5, 1],
    [7, 30, 90],
  )
  expect(vol).toEqual([
    [null, null],
    [null, expect.closeTo(0.2, 12)],
    [null, null],
  ])
  expect(reasons).toEqual([
    ['before_first_expiry', 'before_first_expiry'],
    ['strike_not_quoted', null],
    ['after_last_expiry', 'after_last_expiry'],
  ])
})

test('in deviations every tenor reaches the same tail', () => {
  const fits = [5, 20, 60, 100].map((days) => flatFit(days, 0.2))
  const surface = volSurface(fits, 'deviations', [-1.5, 0, 1.5], [7, 30, 90])
  for (const [low, middle, high] of surface.vol) {
    expect(low).toBeCloseTo(middle as number, 12)
    expect(high).toBeCloseTo(middle as number, 12)
  }
})

test('raw points are the rows of every expiry', () => {
  const smiles = smileInputs(sampleEngine().chain)
  const raw = rawVolPoints(smiles)
  const rows = smiles.flatMap(({ rows }) => rows)
  expect(raw.strike).toEqual(rows.map(({ strike }) => strike))
  expect(raw.bidVol).toHaveLength(rows.length)
  expect(new Set(raw.expiryMs)).toEqual(new Set(smiles.map(({ expiryMs }) => expiryMs)))
})
