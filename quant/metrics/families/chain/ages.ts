import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

const SOURCE = 'this project, docs/design/quant.md'

const spotAge: Metric<number> = {
  id: 'chain.spotAge',
  title: 'Age of spot',
  unit: 'ms',
  method: 'chain.age@1',
  usesSignModel: false,
  meaning: 'How much older the price of the underlying is than the newest tick of the chain.',
  formula: 'market time − time of spot',
  source: SOURCE,
  measure: (view) => {
    const { engine, spotMs } = view
    if (spotMs === null) return missing(view, 'the time of spot is not known')
    return measured(view, engine.asOfMs - spotMs, null, { coverage: 1 })
  },
}

interface QuoteAges {
  readonly median: number
  readonly oldest: number
  /** Live contracts whose quote has a time. */
  readonly known: number
}

const quoteAge: Metric<QuoteAges> = {
  id: 'chain.quoteAge',
  title: 'Age of quotes',
  unit: 'ms',
  method: 'chain.age@1',
  usesSignModel: false,
  meaning: 'How much older quotes are than the newest tick of the chain: the median and the oldest.',
  formula: 'market time − time of quote, over live contracts',
  source: SOURCE,
  measure: (view) => {
    const { engine, quoteMs } = view
    const ages = Array.from(quoteMs?.subarray(engine.sections.start) ?? [], (ms) => engine.asOfMs - ms)
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    const oldest = ages.at(-1)
    if (oldest === undefined) return missing(view, 'the time of quotes is not known')
    const median = ages[ages.length >> 1] as number
    return measured(view, { median, oldest, known: ages.length }, null, { coverage: 1 })
  },
}

const openInterestDate: Metric<string> = {
  id: 'chain.openInterestDate',
  title: 'Date of open interest',
  unit: 'trade date',
  method: 'chain.open_interest_date@1',
  usesSignModel: false,
  meaning: 'The session after which the open interest was counted. In the US that is the one before.',
  formula: 'as the feed states it, or its publication rule',
  source: 'OCC, open interest is published overnight',
  measure: (view) =>
    measured(view, view.openInterestDate, 'the date of the open interest is not known, or not one'),
}

export const AGE_METRICS: readonly Metric[] = [spotAge, quoteAge, openInterestDate]
