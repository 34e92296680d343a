import { SESSIONS_PER_YEAR } from './realisedVol.ts'

const MINUTE_MS = 60_000
const WINDOW_MS = 30 * MINUTE_MS
/** Of the half hour: less is a few quotes. */
const LEAST_SPAN_MS = 20 * MINUTE_MS

export interface SpotSample {
  readonly asOfMs: number
  readonly spot: number
}

export interface IntradayVol {
  /** Annualised. */
  readonly vol: number | null
  /** One-minute steps that took part. */
  readonly steps: number
  readonly reason: 'short_path' | null
}

/**
 * Realised volatility of the last half hour: squared log returns over the last sample of each minute, oldest first, by
 * time elapsed, a year being 252 sessions of `sessionMs`. A minute is long enough for the spread's back and forth to stop
 * mattering (T. Andersen, T. Bollerslev, F. Diebold and P. Labys, "The distribution of realized exchange rate
 * volatility", 2001); nights are left out, which implied volatility has in it.
 */
export function halfHourVol(samples: readonly SpotSample[], asOfMs: number, sessionMs: number): IntradayVol {
  const path = lastOfEachMinute(samples, asOfMs)
  const steps = Math.max(0, path.length - 1)
  const [first, last] = [path[0], path.at(-1)]
  const elapsedMs = first === undefined || last === undefined ? 0 : last.asOfMs - first.asOfMs
  if (elapsedMs < LEAST_SPAN_MS || !(sessionMs > 0)) return { vol: null, steps, reason: 'short_path' }
  const squares = path.slice(1).reduce((sum, { spot }, i) => {
    const step = Math.log(spot) - Math.log(path[i]?.spot ?? Number.NaN)
    return sum + step * step
  }, 0)
  return { vol: Math.sqrt((squares / elapsedMs) * sessionMs * SESSIONS_PER_YEAR), steps, reason: null }
}

function lastOfEachMinute(samples: readonly SpotSample[], asOfMs: number): SpotSample[] {
  const byMinute = new Map<number, SpotSample>()
  for (const sample of samples) {
    const ageMs = asOfMs - sample.asOfMs
    if (!(ageMs >= 0 && ageMs <= WINDOW_MS && sample.spot > 0 && sample.spot < Infinity)) continue
    byMinute.set(Math.floor(sample.asOfMs / MINUTE_MS), sample)
  }
  return [...byMinute.values()]
}
