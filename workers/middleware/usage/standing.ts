/** What an isolate makes of an account's standing between two answers of its object. */
import type { QuotaLimits } from '#durable-objects/account/quota'
import { QUOTA_WINDOWS, type QuotaWindow, type Standing, type WindowStanding } from '#schemas/quota'

/**
 * `told` is what the object last said, null before it has said anything; `untoldUnits` were served since. Once a window
 * has ended the next one is taken to be whole, which the object corrects.
 */
export function currentStanding(
  told: Standing | null,
  untoldUnits: number,
  limits: QuotaLimits,
  nowMs: number,
): Standing {
  const current = (name: QuotaWindow, limit: number): WindowStanding => {
    const window = told?.[name]
    const isRunning = window !== undefined && window.resetsAtMs > nowMs
    const lengthMs = QUOTA_WINDOWS[name] * 1000
    return {
      limit,
      remaining: Math.max(0, (isRunning ? window.remaining : limit) - untoldUnits),
      resetsAtMs: isRunning ? window.resetsAtMs : (Math.floor(nowMs / lengthMs) + 1) * lengthMs,
    }
  }
  return { minute: current('minute', limits.unitsPerMinute), day: current('day', limits.unitsPerDay) }
}

/** The window without room for `units`; the one with the longer wait where both have none. */
export function exhaustedWindow(standing: Standing, units: number): QuotaWindow | null {
  if (standing.day.remaining < units) return 'day'
  return standing.minute.remaining < units ? 'minute' : null
}

/** draft-ietf-httpapi-ratelimit-headers-11. */
export function rateLimitHeaders(standing: Standing, nowMs: number): Record<string, string> {
  const windows = (Object.keys(QUOTA_WINDOWS) as QuotaWindow[]).map((name) => ({ name, ...standing[name] }))
  return {
    'RateLimit-Policy': windows
      .map(({ name, limit }) => `"${name}";q=${limit};w=${QUOTA_WINDOWS[name]}`)
      .join(', '),
    RateLimit: windows
      .map(
        ({ name, remaining, resetsAtMs }) => `"${name}";r=${remaining};t=${secondsUntil(resetsAtMs, nowMs)}`,
      )
      .join(', '),
  }
}

/** Whole seconds, never too early. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}
