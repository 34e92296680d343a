import { createPositions } from '../exposure/exposureTable.ts'
import { fillPositions, notApplicable, type SignInputs, type SignModelId } from '../exposure/signModel.ts'
import type { ChainView } from './chainView.ts'
import { finiteGammaPerContract, sumByStrike } from './finiteByStrike.ts'

/** How dealers of a strike trade when spot reaches it: against the move, with it, or the models do not agree. */
export type StrikeLabel = 'magnet' | 'accelerator' | 'contested'

export interface ConcentrationStrike {
  readonly rank: number
  readonly strike: number
  /** Unsigned finite gamma exposure of calls and puts, currency per 1 % move. */
  readonly gexFinite: number
  readonly share: number
  /** share²; over all strikes they sum to `hhi`. */
  readonly hhiContribution: number
  /** Calls' part of `gexFinite`. */
  readonly callShare: number
  /** +1 dealers long gamma here, −1 short, 0 flat, under each applicable model. */
  readonly signs: Readonly<Partial<Record<SignModelId, number>>>
  readonly label: StrikeLabel
}

export interface Concentration {
  readonly method: typeof CONCENTRATION_METHOD
  /** Largest first, at most ten. */
  readonly strikes: readonly ConcentrationStrike[]
  /** Herfindahl–Hirschman index over all strikes, in (0, 1]; null without gamma. */
  readonly hhi: number | null
  /** 1/hhi: over how many equal strikes as concentrated a book would be spread. */
  readonly effectiveStrikes: number | null
  /** Models that voted. */
  readonly models: readonly SignModelId[]
}

export const CONCENTRATION_METHOD = 'concentration.finite_gamma_top10@1'
const SHOWN = 10
/** Share of models a label needs. */
const AGREEING = 2 / 3
/** M0 has no sign, and M3 would only cancel M1. */
const VOTING: readonly SignModelId[] = ['M1', 'M2', 'M4', 'M5', 'M6']

/** Where the hedging of a 1 % move is concentrated, over all live expiries, by open interest. */
export function concentration(view: ChainView, signs: SignInputs): Concentration {
  const { chain } = view
  const perContract = finiteGammaPerContract(view)
  const open = chain.openInterest.map((count) => (count > 0 ? count : 0))
  const calls = sumByStrike(view, perContract, open, { side: 1 })
  const puts = sumByStrike(view, perContract, open, { side: -1 })
  const mass = calls.map((call, k) => call + (puts[k] as number))
  const total = mass.reduce((sum, here) => sum + here, 0)
  const models = VOTING.filter((model) => notApplicable(model, signs) === null)
  if (total === 0) {
    return { method: CONCENTRATION_METHOD, strikes: [], hhi: null, effectiveStrikes: null, models }
  }
  const netByModel = models.map((model) => {
    const positions = createPositions(chain.count)
    fillPositions(model, signs, chain.openInterest, positions)
    return sumByStrike(view, perContract, positions.signed)
  })
  const hhi = mass.reduce((sum, here) => sum + (here / total) ** 2, 0)
  const ranked = rankedStrikes(chain.strikes, mass, view.spot)
  const strikes = ranked.slice(0, SHOWN).map((k, i): ConcentrationStrike => {
    const gexFinite = mass[k] as number
    const share = gexFinite / total
    const signsHere = netByModel.map((net) => Math.sign(net[k] as number))
    return {
      rank: i + 1,
      strike: chain.strikes[k] as number,
      gexFinite,
      share,
      hhiContribution: share * share,
      callShare: (calls[k] as number) / gexFinite,
      signs: Object.fromEntries(models.map((model, m) => [model, signsHere[m]])),
      label: labelOf(signsHere),
    }
  })
  return { method: CONCENTRATION_METHOD, strikes, hhi, effectiveStrikes: 1 / hhi, models }
}

/** Strikes that hold gamma, most first; a tie goes to the strike nearer spot. */
function rankedStrikes(strikes: Float64Array, mass: Float64Array, spot: number): number[] {
  const distance = (k: number): number => Math.abs((strikes[k] as number) - spot)
  return Array.from(mass.keys())
    .filter((k) => (mass[k] as number) > 0)
    .sort((a, b) => (mass[b] as number) - (mass[a] as number) || distance(a) - distance(b))
}

function labelOf(signs: readonly number[]): StrikeLabel {
  const needed = AGREEING * signs.length
  const long = signs.filter((sign) => sign > 0).length
  const short = signs.filter((sign) => sign < 0).length
  if (long >= needed) return 'magnet'
  return short >= needed ? 'accelerator' : 'contested'
}
