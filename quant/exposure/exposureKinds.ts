/**
 * What a position is exposed to, each summed with dealer signs. Per contract, with M the multiplier and S spot:
 *
 * - `gamma` Γ·M·S²·0.01: currency of underlying to trade per +1 % of spot, if gamma stayed as it is on the way
 * - `gammaFinite` M·S·[Δ(1.005 S) − Δ(0.995 S)]: the same over a real 1 % move, at most M·S (`finiteMove.ts`)
 * - `delta` Δ·M·S: currency of underlying
 * - `vanna` vanna·M·S·0.01: change of `delta` per +1 volatility point
 * - `charm` charm·M·S/365: change of `delta` per calendar day; meaningless within minutes of settlement, when Δ jumps
 * - `vega` vega·M·0.01: value per +1 volatility point
 * - `theta` θ·M/365: value per calendar day
 *
 * `gammaMass` is `gamma` without a sign: what walls are ranked by. Gamma per 1 %: SqueezeMetrics, "Gamma Exposure"
 * (2017), in percent instead of points; the others follow the same pattern.
 */
export const EXPOSURE_KINDS = [
  'gammaMass',
  'gamma',
  'gammaFinite',
  'delta',
  'vanna',
  'charm',
  'vega',
  'theta',
] as const
export type ExposureKind = (typeof EXPOSURE_KINDS)[number]

export const EXPOSURE_UNITS: Readonly<Record<ExposureKind, string>> = {
  gammaMass: 'currency per +1 % of spot, unsigned',
  gamma: 'currency per +1 % of spot',
  gammaFinite: 'currency per +1 % of spot',
  delta: 'currency of underlying',
  vanna: 'currency of delta per +1 volatility point',
  charm: 'currency of delta per calendar day',
  vega: 'currency per +1 volatility point',
  theta: 'currency per calendar day',
}
