import type { ChainAnalytics } from '../analytics.ts'
import type { Engine } from '../analytics/engine.ts'
import { VOL_STATUS } from '../chain/volStatus.ts'
import type { MetricFlag } from './flags.ts'

/** Below this share of open interest priced, totals are an extrapolation. */
const LOW_COVERAGE = 0.8
/** A few listings without open interest are normal on the day they begin. */
const OPEN_INTEREST_MISSING = 0.05
/** Wings are often wide; a chain of which this share is wide is not quoted for trading. */
const WIDE = 0.25
/** From here on local gamma and charm outgrow what can be traded. */
export const NEAR_EXPIRY_MS = 3_600_000

/** What is doubtful about a chain whatever its feed is. `analytics` is null while there is no price of the underlying. */
export function marketFlags(engine: Engine, analytics: ChainAnalytics | null): MetricFlag[] {
  const { chain, quoteFaults, sections, asOfMs } = engine
  const flags: MetricFlag[] = []
  if (chain.count === 0) flags.push('NO_CONTRACTS')
  if (analytics !== null && !(analytics.spot > 0 && analytics.spot < Infinity)) flags.push('NO_SPOT')
  const { openInterestPriced = null, wideQuotes = 0, live = 0 } = analytics?.coverage ?? {}
  if (openInterestPriced !== null && openInterestPriced < LOW_COVERAGE) flags.push('LOW_COV')
  const from = analytics === null ? 0 : sections.start
  if (quoteFaults.subarray(from).includes(VOL_STATUS.crossed)) flags.push('CROSSED')
  if (wideQuotes > WIDE * live) flags.push('WIDE')
  if (analytics?.byExpiry.some(({ forwardSource }) => forwardSource !== 'parity'))
    flags.push('FORWARD_FALLBACK')
  if (engine.volMethod === 'vol.given@1') flags.push('GIVEN_VOLS')
  const absent = chain.openInterest.subarray(from).reduce((sum, open) => sum + (open === open ? 0 : 1), 0)
  if (absent > OPEN_INTEREST_MISSING * (chain.count - from)) flags.push('OI_MISSING')
  const front = analytics?.byExpiry[0]?.expiryMs
  if (front !== undefined && front - asOfMs < NEAR_EXPIRY_MS) flags.push('NEAR_EXPIRY')
  return flags
}
