import type { Chain } from '../chain/chain.ts'

/**
 * What each row adds to the net-gamma profile, as a function of a hypothetical spot S' under sticky strike (each
 * contract keeps its volatility, forwards scale with spot):
 *
 *     h(S') = Σ amplitude·e^(−d1²/2),   d1 = (ln S' − peakLnSpot)·invTotalVol
 *
 * - net gamma, units of underlying per 1.00 of spot: h/S'
 * - net gamma exposure, currency per 1 % of spot: 0.01·S'·h
 *
 * The terms do not mention the current spot beyond F/S, so a spot tick leaves them valid.
 */
export interface GammaTerms {
  /** 1/(σ√T). */
  readonly invTotalVol: Float64Array
  /** ln of the spot at which d1 = 0. */
  readonly peakLnSpot: Float64Array
  /** weight·multiplier·e^(−qT)/(σ√(2πT)); 0 for a row that contributes nothing. */
  readonly amplitude: Float64Array
}

const INV_SQRT_2PI = 0.3989422804014327

export function createGammaTerms(count: number): GammaTerms {
  return {
    invTotalVol: new Float64Array(count),
    peakLnSpot: new Float64Array(count),
    amplitude: new Float64Array(count),
  }
}

/**
 * Writes the terms of rows [from, to). `weights` is the signed number of contracts per row; the contract multiplier is
 * applied here. A row with no volatility, no weight or no time left gets amplitude 0.
 */
export function fillGammaTerms(
  terms: GammaTerms,
  chain: Chain,
  spot: number,
  weights: Float64Array,
  from: number,
  to: number,
): void {
  const { expiryIndex, lnStrike, multiplier, vol, years, forward, discount } = chain
  const { invTotalVol, peakLnSpot, amplitude } = terms
  const lnSpot = Math.log(spot)
  let expiry = -1
  let rootYears = 0
  let lnSpotOverForward = 0
  let scale = 0
  for (let i = from; i < to; i++) {
    const e = expiryIndex[i] as number
    if (e !== expiry) {
      expiry = e
      rootYears = Math.sqrt(years[e] as number)
      lnSpotOverForward = lnSpot - Math.log(forward[e] as number)
      scale = (INV_SQRT_2PI * (forward[e] as number) * (discount[e] as number)) / spot
    }
    const totalVol = (vol[i] as number) * rootYears
    const inverse = 1 / totalVol
    const height = (weights[i] as number) * (multiplier[i] as number) * scale * inverse
    const counts = totalVol > 0 && height - height === 0
    invTotalVol[i] = counts ? inverse : 0
    peakLnSpot[i] = counts ? (lnStrike[i] as number) + lnSpotOverForward - 0.5 * totalVol * totalVol : 0
    amplitude[i] = counts ? height : 0
  }
}
