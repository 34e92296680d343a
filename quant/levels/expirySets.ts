import type { Chain } from '../chain/chain.ts'

/** Which expiries a figure is about. Expiries ascend, so every set is a run of rows that starts at the first live one. */
export const EXPIRY_SETS = ['all', 'within90d', 'front'] as const
export type ExpirySetId = (typeof EXPIRY_SETS)[number]

const DAYS_PER_YEAR = 365
export const WITHIN_DAYS = 90
/** Up to here an expiry's gamma is narrow enough (σ√T under some 2 %) to need the fine ladder. */
const NEAR_DAYS = 7

/** Row boundaries; each section runs from the previous boundary to its own. */
export interface ExpirySections {
  /** First live expiry, −1 when every expiry has settled. */
  frontExpiry: number
  /** First live row. */
  start: number
  frontEnd: number
  nearEnd: number
  within90dEnd: number
  end: number
}

/** The front expiry is the next settlement instant, so on a third Friday the AM series alone is front until 09:30. */
export function expirySections(chain: Chain): ExpirySections {
  const { years, expiryStart, expiryCount, count } = chain
  const frontExpiry = years.findIndex((left) => left > 0)
  if (frontExpiry < 0)
    return { frontExpiry, start: count, frontEnd: count, nearEnd: count, within90dEnd: count, end: count }
  const start = expiryStart[frontExpiry] as number
  const frontEnd = expiryStart[frontExpiry + 1] as number
  const endWithin = (days: number): number => {
    let e = frontExpiry
    while (e < expiryCount && (years[e] as number) * DAYS_PER_YEAR <= days) e++
    return expiryStart[e] as number
  }
  const within90dEnd = endWithin(WITHIN_DAYS)
  return {
    frontExpiry,
    start,
    frontEnd,
    nearEnd: Math.max(frontEnd, endWithin(NEAR_DAYS)),
    within90dEnd,
    end: count,
  }
}
