/** Max pain, per expiry: expiries are never pooled, as they do not settle on one price. */
import { METHODS, type ChainAnalytics } from '../../../analytics/chainAnalytics.ts'
import { payoutAt } from '../../../levels/maxPain.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

const PAYOUT_UNIT = 'contracts × currency per unit of the underlying'
const COMMON = {
  method: METHODS.maxPain,
  usesSignModel: false,
  unit: 'currency',
  formula: 'argmin over listed P of Σ OI_call·max(0, P − K) + OI_put·max(0, K − P); a tie goes to the lowest',
  source: 'market usage',
} as const
const LISTED = 20

/** Columns of equal length, soonest expiry first. */
interface MaxPainByExpiry {
  readonly expiryMs: readonly number[]
  /** Null without open interest. */
  readonly strike: readonly (number | null)[]
  /** At that strike. Without the multiplier, on which the strike does not depend. */
  readonly payout: readonly (number | null)[]
}

const FRONT: Metric<number> = {
  ...COMMON,
  id: 'level.maxPainFront',
  title: 'Max pain of the front expiry',
  meaning:
    'The strike at which the open contracts of the front expiry would pay out least. It does not depend on prices.',
  measure: (view) => {
    const read = ({ maxPainFront }: ChainAnalytics): number | null => maxPainFront
    return measured(view, read(view.analytics), whyNone(view), {
      pick: read,
      contributions: () => frontPayouts(view),
    })
  },
}

const BY_EXPIRY: Metric<MaxPainByExpiry> = {
  ...COMMON,
  id: 'level.maxPain',
  unit: `currency; payout: ${PAYOUT_UNIT}`,
  title: 'Max pain by expiry',
  meaning: 'Per expiry, the strike at which its open contracts would pay out least, and that payout.',
  measure: (view) => {
    const { analytics, engine } = view
    const { byExpiry } = analytics
    if (byExpiry.every(({ maxPain }) => maxPain === null)) return missing(view, whyNone(view))
    const first = engine.sections.frontExpiry
    const value = {
      expiryMs: byExpiry.map(({ expiryMs }) => expiryMs),
      strike: byExpiry.map(({ maxPain }) => maxPain),
      payout: byExpiry.map(({ maxPain }, i) =>
        maxPain === null ? null : payoutAt(engine.chain, first + i, maxPain),
      ),
    }
    return measured(view, value, null, { contributions: () => frontPayouts(view) })
  },
}

export const MAX_PAIN_METRICS: readonly Metric[] = [FRONT, BY_EXPIRY]

function whyNone({ analytics }: MarketView): string {
  return analytics.coverage.live === 0 ? 'every contract has settled' : 'no open interest in the front expiry'
}

/** What each candidate of the front expiry pays out, least first. */
function frontPayouts({ engine, analytics }: MarketView): Contributions | null {
  const { chain, sections } = engine
  if (analytics.maxPainFront === null) return null
  const listed = new Set(chain.strike.subarray(sections.start, sections.frontEnd))
  const payouts = [...listed].map((strike) => ({
    strike,
    payout: payoutAt(chain, sections.frontExpiry, strike),
  }))
  return {
    kind: 'ranking',
    unit: PAYOUT_UNIT,
    total: null,
    items: payouts
      .toSorted((a, b) => a.payout - b.payout)
      .slice(0, LISTED)
      .map(({ strike, payout }) => ({ name: String(strike), amount: payout, inputs: {} })),
    rest: null,
  }
}
