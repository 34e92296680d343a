import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

const SOURCE = 'this project, docs/design/quant.md'
const NO_CONTRACTS = 'no contracts'

interface Counts {
  readonly contracts: number
  readonly live: number
  readonly priced: number
  readonly expiries: number
  readonly strikes: number
}

const coverage: Metric<number> = {
  id: 'chain.coverage',
  title: 'Coverage',
  unit: 'share of open interest',
  method: 'chain.coverage@1',
  usesSignModel: false,
  meaning: 'How much of the open interest has a volatility. Every exposure leaves the rest out.',
  formula: 'Σ OI of priced contracts ÷ Σ OI of live contracts',
  source: SOURCE,
  measure: (view) =>
    measured(view, view.analytics.coverage.openInterestPriced, 'no open interest', {
      contributions: () => statusTerms(view),
    }),
}

const contracts: Metric<Counts> = {
  id: 'chain.contracts',
  title: 'Contracts',
  unit: 'count',
  method: 'chain.contracts@1',
  usesSignModel: false,
  meaning:
    'Contracts in the chain, those not yet settled, and those with a volatility; live expiries; strikes.',
  formula: 'counts; live: settlement after the market time',
  source: SOURCE,
  measure: (view) => {
    const { analytics, engine } = view
    if (engine.chain.count === 0) return missing(view, NO_CONTRACTS)
    const { contracts, live, priced } = analytics.coverage
    const counts = {
      contracts,
      live,
      priced,
      expiries: analytics.byExpiry.length,
      strikes: engine.chain.strikeCount,
    }
    return measured(view, counts, null, { coverage: 1 })
  },
}

const quoteQuality: Metric<Readonly<Record<string, number>>> = {
  id: 'chain.quoteQuality',
  title: 'Quote quality',
  unit: 'contracts',
  method: 'chain.quote_quality@1',
  usesSignModel: false,
  meaning:
    'Live contracts by why they have a volatility or have none. wide counts spreads that are priced, but loosely.',
  formula: 'count by status; wide: spread > max(5 price steps, 25 % of mid)',
  source: SOURCE,
  measure: (view) => {
    const { live, volStatus, wideQuotes } = view.analytics.coverage
    if (live === 0) return missing(view, view.analytics.reasons['exposure'] ?? NO_CONTRACTS)
    return measured(view, { ...volStatus, wide: wideQuotes }, null, {
      coverage: 1,
      contributions: () => statusTerms(view),
    })
  },
}

/** Columns of equal length. */
interface Rejected {
  readonly reason: readonly string[]
  readonly count: readonly number[]
}

const rejected: Metric<Rejected> = {
  id: 'chain.rejected',
  title: 'Rejected inputs',
  unit: 'count',
  method: 'chain.rejected@1',
  usesSignModel: false,
  meaning: 'What was offered and left out before anything was computed, by reason. Empty when nothing was.',
  formula: 'count by reason',
  source: SOURCE,
  measure: (view) =>
    measured(
      view,
      {
        reason: view.rejected.map(({ reason }) => reason),
        count: view.rejected.map(({ count }) => count),
      },
      null,
      { coverage: 1 },
    ),
}

function statusTerms({ analytics }: MarketView): Contributions {
  const counts = Object.entries(analytics.coverage.volStatus).sort(([, a], [, b]) => b - a)
  const items = counts.map(([name, amount]) => ({ name, amount, inputs: {} }))
  return { kind: 'terms', unit: 'contracts', total: null, items, rest: null }
}

export const COVERAGE_METRICS: readonly Metric[] = [coverage, contracts, quoteQuality, rejected]
