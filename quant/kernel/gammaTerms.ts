import { stretchTerms } from '../averaging/averagedExpiry.ts'
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
  /**
   * weight·multiplier·e^(−qT)/(σ√(2πT)); 0 for a row that contributes nothing. A call and a put that share one volatility
   * are one bell: the call's row holds the sum of both and the put's row 0.
   */
  readonly amplitude: Float64Array
}

export function createGammaTerms(count: number): GammaTerms {
  return {
    invTotalVol: new Float64Array(count),
    peakLnSpot: new Float64Array(count),
    amplitude: new Float64Array(count),
  }
}

/**
 * Writes the terms of rows [from, to). `weights` is the signed number of contracts per row; the contract multiplier is
 * applied here. A row with no volatility, no weight or no time left gets amplitude 0. To change one contract, write both
 * rows of its pair.
 */
export function fillGammaTerms(
  terms: GammaTerms,
  chain: Chain,
  spot: number,
  weights: Float64Array,
  from: number,
  to: number,
): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    fillExpiry(terms, chain, spot, weights, e, start, end)
    const share = chain.spotShare[e] as number
    if (share !== 1) stretchTerms(terms, Math.log(spot), share, start, end)
    start = end
  }
}

function fillExpiry(
  terms: GammaTerms,
  chain: Chain,
  spot: number,
  weights: Float64Array,
  e: number,
  from: number,
  to: number,
): void {
  const { lnStrike, multiplier, vol, partner } = chain
  const { invTotalVol, peakLnSpot, amplitude } = terms
  const invSqrt2Pi = 0.3989422804014327
  const forward = chain.forward[e] as number
  const rootYears = Math.sqrt(chain.years[e] as number)
  const lnSpotOverForward = Math.log(spot / forward)
  const scale = (invSqrt2Pi * forward * (chain.discount[e] as number)) / spot
  for (let i = from; i < to; i++) {
    const sigma = vol[i] as number
    const totalVol = sigma * rootYears
    const inverse = 1 / totalVol
    const sharesVol = partner[i] === i + 1 && i + 1 < to && vol[i + 1] === sigma
    let contracts = contribution((weights[i] as number) * (multiplier[i] as number))
    if (sharesVol) contracts += contribution((weights[i + 1] as number) * (multiplier[i + 1] as number))
    const height = contracts * scale * inverse
    // Finite only if every input is; a NaN or an infinity contributes nothing rather than poisoning every level.
    const counts = totalVol > 0 && height !== 0 && height - height === 0
    invTotalVol[i] = counts ? inverse : 0
    peakLnSpot[i] = counts ? (lnStrike[i] as number) + lnSpotOverForward - 0.5 * totalVol * totalVol : 0
    amplitude[i] = counts ? height : 0
    if (!sharesVol) continue
    invTotalVol[++i] = 0
    peakLnSpot[i] = 0
    amplitude[i] = 0
  }
}

function contribution(contracts: number): number {
  return contracts === contracts ? contracts : 0
}
