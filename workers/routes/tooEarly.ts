import { lowestTier } from '#schemas/tiers'
import { AppError } from '../middleware/errors/AppError.ts'

/** For raw data of a live market that the caller's tier may see only later. */
export function tooEarly(what: string, fromMs: number, nowMs: number): AppError {
  const availableFrom = new Date(fromMs).toISOString()
  const retryAfterSeconds = Math.max(1, Math.ceil((fromMs - nowMs) / 1_000))
  return new AppError(
    'too_early',
    `${what} that is old enough for this tier is there from ${availableFrom}`,
    {
      availableFrom,
      requiredTier: lowestTier(({ rawDelayMs }) => rawDelayMs === 0),
      headers: { 'Retry-After': String(retryAfterSeconds) },
    },
  )
}
