/**
 * Quotas in units per UTC minute and UTC day. Fixed windows, because they can be exact, are one number each, and reset
 * at a time that can be told beforehand.
 */
import type { QuotaWindow, Standing, WindowStanding } from '#schemas/quota'

export interface QuotaLimits {
  readonly unitsPerMinute: number
  readonly unitsPerDay: number
}

export interface QuotaUse {
  readonly minuteStartMs: number
  readonly minuteUnits: number
  readonly dayStartMs: number
  readonly dayUnits: number
}

export type QuotaVerdict =
  | { readonly ok: true; readonly use: QuotaUse; readonly standing: Standing }
  | { readonly ok: false; readonly exhausted: QuotaWindow; readonly standing: Standing }

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

export const NO_USE: QuotaUse = { minuteStartMs: 0, minuteUnits: 0, dayStartMs: 0, dayUnits: 0 }

/** Admits `units` when both windows have room for all of them. */
export function decideUse(held: QuotaUse, units: number, limits: QuotaLimits, nowMs: number): QuotaVerdict {
  const use = addUnits(held, units, nowMs)
  // The longer wait first: a client told to come back in a minute would find the day still spent.
  const exhausted =
    use.dayUnits > limits.unitsPerDay ? 'day' : use.minuteUnits > limits.unitsPerMinute ? 'minute' : null
  if (exhausted === null) return { ok: true, use, standing: standingOf(use, limits) }
  return { ok: false, exhausted, standing: standingOf(addUnits(held, 0, nowMs), limits) }
}

/** What was served counts, whether there was room or not. */
export function addUnits(held: QuotaUse, units: number, nowMs: number): QuotaUse {
  const minuteStartMs = startOf(held.minuteStartMs, nowMs, MINUTE_MS)
  const dayStartMs = startOf(held.dayStartMs, nowMs, DAY_MS)
  return {
    minuteStartMs,
    minuteUnits: (minuteStartMs === held.minuteStartMs ? held.minuteUnits : 0) + units,
    dayStartMs,
    dayUnits: (dayStartMs === held.dayStartMs ? held.dayUnits : 0) + units,
  }
}

export function standingOf(use: QuotaUse, limits: QuotaLimits): Standing {
  return {
    minute: {
      limit: limits.unitsPerMinute,
      remaining: Math.max(0, limits.unitsPerMinute - use.minuteUnits),
      resetsAtMs: use.minuteStartMs + MINUTE_MS,
    },
    day: {
      limit: limits.unitsPerDay,
      remaining: Math.max(0, limits.unitsPerDay - use.dayUnits),
      resetsAtMs: use.dayStartMs + DAY_MS,
    },
  }
}

/** The day as somebody sees it who may use no more than `limit` of it, and has used `used`. */
export function dayWithin(day: WindowStanding, limit: number, used: number): WindowStanding {
  const remaining = Math.max(0, Math.min(day.remaining, limit - used))
  return { limit: Math.min(day.limit, limit), remaining, resetsAtMs: day.resetsAtMs }
}

/** Never an earlier window than the one in progress: a clock set back must not open a spent one again. */
function startOf(heldMs: number, nowMs: number, windowMs: number): number {
  return Math.max(heldMs, Math.floor(nowMs / windowMs) * windowMs)
}
