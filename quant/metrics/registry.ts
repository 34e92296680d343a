/** Every metric of the product, family by family. */
import { CHAIN_METRICS } from './families/chain.ts'
import { CONVENTION_METRICS } from './families/convention.ts'
import { EXPOSURE_METRICS } from './families/exposure.ts'
import { LEVEL_METRICS } from './families/level.ts'
import { SIGN_MODEL_METRICS } from './families/signModel.ts'
import { VOLATILITY_METRICS } from './families/volatility.ts'
import type { Metric } from './metric.ts'
import { EIGEN_HEDGE } from './windows/eigenHedge.ts'
import { FLIP_TRACK } from './windows/flipTrack.ts'
import { FLOW_RATE } from './windows/flowRate.ts'
import { GAMMA_PULSE } from './windows/gammaPulse.ts'
import { GAMMATRIX } from './windows/gammatrix.ts'
import { IV_SURFACE } from './windows/ivSurface.ts'
import { PIN_MAP } from './windows/pinMap.ts'
import { REGIME_SHIFT } from './windows/regimeShift.ts'
import { SKEW_SENTINEL } from './windows/skewSentinel.ts'
import { THETA_FORGE } from './windows/thetaForge.ts'
import { VOL_CUBE } from './windows/volCube.ts'
import { VOL_ENTROPY } from './windows/volEntropy.ts'

export const METRICS: readonly Metric[] = [
  ...GAMMATRIX,
  ...GAMMA_PULSE,
  ...PIN_MAP,
  ...VOL_CUBE,
  ...SKEW_SENTINEL,
  ...THETA_FORGE,
  ...FLIP_TRACK,
  ...FLOW_RATE,
  ...EIGEN_HEDGE,
  ...VOL_ENTROPY,
  ...REGIME_SHIFT,
  ...IV_SURFACE,
  ...EXPOSURE_METRICS,
  ...SIGN_MODEL_METRICS,
  ...LEVEL_METRICS,
  ...VOLATILITY_METRICS,
  ...CONVENTION_METRICS,
  ...CHAIN_METRICS,
]

const BY_ID: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.id, metric]))

export function metricOf(id: string): Metric | null {
  return BY_ID.get(id) ?? null
}
