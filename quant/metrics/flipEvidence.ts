import { gammaByStrikeAt } from '../levels/gammaByStrike.ts'
import { LADDER } from '../levels/gammaProfile.ts'
import type { GammaTerms } from '../kernel/gammaTerms.ts'
import type { FlipStatus } from '../levels/zeroGamma.ts'
import type { Contributions, EvidenceInput } from './evidence.ts'
import type { MarketView } from './marketView.ts'

/** Why a status names no level; the code first, for programs. */
export const NO_FLIP: Readonly<Record<FlipStatus, string | null>> = {
  resolved: null,
  edge: null,
  one_signed: 'one_signed: the figure keeps one sign, so there is no flip',
  noise_floor: 'noise_floor: every sign change has under a tenth of the gamma on one of its sides',
  stale: 'stale: quotes or spot are too old to name a level',
  no_data: 'no_data: no contract that counts has gamma',
}

const LISTED = 20

/** The strikes whose net gamma would cancel were spot at `price`, largest first; they add up to about nothing. */
export function strikesAtFlip({ engine }: MarketView, terms: GammaTerms, price: number): Contributions {
  const { chain, sections } = engine
  const net = gammaByStrikeAt(terms, chain, price, sections.start, sections.end)
  const largest = [...net.keys()]
    .filter((k) => net[k] !== 0)
    .toSorted((a, b) => Math.abs(net[b] as number) - Math.abs(net[a] as number))
  return {
    kind: 'terms',
    unit: 'currency per +1 % of spot, were spot at the flip',
    total: net.reduce((sum, here) => sum + here, 0),
    items: largest.slice(0, LISTED).map((k) => ({
      name: String(chain.strikes[k]),
      amount: net[k] as number,
      inputs: {},
    })),
    rest: null,
  }
}

/** Net gamma exposure of the whole chain at seven spots around `price`. */
export function profileAround({ engine }: MarketView, price: number): EvidenceInput[] {
  const { profile, asOfMs } = engine
  const nearest = Math.round((Math.log(price) - profile.lnSpot0) / LADDER.step)
  return [-3, -2, -1, 0, 1, 2, 3].flatMap((away) => {
    const level = nearest + away * LADDER.stride
    const height = profile.sets.all[level]
    if (height === undefined) return []
    const at = Math.exp(profile.lnSpot0 + level * LADDER.step)
    const value = 0.01 * at * height
    return [
      { name: `net gamma exposure at ${at.toFixed(2)}`, value, unit: 'currency per +1 % of spot', asOfMs },
    ]
  })
}
