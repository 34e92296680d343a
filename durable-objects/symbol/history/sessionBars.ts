/**
 * One bar per session of the underlying, with the 30-day volatility last seen in it: what realised volatility, IV rank and
 * the variance risk premium are measured on. Dates are yyyymmdd.
 */
import * as v from 'valibot'

/** A trading year and a little more. */
export const KEPT_SESSIONS = 260

export const SessionBarSchema = v.object({
  date: v.number(),
  open: v.number(),
  high: v.number(),
  low: v.number(),
  close: v.number(),
  /** Annualised, at the money, constant maturity; null when none was computed. */
  atmVol30: v.nullable(v.number()),
})
export type SessionBar = v.InferOutput<typeof SessionBarSchema>

/** Oldest first, one per date. */
export type SessionBars = readonly SessionBar[]

/** Takes a price into the bar of its session. A session earlier than the newest is a replay's: what came after it goes. */
export function withPrice(bars: SessionBars, date: number, price: number): SessionBars {
  if (!(price > 0 && price < Infinity) || date === 0) return bars
  const earlier = bars.filter((bar) => bar.date < date)
  const held = bars.find((bar) => bar.date === date)
  const bar =
    held === undefined
      ? { date, open: price, high: price, low: price, close: price, atmVol30: null }
      : { ...held, high: Math.max(held.high, price), low: Math.min(held.low, price), close: price }
  return [...earlier, bar].slice(-KEPT_SESSIONS)
}

/** Notes the volatility of a session that has a bar. */
export function withVol(bars: SessionBars, date: number, atmVol30: number | null): SessionBars {
  if (atmVol30 === null || !Number.isFinite(atmVol30)) return bars
  return bars.map((bar) => (bar.date === date ? { ...bar, atmVol30 } : bar))
}

/** Sessions before a date. */
export function barsBefore(bars: SessionBars, date: number): SessionBars {
  return bars.filter((bar) => bar.date < date)
}
