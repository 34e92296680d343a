/** ThetaForge: what open options lose per day, and what they really lose by the close. */
import { BLEED_METRICS } from './thetaForge/bleed.ts'
import { DECAY_METRICS } from './thetaForge/decay.ts'
import type { Metric } from '../metric.ts'

export const THETA_FORGE: readonly Metric[] = [...DECAY_METRICS, ...BLEED_METRICS]
