import type { Chain } from '../chain/chain.ts'

/** Which expiries a figure is about. Expiries ascend, so every set is a run of rows that starts at the first live one. */
export const EXPIRY_SETS = ['all', 'within90d', 'front'] as const
export type ExpirySetId = (typeof EXPIRY_SETS)[number]

const DAYS_PER_YEAR = 365
export const WITHIN_DAYS = 90

/** Row boundaries; each section runs from the previous boundary to its own. */
export interface ExpirySections {
  /** First live expiry, −1 when every expiry has settled. */
  frontExpiry: number
  /** First live row. */
  start: number
  frontEnd: number
  within90dEnd: number
  end: number
}

/** The front expiry is the next settlement instant, so on a third Friday the AM series alone is front until 09:30. */
export function expirySections(chain: Chain): ExpirySections {
  const { years, expiryStart, expiryCount, count } = chain
  const frontExpiry = years.findIndex((left) => left > 0)
  if (frontExpiry < 0) return { frontExpiry, start: count, frontEnd: count, within90dEnd: count, end: count }
  const start = expiryStart[frontExpiry] as number
  const frontEnd = expiryStart[frontExpiry + 1] as number
  let beyond = frontExpiry
  while (beyond < expiryCount && (years[beyond] as number) * DAYS_PER_YEAR <= WITHIN_DAYS) beyond++
  const within90dEnd = expiryStart[beyond] as number
  return {
    frontExpiry,
    start,
    frontEnd,
    within90dEnd,
    end: count,
  }
}
