import { fastExp } from '../math/fastExp.ts'
import type { GammaTerms } from './gammaTerms.ts'

/**
 * The profile h and its slope dh/dlnS' at one hypothetical spot, summed over rows [from, to), into out[0] and out[1].
 * One exponential a row serves both, so a Newton step towards zero gamma (lnSpot −= h/slope) costs one pass.
 */
export function netGammaAt(
  terms: GammaTerms,
  from: number,
  to: number,
  lnSpot: number,
  out: Float64Array,
): void {
  const { invTotalVol, peakLnSpot, amplitude } = terms
  // Beyond |d1| = 8.6 a Gaussian is below 1e-16 of its peak.
  const reach = 8.6
  let h = 0
  let slope = 0
  for (let i = from; i < to; i++) {
    const peak = amplitude[i] as number
    if (peak === 0) continue
    const inverse = invTotalVol[i] as number
    const d1 = (lnSpot - (peakLnSpot[i] as number)) * inverse
    if (d1 > reach || d1 < -reach) continue
    const term = peak * fastExp(-0.5 * d1 * d1)
    h += term
    slope -= term * d1 * inverse
  }
  out[0] = h
  out[1] = slope
}
