import { atTheMoneyVol } from './atTheMoneyVol.ts'
import type { ChainView } from './chainView.ts'

const YEAR_MS = 365 * 86_400_000

export type SigmaRemaining =
  { readonly sigma: number; readonly reason: null } | { readonly sigma: null; readonly reason: string }

/**
 * One standard deviation of the move left until the session closes, as a share of spot: the front expiry's at-the-money
 * volatility over the calendar time that remains. What distances to levels are measured in.
 */
export function sigmaRemaining(
  { chain, asOfMs, sections }: ChainView,
  closeMs: number | null,
): SigmaRemaining {
  if (closeMs === null) return { sigma: null, reason: 'the session is not known' }
  if (!(closeMs > asOfMs)) return { sigma: null, reason: 'the session has closed' }
  if (sections.frontExpiry < 0) return { sigma: null, reason: 'every contract has settled' }
  const vol = atTheMoneyVol(chain, sections.frontExpiry)
  if (vol === null) return { sigma: null, reason: 'no at-the-money volatility in the front expiry' }
  return { sigma: vol * Math.sqrt((closeMs - asOfMs) / YEAR_MS), reason: null }
}
