/** One session's prices, oldest first in an array. */
export interface Bar {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

export type NoRealisedVolReason = 'too_few_bars' | 'invalid_bar'

export interface RealisedVol {
  /** Annualised. */
  readonly vol: number | null
  /** Sessions that took part. */
  readonly bars: number
  readonly reason: NoRealisedVolReason | null
}

export const SESSIONS_PER_YEAR = 252
/** Below this a variance estimate has an error as large as itself. */
const LEAST_BARS = 5

/** Standard deviation of daily log returns about their mean: overnight moves included, the day's range ignored. */
export function closeToCloseVol(bars: readonly Bar[], perYear = SESSIONS_PER_YEAR): RealisedVol {
  return estimate(bars, bars.length - 1, () => {
    const returns = bars.slice(1).map(({ close }, i) => Math.log(close / (bars[i] as Bar).close))
    return sampleVariance(returns) * perYear
  })
}

/**
 * From the day's range (M. Parkinson, "The extreme value method for estimating the variance of the rate of return",
 * 1980): five times as efficient, but blind to overnight gaps, so it is the volatility of trading hours only.
 */
export function parkinsonVol(bars: readonly Bar[], perYear = SESSIONS_PER_YEAR): RealisedVol {
  return estimate(bars, bars.length, () => {
    const squares = bars.map(({ high, low }) => Math.log(high / low) ** 2)
    return (mean(squares) / (4 * Math.LN2)) * perYear
  })
}

/**
 * Overnight, open-to-close and Rogers–Satchell variance weighted for least variance (D. Yang and Q. Zhang, "Drift
 * independent volatility estimation based on high, low, open and close prices", 2000): unbiased with drift and gaps.
 */
export function yangZhangVol(bars: readonly Bar[], perYear = SESSIONS_PER_YEAR): RealisedVol {
  const days = bars.length - 1
  return estimate(bars, days, () => {
    const today = bars.slice(1)
    const overnight = today.map(({ open }, i) => Math.log(open / (bars[i] as Bar).close))
    const openToClose = today.map(({ open, close }) => Math.log(close / open))
    const rogersSatchell = mean(
      today.map(
        ({ open, high, low, close }) =>
          Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open),
      ),
    )
    const weight = 0.34 / (1.34 + (days + 1) / (days - 1))
    const session = weight * sampleVariance(openToClose) + (1 - weight) * rogersSatchell
    return (sampleVariance(overnight) + session) * perYear
  })
}

function estimate(bars: readonly Bar[], used: number, annualVariance: () => number): RealisedVol {
  const none = (reason: NoRealisedVolReason): RealisedVol => ({ vol: null, bars: Math.max(0, used), reason })
  if (!bars.every(isValid)) return none('invalid_bar')
  if (used < LEAST_BARS) return none('too_few_bars')
  return { vol: Math.sqrt(annualVariance()), bars: used, reason: null }
}

function isValid({ open, high, low, close }: Bar): boolean {
  return low > 0 && high < Infinity && low <= Math.min(open, close) && high >= Math.max(open, close)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function sampleVariance(values: readonly number[]): number {
  const centre = mean(values)
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
}
