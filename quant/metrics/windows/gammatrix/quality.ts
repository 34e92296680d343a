import { decidingRow } from '../../../chain/outOfTheMoneyVol.ts'
import { VOL_STATUS } from '../../../chain/volStatus.ts'
import { FORWARD_SOURCES } from '../../../chain/forwards.ts'
import type { MetricFlag } from '../../flags.ts'
import { NEAR_EXPIRY_MS } from '../../marketFlags.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { qualityScore } from '../../quality.ts'
import { axesOf, cellsOf, NO_CELLS, type Cell, type CellAxes } from './cells.ts'

/** Columns of equal length: 0 to 100 for each cell, and what costs it. */
export interface QualityLayer extends CellAxes {
  readonly quality: readonly number[]
  readonly flags: readonly (readonly MetricFlag[])[]
}

export const QUALITY_LAYER: Metric<QualityLayer> = {
  id: 'gammatrix.quality',
  title: 'Quality by strike and expiry',
  unit: '0 to 100',
  method: 'quality.cell@1',
  usesSignModel: false,
  meaning:
    'How far a cell can be trusted by itself: 0 when it has no volatility, less than 100 when its quote is wide, its forward borrowed, its open interest not known or its settlement within the hour.',
  formula: '100 · [priced] · Π over flags of what each leaves',
  source: 'this project, quant/metrics/quality.ts',
  measure: (view) => {
    const cells = cellsOf(view)
    const flags = cells.map((cell) => flagsOf(view, cell))
    const quality = cells.map(({ from }, i) =>
      qualityScore(view.engine.chain.volStatus[from] === VOL_STATUS.priced ? 1 : 0, flags[i] ?? []),
    )
    const value = { ...axesOf(view.engine.chain, cells), quality, flags }
    return measured(view, cells.length === 0 ? null : value, NO_CELLS, { coverage: 1 })
  },
}

function flagsOf({ engine }: MarketView, { from, to }: Cell): MetricFlag[] {
  const { chain, quoteFaults, forwards, asOfMs } = engine
  const e = chain.expiryIndex[from] as number
  const fault = quoteFaults[decidingRow(chain, from)]
  const flags: MetricFlag[] = []
  if (fault === VOL_STATUS.crossed) flags.push('CROSSED')
  if (fault === VOL_STATUS.wide_spread) flags.push('WIDE')
  if (FORWARD_SOURCES[forwards.forwardSource[e] as number] !== 'parity') flags.push('FORWARD_FALLBACK')
  if (chain.openInterest.subarray(from, to).some((open) => Number.isNaN(open))) flags.push('OI_MISSING')
  if ((chain.expiryMs[e] as number) - asOfMs < NEAR_EXPIRY_MS) flags.push('NEAR_EXPIRY')
  return flags
}
