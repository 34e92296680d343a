import { createGammaTerms, fillGammaTerms } from '../kernel/gammaTerms.ts'
import type { ChainView } from './chainView.ts'
import { createGammaProfile, fillGammaProfile, readProfile } from './gammaProfile.ts'
import { zeroGamma, type ZeroGamma } from './zeroGamma.ts'

/**
 * Method F1 for any signed contracts per row: by open interest, by session volume (F4), any expiries, any signs. An engine
 * keeps the profile of its own weights and reads zero gamma off that; this builds one for a single answer.
 */
export function spotLadderFlip({ chain, spot, sections }: ChainView, signed: Float64Array): ZeroGamma {
  const terms = createGammaTerms(chain.count)
  fillGammaTerms(terms, chain, spot, signed, sections.start, sections.end)
  const profile = createGammaProfile()
  fillGammaProfile(profile, terms, sections, spot)
  readProfile(profile, sections)
  return zeroGamma('all', profile, terms, sections, spot)
}
