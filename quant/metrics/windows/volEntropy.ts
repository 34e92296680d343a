/** VolEntropy: how spread out the market's distribution of settlements is, beyond what volatility says, and how spread out gamma. */
import type { Metric } from '../metric.ts'
import { DENSITY_METRICS } from './volEntropy/density.ts'
import { GAMMA_ENTROPY_METRICS } from './volEntropy/gamma.ts'

export const VOL_ENTROPY: readonly Metric[] = [...DENSITY_METRICS, ...GAMMA_ENTROPY_METRICS]
