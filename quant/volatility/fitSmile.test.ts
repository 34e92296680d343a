import { describe, expect, test } from 'vitest'
import { fitSmile, type SmileFit } from './fitSmile.ts'
import { curveAt, totalVariance } from './smileCurve.ts'
import type { ExpirySmile, SmileRow } from './smileInputs.ts'
import { sviFit } from './sampleSmiles.ts'

const MONTH = sviFit(30)

function smileOf(strikes: readonly number[], bump: (k: number) => number = () => 0): ExpirySmile {
  const { years, forward, discount, expiryMs, curve } = MONTH
  const rows = strikes.map((strike): SmileRow => {
    const k = Math.log(strike / forward)
    const vol = Math.sqrt(totalVariance(curve, k) / years) + bump(k)
    return {
      strike,
      k,
      right: k < 0 ? 'put' : 'call',
      vol,
      bidVol: vol - 0.001,
      askVol: vol + 0.001,
      weight: 250_000,
    }
  })
  return { expiryMs, years, forward, discount, rows, straddles: null }
}

const every = (step: number, from = 5500, to = 7000): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)

function fitted(smile: ExpirySmile): SmileFit {
  const result = fitSmile(smile)
  if (!result.ok) throw new Error(result.missing.reason)
  return result.fit
}

describe('with enough strikes', () => {
  test('it is SVI, close to the quotes and without flags', () => {
    const fit = fitted(smileOf(every(10)))
    expect(fit.curve.model).toBe('svi')
    expect(fit.flags).toEqual([])
    expect(fit.quality.rmseVolPts).toBeLessThan(0.01)
    expect(fit.quality.insideSpread).toBe(1)
    expect(fit.atmVol).toBeCloseTo(MONTH.atmVol, 5)
  })

  test('strikes beyond five deviations are quoted but not fitted, and the range says so', () => {
    const fit = fitted(smileOf(every(10, 3000, 9000)))
    const deviation = fit.atmVol * Math.sqrt(fit.years)
    expect(fit.quality.rowsQuoted).toBe(601)
    expect(fit.quality.rowsFitted).toBeLessThan(300)
    expect(fit.kMin).toBeGreaterThan(-5.1 * deviation)
    expect(fit.kMax).toBeLessThan(5.1 * deviation)
  })

  test('a shape SVI does not have is flagged by how far it misses', () => {
    const eventDay = fitted(smileOf(every(10), (k) => (Math.abs(k) < 0.02 ? 0.06 : 0)))
    expect(eventDay.flags).toContain('POOR_FIT')
    expect(eventDay.quality.rmseVolPts).toBeGreaterThan(1)
  })
})

describe('with few strikes', () => {
  test('it is a quadratic, flagged', () => {
    const fit = fitted(smileOf(every(100, 6200, 6700)))
    expect(fit.curve.model).toBe('quadratic')
    expect(fit.flags).toEqual(['FALLBACK_QUADRATIC'])
    expect(fit.quality.rmseVolPts).toBeLessThan(0.5)
    expect(curveAt(fit.curve, 0).w).toBeCloseTo(totalVariance(MONTH.curve, 0), 4)
  })

  test.each([
    ['too_few_strikes', smileOf([])],
    ['too_few_strikes', smileOf([6450, 6550])],
    ['forward_outside_strikes', smileOf(every(10, 5500, 6400))],
  ])('%s', (reason, smile) => {
    const { expiryMs, years } = smile
    expect(fitSmile(smile)).toEqual({ ok: false, missing: { expiryMs, years, reason } })
  })
})

test('volatilities without quotes are flagged and have no share inside the spread', () => {
  const smile = smileOf(every(10))
  const fit = fitted({ ...smile, rows: smile.rows.map((row) => ({ ...row, bidVol: null, askVol: null })) })
  expect(fit.flags).toEqual(['NO_QUOTES'])
  expect(fit.quality.insideSpread).toBeNull()
})

test('a row that weighs nothing changes nothing', () => {
  const smile = smileOf(every(10))
  const wild = { ...(smile.rows[75] as SmileRow), vol: 0.9, weight: 0 }
  const rows = [...smile.rows.slice(0, 75), wild, ...smile.rows.slice(76)]
  const without = [...smile.rows.slice(0, 75), ...smile.rows.slice(76)]
  expect(fitted({ ...smile, rows }).curve).toEqual(fitted({ ...smile, rows: without }).curve)
})
