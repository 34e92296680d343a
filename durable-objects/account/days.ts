/** UTC days, by which usage is summed and kept. */
import { DAY_MS } from './quota.ts'

/** One month and a few days, so that a month can be settled after it ended. */
export const KEPT_DAYS = 35

/** `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function daysBefore(nowMs: number, days: number): string {
  return dayOf(nowMs - days * DAY_MS)
}
