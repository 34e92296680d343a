import { fitQuadratic } from './fitQuadratic.ts'
import { fitSvi, type SmilePoint } from './fitSvi.ts'
import { curveAt, durrlemanAt, type SmileCurve } from './smileCurve.ts'
import type { ExpirySmile, SmileRow } from './smileInputs.ts'

/** Why an expiry has no fitted smile. */
export type NoFitReason = 'too_few_strikes' | 'forward_outside_strikes' | 'not_positive'

/**
 * What is wrong with a fitted smile. `ARB_BUTTERFLY`: its density is negative between the fitted strikes.
 * `ARB_CALENDAR`: somewhere an earlier expiry holds more total variance. `POOR_FIT`: it misses the quotes by more than
 * a vol point (an event day's smile has a shape SVI does not). `FALLBACK_QUADRATIC`: too few strikes for SVI.
 * `NO_QUOTES`: volatilities were given without bid and ask, so weights are by vega.
 */
export type SmileFlag = 'ARB_BUTTERFLY' | 'ARB_CALENDAR' | 'POOR_FIT' | 'FALLBACK_QUADRATIC' | 'NO_QUOTES'

export interface FitQuality {
  readonly rowsQuoted: number
  readonly rowsFitted: number
  /** Root mean square of fitted less quoted volatility over the fitted rows, in vol points. */
  readonly rmseVolPts: number
  /** Share of fitted rows whose fitted volatility lies between bid and ask; null without quotes. */
  readonly insideSpread: number | null
  /** Least value of Durrleman's function between the fitted strikes; negative is butterfly arbitrage. */
  readonly leastDurrleman: number
}

/** The fitted smile of one expiry. */
export interface SmileFit {
  readonly expiryMs: number
  readonly years: number
  readonly forward: number
  readonly discount: number
  readonly curve: SmileCurve
  /** Volatility at the forward, annualised. */
  readonly atmVol: number
  /** Log-moneyness of the outermost fitted strikes; beyond them the curve is extrapolated. */
  readonly kMin: number
  readonly kMax: number
  readonly quality: FitQuality
  readonly flags: readonly SmileFlag[]
}

export interface NoSmileFit {
  readonly expiryMs: number
  readonly years: number
  readonly reason: NoFitReason
}

export type SmileFitResult =
  { readonly ok: true; readonly fit: SmileFit } | { readonly ok: false; readonly missing: NoSmileFit }

/** Strikes further than this many standard deviations out trade at the tick, not at a volatility. */
const REACH = 5
/** Rows weighing less than this share of the heaviest are not fitted, so they do not count as quoted range either. */
const LEAST_WEIGHT = 1e-3
/** Eight strikes leave SVI's five parameters something to average. */
const SVI_ROWS = 8
const QUADRATIC_ROWS = 4
/** As far out, in standard deviations, as anything integrates a smile. */
const VANISHING_REACH = 12
const POOR_FIT_VOL_PTS = 1
const CHECKED_POINTS = 60
const ARBITRAGE_TOLERANCE = 1e-4

/** Fits total variance over log-moneyness: raw SVI, or a quadratic when there are too few strikes. */
export function fitSmile(smile: ExpirySmile): SmileFitResult {
  const { expiryMs, years, forward, discount, rows } = smile
  const missing = (reason: NoFitReason): SmileFitResult => ({
    ok: false,
    missing: { expiryMs, years, reason },
  })
  const deviation = atTheMoneyDeviation(smile)
  if (deviation === null)
    return missing(rows.length < QUADRATIC_ROWS ? 'too_few_strikes' : 'forward_outside_strikes')
  const fitted = fittedRows(rows, deviation)
  if (fitted.length < QUADRATIC_ROWS) return missing('too_few_strikes')
  const curve = bestCurve(fitted, years, deviation)
  if (curve === null) return missing('not_positive')
  const [kMin, kMax] = [fitted[0]?.k ?? 0, fitted.at(-1)?.k ?? 0]
  if (!(kMin <= 0 && kMax >= 0)) return missing('forward_outside_strikes')
  const quality = measure(rows.length, fitted, curve, years)
  const atmVol = Math.sqrt(curveAt(curve, 0).w / years)
  const flags = flagsOf(curve, quality)
  return { ok: true, fit: { expiryMs, years, forward, discount, curve, atmVol, kMin, kMax, quality, flags } }
}

/** σ√T at the forward, from the strikes on either side of it; null when it has none on one side. */
function atTheMoneyDeviation({ rows, years }: ExpirySmile): number | null {
  const above = rows.findIndex(({ k }) => k >= 0)
  const high = rows[above]
  const low = rows[above - 1]
  if (high === undefined || low === undefined) return null
  const share = -low.k / (high.k - low.k)
  return Math.sqrt(years * (low.vol ** 2 * (1 - share) + high.vol ** 2 * share))
}

function fittedRows(rows: readonly SmileRow[], deviation: number): SmileRow[] {
  const near = rows.filter(({ k }) => Math.abs(k) <= REACH * deviation)
  const heaviest = near.reduce((most, { weight }) => Math.max(most, weight), 0)
  return near.filter(({ weight }) => weight > LEAST_WEIGHT * heaviest)
}

function bestCurve(rows: readonly SmileRow[], years: number, deviation: number): SmileCurve | null {
  // An error dσ of volatility is 2σT·dσ of total variance.
  const points = rows.map(({ k, vol, weight }): SmilePoint => ({
    k,
    w: vol * vol * years,
    weight: weight / (2 * vol * years) ** 2,
  }))
  if (rows.length < SVI_ROWS) return fitQuadratic(points)
  const svi = fitSvi(points, deviation)
  // Variance is convex and never negative; with one flat wing it may vanish, but only far outside.
  const [left, right] = [-VANISHING_REACH * deviation, VANISHING_REACH * deviation]
  return curveAt(svi, left).w > 0 && curveAt(svi, right).w > 0 ? svi : fitQuadratic(points)
}

function measure(
  rowsQuoted: number,
  fitted: readonly SmileRow[],
  curve: SmileCurve,
  years: number,
): FitQuality {
  let squares = 0
  let quoted = 0
  let inside = 0
  for (const { k, vol, bidVol, askVol } of fitted) {
    const model = Math.sqrt(curveAt(curve, k).w / years)
    squares += (model - vol) ** 2
    if (bidVol === null || askVol === null) continue
    quoted++
    if (bidVol <= model && model <= askVol) inside++
  }
  const kMin = fitted[0]?.k ?? 0
  const step = ((fitted.at(-1)?.k ?? 0) - kMin) / (CHECKED_POINTS - 1)
  let leastDurrleman = Infinity
  for (let i = 0; i < CHECKED_POINTS; i++) {
    leastDurrleman = Math.min(leastDurrleman, durrlemanAt(curve, kMin + i * step))
  }
  return {
    rowsQuoted,
    rowsFitted: fitted.length,
    rmseVolPts: 100 * Math.sqrt(squares / fitted.length),
    insideSpread: quoted > 0 ? inside / quoted : null,
    leastDurrleman,
  }
}

function flagsOf(curve: SmileCurve, { leastDurrleman, rmseVolPts, insideSpread }: FitQuality): SmileFlag[] {
  const flags: SmileFlag[] = []
  if (leastDurrleman < -ARBITRAGE_TOLERANCE) flags.push('ARB_BUTTERFLY')
  if (rmseVolPts > POOR_FIT_VOL_PTS) flags.push('POOR_FIT')
  if (curve.model === 'quadratic') flags.push('FALLBACK_QUADRATIC')
  if (insideSpread === null) flags.push('NO_QUOTES')
  return flags
}
