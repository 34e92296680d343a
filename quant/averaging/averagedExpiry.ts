/**
 * What averaging changes for an expiry inside its window, after the kernels have treated its forward F as if it moved
 * with spot in proportion. It moves by `spotShare` f of that: F = (1 − u)·A_so_far + u·S (`spotShare.ts`). The chain's
 * volatilities are those of its prices, so the smaller variance of an average is in them; it falls with the cube of the
 * time left (E. Levy, 1992: u²σ²T/3), where that of a last price falls with the time itself.
 */
import type { Chain } from '../chain/chain.ts'
import type { GammaTerms } from '../kernel/gammaTerms.ts'
import type { HigherGreeks } from '../kernel/higherGreeks.ts'
import { normalCdf } from '../math/normal.ts'

/** d ln σ√T / d ln T of an average with the window running: T^(3/2). */
const WIDTH_POWER = 1.5

/**
 * Turns the greeks of those of rows [from, to) that average, just computed as of options on F in proportion to spot, into
 * those with respect to spot. Theta and charm are at an unchanged spot, which leaves F unchanged; interest is left out.
 */
export function averageGreeks(chain: Chain, from: number, to: number): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    if (chain.spotShare[e] !== 1) averageExpiry(chain, e, start, end)
    start = end
  }
}

function averageExpiry(chain: Chain, e: number, from: number, to: number): void {
  const { delta, gamma, vanna, charm, theta, vega, vol } = chain
  const share = chain.spotShare[e] as number
  const years = chain.years[e] as number
  for (let row = from; row < to; row++) {
    const sigma = vol[row] as number
    delta[row] = share * (delta[row] as number)
    gamma[row] = share * share * (gamma[row] as number)
    vanna[row] = share * (vanna[row] as number)
    // What is held shrinks with u, and d1 moves with the width: ∂d1/∂ln(σ√T) = −d2 = σ·vanna/density.
    charm[row] = -((delta[row] as number) + WIDTH_POWER * sigma * (vanna[row] as number)) / years
    theta[row] = (-WIDTH_POWER * sigma * (vega[row] as number)) / years
  }
}

/** The same for the higher greeks of an expiry, after `averageGreeks`. Volga does not know spot and stays. */
export function averageHigherGreeks(chain: Chain, e: number, { speed, zomma, colour }: HigherGreeks): void {
  const share = chain.spotShare[e] as number
  const years = chain.years[e] as number
  const end = chain.expiryStart[e + 1] as number
  for (let row = chain.expiryStart[e] as number; row < end; row++) {
    speed[row] = share ** 3 * (speed[row] as number)
    zomma[row] = share * share * (zomma[row] as number)
    // Two powers of u go with what is settled, and the width as in charm.
    const byWidth = WIDTH_POWER * (chain.vol[row] as number) * (zomma[row] as number)
    colour[row] = -(2 * (chain.gamma[row] as number) + byWidth) / years
  }
}

/** Δ(1.005 S) − Δ(0.995 S) of rows [from, to) of the expiry, both ends at their own forward of the average. */
export function averagedDeltaChange(
  chain: Chain,
  e: number,
  out: Float64Array,
  from: number,
  to: number,
  spot: number,
): void {
  const forward = chain.forward[e] as number
  const share = chain.spotShare[e] as number
  const held = (share * forward * (chain.discount[e] as number)) / spot
  const lnUp = Math.log(forward * (1 + 0.005 * share))
  const lnDown = Math.log(forward * (1 - 0.005 * share))
  const rootYears = Math.sqrt(chain.years[e] as number)
  for (let row = from; row < to; row++) {
    const totalVol = (chain.vol[row] as number) * rootYears
    const lnStrike = chain.lnStrike[row] as number
    const d1 = (lnForward: number): number => (lnForward - lnStrike) / totalVol + 0.5 * totalVol
    out[row] = held * (normalCdf(d1(lnUp)) - normalCdf(d1(lnDown)))
  }
}

/** Stretches the bells of rows [from, to): F crosses a strike when spot has moved 1/f times as far, in ln. */
export function stretchTerms(
  { invTotalVol, peakLnSpot, amplitude }: GammaTerms,
  lnSpot: number,
  share: number,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    if (amplitude[row] === 0) continue
    invTotalVol[row] = (invTotalVol[row] as number) * share
    peakLnSpot[row] = lnSpot + ((peakLnSpot[row] as number) - lnSpot) / share
    amplitude[row] = (amplitude[row] as number) * share * share
  }
}
