import type { ChainAnalytics } from '../../../analytics.ts'
import { METHODS, type ExpiryAnalytics } from '../../../analytics/chainAnalytics.ts'
import { putCallRatio } from '../../../levels/putCallRatio.ts'
import type { Contributions } from '../../evidence.ts'
import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

const SOURCE = 'usual; pooled over live contracts'

interface Count {
  readonly key: 'openInterest' | 'volume'
  readonly ratioId: Metric['id']
  readonly title: string
  readonly word: string
  readonly unit: string
  readonly calls: (expiry: ExpiryAnalytics) => number
  readonly puts: (expiry: ExpiryAnalytics) => number
}

const OPEN_INTEREST: Count = {
  key: 'openInterest',
  ratioId: 'chain.pcrOi',
  title: 'Open interest',
  word: 'open interest',
  unit: 'contracts',
  calls: ({ callOpenInterest }) => callOpenInterest,
  puts: ({ putOpenInterest }) => putOpenInterest,
}

const VOLUME: Count = {
  key: 'volume',
  ratioId: 'chain.pcrVolume',
  title: 'Volume',
  word: 'volume',
  unit: 'contracts this session',
  calls: ({ callVolume }) => callVolume,
  puts: ({ putVolume }) => putVolume,
}

function ratioMetric(count: Count): Metric<number> {
  const { key, word } = count
  const ratio = (analytics: ChainAnalytics) => analytics.putCallRatio[key]
  return {
    id: count.ratioId,
    title: `Put-call ratio by ${word}`,
    unit: 'puts per call',
    method: METHODS.putCallRatio,
    usesSignModel: false,
    meaning: `Puts for each call, by ${word}, all expiries together. Who bought and who sold is not in it.`,
    formula: `Σ puts ÷ Σ calls, by ${word}`,
    source: SOURCE,
    measure: (view) =>
      measured(view, ratio(view.analytics), view.analytics.reasons[`putCallRatio.${key}`], {
        coverage: 1,
        pick: ratio,
        contributions: () => expiryTerms(count, view.analytics.byExpiry),
      }),
  }
}

function totalsMetric({
  key,
  title,
  word,
  unit,
  calls,
  puts,
}: Count): Metric<{ calls: number; puts: number }> {
  return {
    id: `chain.${key}`,
    title,
    unit,
    method: `chain.${word.replace(' ', '_')}@1`,
    usesSignModel: false,
    meaning: `Calls and puts of live contracts, by ${word}.`,
    formula: `Σ ${word}, calls and puts apart`,
    source: SOURCE,
    measure: (view) => {
      const { byExpiry } = view.analytics
      const sum = (of: (expiry: ExpiryAnalytics) => number): number =>
        byExpiry.reduce((all, expiry) => all + of(expiry), 0)
      const totals = { calls: sum(calls), puts: sum(puts) }
      if (totals.calls + totals.puts === 0) return missing(view, `no ${word}`)
      return measured(view, totals, null, { coverage: 1 })
    },
  }
}

/** Columns of equal length, soonest expiry first; a ratio is null where the expiry has no calls to divide by. */
interface RatiosByExpiry {
  readonly expiryMs: readonly number[]
  readonly openInterest: readonly (number | null)[]
  readonly volume: readonly (number | null)[]
}

const byExpiryMetric: Metric<RatiosByExpiry> = {
  id: 'chain.pcrByExpiry',
  title: 'Put-call ratio by expiry',
  unit: 'puts per call',
  method: METHODS.putCallRatio,
  usesSignModel: false,
  meaning:
    'Puts for each call of every expiry, by open interest and by volume. Null where there are no calls.',
  formula: 'puts ÷ calls of one expiry',
  source: SOURCE,
  measure: (view) => {
    const { byExpiry } = view.analytics
    const ratios = ({ calls, puts }: Count) => byExpiry.map((e) => putCallRatio(puts(e), calls(e)))
    const [openInterest, volume] = [ratios(OPEN_INTEREST), ratios(VOLUME)]
    if ([...openInterest, ...volume].every((ratio) => ratio === null))
      return missing(view, 'no expiry has open or traded calls')
    const value = { expiryMs: byExpiry.map(({ expiryMs }) => expiryMs), openInterest, volume }
    return measured(view, value, null, { coverage: 1 })
  },
}

function expiryTerms({ unit, calls, puts }: Count, byExpiry: readonly ExpiryAnalytics[]): Contributions {
  const items = byExpiry.map((expiry) => ({
    name: new Date(expiry.expiryMs).toISOString(),
    amount: calls(expiry) + puts(expiry),
    inputs: { calls: calls(expiry), puts: puts(expiry) },
  }))
  return { kind: 'terms', unit, total: null, items, rest: null }
}

export const PUT_CALL_METRICS: readonly Metric[] = [
  ratioMetric(OPEN_INTEREST),
  ratioMetric(VOLUME),
  byExpiryMetric,
  totalsMetric(OPEN_INTEREST),
  totalsMetric(VOLUME),
]
