import { fastExpNegative } from '../math/fastExp.ts'
import type { GammaTerms } from './gammaTerms.ts'

/** out[l] += scale·h at ln spot = lnSpot0 + l·dlnSpot. */
export function addGammaLadder(
  terms: GammaTerms,
  from: number,
  to: number,
  lnSpot0: number,
  dlnSpot: number,
  out: Float64Array,
  scale = 1,
): void {
  const { invTotalVol, peakLnSpot, amplitude } = terms
  for (let i = from; i < to; i++) {
    const height = scale * (amplitude[i] as number)
    if (height === 0) continue
    for (let l = 0; l < out.length; l++) {
      const d1 = (lnSpot0 + l * dlnSpot - (peakLnSpot[i] as number)) * (invTotalVol[i] as number)
      out[l] = (out[l] as number) + height * fastExpNegative(-0.5 * d1 * d1)
    }
  }
}
