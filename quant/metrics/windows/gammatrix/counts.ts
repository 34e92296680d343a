import { toExactGrid } from '../../../exposure/exactSum.ts'
import { sumOf } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { contractInputs } from '../../rowExposures.ts'
import { axesOf, cellsOf, NO_CELLS, sidesByCell, type CellAxes } from './cells.ts'

/** Columns of equal length. Null: not listed, or not known. */
export interface CountLayer extends CellAxes {
  readonly call: readonly (number | null)[]
  readonly put: readonly (number | null)[]
  /** Of all that is known. */
  readonly total: number
}

interface Count {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly method: string
  readonly meaning: string
  readonly formula: string
  /** Per row, NaN where not known; null when it is known of none. */
  readonly counts: (view: MarketView) => Float64Array | null
  readonly whyNone: string
}

const COUNTS: readonly Count[] = [
  {
    name: 'openInterest',
    title: 'Open interest by strike and expiry',
    unit: 'contracts',
    method: 'open_interest.listed@1',
    meaning: 'Contracts open as of the last count, which is a session old.',
    formula: 'OI',
    counts: ({ engine: { chain } }) => chain.openInterest,
    whyNone: 'no open interest is known',
  },
  {
    name: 'volume',
    title: 'Volume by strike and expiry',
    unit: 'contracts this session',
    method: 'volume.session@1',
    meaning: 'Contracts traded this session.',
    formula: 'volume',
    counts: ({ engine: { chain } }) => chain.volume,
    whyNone: 'no volume is known',
  },
  {
    name: 'openInterestChange',
    title: 'Change of open interest by strike and expiry',
    unit: 'contracts since the session before',
    method: 'open_interest.change@1',
    meaning: 'How many contracts were opened (positive) or closed between the last two counts.',
    formula: 'OI − OI of the session before',
    counts: ({ engine: { chain }, previousOpenInterest = null }) =>
      previousOpenInterest === null
        ? null
        : chain.openInterest.map((open, row) => open - (previousOpenInterest[row] as number)),
    whyNone: 'the open interest of the session before is not known',
  },
]

export const COUNT_LAYERS: readonly Metric[] = COUNTS.map(
  ({ name, title, unit, method, meaning, formula, counts, whyNone }): Metric<CountLayer> => ({
    id: `gammatrix.${name}`,
    title,
    unit,
    method,
    usesSignModel: false,
    meaning,
    formula,
    source: 'the exchange, by way of the feed',
    measure: (view) => measureCounts(view, counts(view), unit, whyNone),
  }),
)

function measureCounts(
  view: MarketView,
  counts: Float64Array | null,
  unit: string,
  whyNone: string,
): Measurement<CountLayer> {
  const { chain, sections } = view.engine
  const cells = cellsOf(view)
  if (cells.length === 0) return missing(view, NO_CELLS)
  if (counts === null) return missing(view, whyNone)
  const known = counts.map((count) => (Number.isFinite(count) ? toExactGrid(count) : Number.NaN))
  const amounts = known.map((count, row) => (row >= sections.start && !Number.isNaN(count) ? count : 0))
  const { call, put } = sidesByCell(chain, cells, known)
  const live = known.subarray(sections.start)
  const found = live.reduce((sum, count) => sum + (Number.isNaN(count) ? 0 : 1), 0)
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  return measured(view, found === 0 ? null : { ...axesOf(chain, cells), call, put, total }, whyNone, {
    coverage: found / live.length,
    contributions: () => sumOf(unit, amounts, (row) => contractInputs(view, row)),
  })
}
