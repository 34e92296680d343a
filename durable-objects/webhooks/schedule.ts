/** What becomes of a delivery and its endpoint after an attempt. Pure. */
import type { DisabledReason } from '#schemas/rest/webhooks'

/** Waits after the first attempt, the second and so on, as Standard Webhooks proposes; then it is given up: three days. */
export const RETRY_DELAYS_MS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(
  (seconds) => seconds * 1_000,
)
const JITTER_SHARE = 0.2
/** An endpoint where nothing has arrived for so long is turned off. */
export const DISABLE_AFTER_MS = 5 * 86_400_000
const MAX_RETRY_AFTER_MS = 86_400_000
/** An endpoint that fails is left alone for a second, twice that the next time, up to this. */
const MAX_REST_MS = 300_000

export interface Attempt {
  /** Of the answer; null without one. */
  readonly status: number | null
  /** Why there was none. */
  readonly error?: string
  /** As it came. */
  readonly retryAfter?: string | null
}

export interface EndpointHealth {
  readonly failingSinceMs: number | null
  readonly failuresInARow: number
  /** No attempt before. */
  readonly restUntilMs: number
}
export const HEALTHY: EndpointHealth = { failingSinceMs: null, failuresInARow: 0, restUntilMs: 0 }

export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'queued'; readonly nextMs: number; readonly error: string }
  | { readonly state: 'dead'; readonly error: string }

export interface AfterAttempt {
  readonly delivery: Verdict
  readonly health: EndpointHealth
  readonly disabled: DisabledReason | null
}

/** `attempts` includes this one; `random` is of [0, 1). */
export function afterAttempt(
  attempt: Attempt,
  attempts: number,
  before: EndpointHealth,
  nowMs: number,
  random: number,
): AfterAttempt {
  const { status } = attempt
  if (status !== null && status >= 200 && status < 300)
    return { delivery: { state: 'delivered' }, health: HEALTHY, disabled: null }
  const error = errorOf(attempt)
  const failingSinceMs = before.failingSinceMs ?? nowMs
  const failuresInARow = before.failuresInARow + 1
  const askedMs = retryAfterMs(attempt, nowMs)
  const restMs = Math.max(askedMs, Math.min(MAX_REST_MS, 1_000 * 2 ** Math.min(failuresInARow - 1, 20)))
  const restUntilMs = Math.max(before.restUntilMs, nowMs + restMs)
  const health = { failingSinceMs, failuresInARow, restUntilMs }
  if (status === 410) return { delivery: { state: 'dead', error }, health, disabled: 'gone' }
  const disabled = nowMs - failingSinceMs >= DISABLE_AFTER_MS ? 'failing' : null
  const delayMs = RETRY_DELAYS_MS[attempts - 1]
  if (delayMs === undefined) return { delivery: { state: 'dead', error }, health, disabled }
  const jittered = delayMs * (1 + JITTER_SHARE * (2 * random - 1))
  // Asked for patience, we are patient; asked for haste, we keep to the schedule, or an outage would use up all attempts.
  const nextMs = nowMs + Math.round(Math.max(jittered, askedMs * (1 + JITTER_SHARE * random)))
  return { delivery: { state: 'queued', nextMs, error }, health, disabled }
}

function errorOf({ status, error }: Attempt): string {
  if (status === null) return error ?? 'no answer'
  return status >= 300 && status < 400 ? `${status}: redirects are not followed` : `answered ${status}`
}

/** Seconds or a date (RFC 9110), of those answers that mean it; at most a day. */
function retryAfterMs({ status, retryAfter }: Attempt, nowMs: number): number {
  if ((status !== 429 && status !== 503) || !retryAfter) return 0
  const ms = /^\d{1,9}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - nowMs
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : 0
}
