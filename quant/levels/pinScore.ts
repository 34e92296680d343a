import { atTheMoneyVol } from './atTheMoneyVol.ts'
import type { ChainView } from './chainView.ts'
import { finiteGammaPerContract, sumByStrike } from './finiteByStrike.ts'
import { signedContracts } from './weighing.ts'

/**
 * How strongly the front expiry's hedging pulls spot to one strike into its settlement, 0 to 100:
 *
 *     100 · pull^½ · e^(−z²/2) · [dealers long gamma there under M1] · (1 − t/T_day)^½
 *
 * `pull` is the strike's share of smoothed unsigned finite gamma within two expected moves, z its distance from spot in
 * remaining standard deviations, t the time to settlement, T_day one session. A score, not a probability: nothing here
 * is calibrated on outcomes. Long-gamma hedging pulls, short-gamma hedging pushes: Avellaneda & Lipkin, "A market-induced
 * mechanism for stock pinning" (2003).
 */
export interface PinScore {
  readonly method: typeof PIN_METHOD
  /** Null when it cannot be computed, for `reason`. */
  readonly score: number | null
  readonly magnetStrike: number | null
  /** Strike − spot, in currency, as a share of spot, and in remaining standard deviations. */
  readonly distance: number | null
  readonly distanceShare: number | null
  readonly distanceSigmas: number | null
  /** In (0, 1]. */
  readonly pull: number | null
  readonly isDealerLong: boolean | null
  /** (1 − t/T_day), 0 until the last session begins. */
  readonly sessionElapsed: number | null
  readonly reason: string | null
}

export const PIN_METHOD = 'pin.smoothed_finite_gamma@1'
const EXPECTED_MOVES = 2
/** Of the smoothing Gaussian, in strike steps: a neighbour one step away counts e^−2. */
const BANDWIDTH_STEPS = 0.5
/** 09:30 to 16:00. */
const REGULAR_SESSION_MS = 6.5 * 3_600_000
const M1 = { call: 1, put: -1 } as const

/** `sessionMs` is the length of the session the front expiry settles at the end of. */
export function pinScore(view: ChainView, sessionMs = REGULAR_SESSION_MS): PinScore {
  const { chain, spot, asOfMs, sections } = view
  const front = pinCandidates(view)
  if (typeof front === 'string') return unknown(front)
  const total = front.mass.reduce((sum, here) => sum + here, 0)
  const best = front.mass.indexOf(Math.max(...front.mass))
  const magnetStrike = front.strikes[best] as number
  const pull = (front.mass[best] as number) / total
  const isDealerLong = (front.net[best] as number) > 0
  const z = (magnetStrike - spot) / (spot * front.sigma)
  const left = (chain.expiryMs[sections.frontExpiry] as number) - asOfMs
  const sessionElapsed = Math.max(0, 1 - left / sessionMs)
  const score = isDealerLong ? 100 * Math.sqrt(pull * sessionElapsed) * Math.exp(-0.5 * z * z) : 0
  return {
    method: PIN_METHOD,
    score,
    magnetStrike,
    distance: magnetStrike - spot,
    distanceShare: magnetStrike / spot - 1,
    distanceSigmas: z,
    pull,
    isDealerLong,
    sessionElapsed,
    reason: null,
  }
}

/** Strikes of the front expiry that spot may be pulled to, ascending; columns of equal length. */
export interface PinCandidates {
  readonly strikes: number[]
  /** Unsigned and M1-signed finite gamma, Gaussian-smoothed over strikes. */
  readonly mass: number[]
  readonly net: number[]
  /** One standard deviation of the move left until the expiry settles, as a share of spot. */
  readonly sigma: number
}

/** Or why there is none. */
export function pinCandidates(view: ChainView): PinCandidates | string {
  const { chain, spot, sections } = view
  const e = sections.frontExpiry
  if (e < 0) return 'every contract has settled'
  const vol = atTheMoneyVol(chain, e)
  if (vol === null) return 'no at-the-money volatility in the front expiry'
  const sigma = vol * Math.sqrt(chain.years[e] as number)
  const front = smoothedFront(view, EXPECTED_MOVES * sigma * spot)
  const isEmpty = front.mass.every((here) => here === 0)
  return isEmpty ? 'no gamma within two expected moves in the front expiry' : { ...front, sigma }
}

/** Of the strikes within `reach` of spot. */
function smoothedFront(view: ChainView, reach: number): Omit<PinCandidates, 'sigma'> {
  const { chain, spot, sections } = view
  const range = { from: sections.start, to: sections.frontEnd }
  const open = chain.openInterest.map((count) => (count > 0 ? count : 0))
  const perContract = finiteGammaPerContract(view)
  const mass = sumByStrike(view, perContract, open, range)
  const net = sumByStrike(view, perContract, signedContracts(chain, open, M1), range)
  const listed = new Set(chain.strikeIndex.subarray(range.from, range.to))
  const near = [...listed].filter((k) => Math.abs((chain.strikes[k] as number) - spot) <= reach)
  const strikes = near.map((k) => chain.strikes[k] as number)
  const bandwidth = BANDWIDTH_STEPS * medianStep(strikes)
  const smooth = (values: Float64Array): number[] =>
    strikes.map((at) =>
      near.reduce((sum, k, j) => {
        const steps = (at - (strikes[j] as number)) / bandwidth
        return sum + (values[k] as number) * Math.exp(-0.5 * steps * steps)
      }, 0),
    )
  return { strikes, mass: smooth(mass), net: smooth(net) }
}

/** Infinite for a lone strike: nothing to smooth with. */
function medianStep(strikes: readonly number[]): number {
  const steps = strikes.slice(1).map((strike, i) => strike - (strikes[i] as number))
  steps.sort((a, b) => a - b)
  return steps[steps.length >> 1] ?? Infinity
}

function unknown(reason: string): PinScore {
  return {
    method: PIN_METHOD,
    score: null,
    magnetStrike: null,
    distance: null,
    distanceShare: null,
    distanceSigmas: null,
    pull: null,
    isDealerLong: null,
    sessionElapsed: null,
    reason,
  }
}
