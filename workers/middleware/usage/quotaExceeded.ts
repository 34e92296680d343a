/** The refusal of a call for which there is no room, saying when there will be. */
import type { QuotaWindow, Standing } from '#schemas/quota'
import { AppError } from '../errors/AppError.ts'
import { rateLimitHeaders, secondsUntil } from './standing.ts'

export function quotaExceeded(
  standing: Standing,
  exhausted: QuotaWindow,
  units: number,
  nowMs: number,
): AppError {
  const { limit, remaining, resetsAtMs } = standing[exhausted]
  const seconds = secondsUntil(resetsAtMs, nowMs)
  const detail = `expected at most ${limit} units a ${exhausted}: ${remaining} are left and this takes ${units}; try again in ${seconds} s`
  return new AppError('quota_exceeded', detail, {
    retryAfterMs: Math.max(0, resetsAtMs - nowMs),
    'violated-policies': [exhausted],
    headers: {
      ...rateLimitHeaders(standing, nowMs),
      'Retry-After': String(Math.max(1, seconds)),
      'X-Request-Cost': '0',
    },
  })
}
