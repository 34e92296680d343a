/** Gammatrix: the chain as a matrix of strike by expiry, a metric for each layer. */
import type { Metric } from '../metric.ts'
import { COUNT_LAYERS } from './gammatrix/counts.ts'
import { EXPOSURE_LAYERS } from './gammatrix/exposures.ts'
import { QUALITY_LAYER } from './gammatrix/quality.ts'
import { VOLATILITY_LAYERS } from './gammatrix/volatilities.ts'

export const GAMMATRIX: readonly Metric[] = [
  ...EXPOSURE_LAYERS,
  ...VOLATILITY_LAYERS,
  ...COUNT_LAYERS,
  QUALITY_LAYER,
]
