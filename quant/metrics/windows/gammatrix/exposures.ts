import { toExactGrid } from '../../../exposure/exactSum.ts'
import { KIND_TEXTS } from '../../families/exposure/kinds.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { exposureByRow, exposureContributions } from '../../rowExposures.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import { addSides, axesOf, cellsOf, sidesByCell, type CellAxes } from './cells.ts'

/** Columns of equal length. Null: not listed, not priced, or its open interest is not known. */
export interface ExposureLayer extends CellAxes {
  readonly call: readonly (number | null)[]
  readonly put: readonly (number | null)[]
  readonly net: readonly (number | null)[]
  /** What the cells' net adds up to, bit for bit. */
  readonly total: number
}

/** With the most that any move can make of a cell: contracts · multiplier · spot. */
export interface CappedLayer extends ExposureLayer {
  readonly cap: readonly (number | null)[]
}

type LayerKind = 'gammaFinite' | 'gamma' | 'delta' | 'vanna' | 'charm'

const NAMES: Readonly<Record<LayerKind, string>> = {
  gammaFinite: 'gammaFinite',
  gamma: 'gammaLocal',
  delta: 'delta',
  vanna: 'vanna',
  charm: 'charm',
}

export const EXPOSURE_LAYERS: readonly Metric[] = (Object.keys(NAMES) as LayerKind[]).map(
  (kind): Metric<ExposureLayer> => {
    const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
    return {
      id: `gammatrix.${NAMES[kind]}`,
      title: `${title} by strike and expiry`,
      unit,
      method,
      usesSignModel: true,
      meaning: `${meaning} One cell per strike and expiry; the cells add up to the total.`,
      formula: `Σ s·${term} over the contracts of each cell`,
      source,
      measure: (view) => measureLayer(view, kind),
    }
  },
)

function measureLayer(view: MarketView, kind: LayerKind): Measurement<ExposureLayer> {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing(view, reason)
  const { chain } = view.engine
  const cells = cellsOf(view)
  const amounts = exposureByRow(view, kind)
  const { call, put } = sidesByCell(
    chain,
    cells,
    amounts.map((amount, row) => (isKnown(view, row) ? amount : Number.NaN)),
  )
  const layer: ExposureLayer = {
    ...axesOf(chain, cells),
    call,
    put,
    net: addSides(call, put),
    total: amounts.reduce((sum, amount) => sum + amount, 0),
  }
  const value = kind === 'gammaFinite' ? { ...layer, cap: caps(view) } : layer
  return measured(view, value, null, {
    contributions: () => exposureContributions(view, amounts, KIND_TEXTS[kind].unit),
  })
}

/** Whether a row's exposure is a figure and not the absence of one. */
function isKnown({ engine: { chain, measure } }: MarketView, row: number): boolean {
  const isWeighed =
    (chain.openInterest[row] as number) >= 0 || measure.openInterest.positions.signed[row] !== 0
  return isWeighed && !Number.isNaN(chain.gamma[row])
}

/** Rounded as exposures are, so that no cell exceeds its own. */
function caps(view: MarketView): (number | null)[] {
  const { chain, spot, measure } = view.engine
  const { contracts, signed } = measure.openInterest.positions
  const most = contracts.map((count, row) => {
    const held = Math.max(count, Math.abs(signed[row] as number))
    return isKnown(view, row) ? toExactGrid(held * (chain.multiplier[row] as number) * spot) : Number.NaN
  })
  const { call, put } = sidesByCell(chain, cellsOf(view), most)
  return addSides(call, put)
}
