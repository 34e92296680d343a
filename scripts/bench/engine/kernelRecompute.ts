import { addGammaLadder } from '#quant/kernel/gammaLadder'
import { createGammaTerms, fillGammaTerms, type GammaTerms } from '#quant/kernel/gammaTerms'
import { greeksAll, greeksRange } from '#quant/kernel/greeks'
import { impliedVolRange } from '#quant/kernel/impliedVol'
import type { SyntheticChain } from '#quant/reference/syntheticChain'

/** The least a live symbol keeps: volatilities, greeks, exposure sums and a 60-level profile, on the kernels alone. */
export interface KernelState {
  readonly synthetic: SyntheticChain
  readonly terms: GammaTerms
  readonly lnSpot0: number
  readonly dlnSpot: number
  readonly profile: Float64Array
  readonly byStrike: Float64Array
  /** Gamma, delta, vanna and charm, each by expiry. */
  readonly byExpiry: Float64Array
}

const LEVELS = 60

export function createKernelState(synthetic: SyntheticChain): KernelState {
  const { chain, spot } = synthetic
  return {
    synthetic,
    terms: createGammaTerms(chain.count),
    lnSpot0: Math.log(0.8 * spot),
    dlnSpot: Math.log(1.2 / 0.8) / (LEVELS - 1),
    profile: new Float64Array(LEVELS),
    byStrike: new Float64Array(chain.strikeCount),
    byExpiry: new Float64Array(4 * chain.expiryCount),
  }
}

export function recompute(state: KernelState, warm: boolean): void {
  const { synthetic, terms } = state
  const { chain, spot, weights } = synthetic
  impliedVolRange(chain, 0, chain.count, warm)
  greeksAll(chain, spot)
  sumAll(state)
  fillGammaTerms(terms, chain, spot, weights, 0, chain.count)
  ladder(state)
}

export function ladder({ synthetic, terms, lnSpot0, dlnSpot, profile }: KernelState): void {
  profile.fill(0)
  addGammaLadder(terms, 0, synthetic.chain.count, lnSpot0, dlnSpot, profile)
}

/** Spot moved: the profile and its terms stay, greeks and sums follow. */
export function spotTick(state: KernelState): void {
  greeksAll(state.synthetic.chain, state.synthetic.spot)
  sumAll(state)
}

/** One quote moved: its row leaves every sum, is solved again and comes back. */
export function quoteTick(state: KernelState, row: number): void {
  const { synthetic, terms, lnSpot0, dlnSpot, profile } = state
  const { chain, spot, weights } = synthetic
  addGammaLadder(terms, row, row + 1, lnSpot0, dlnSpot, profile, -1)
  addRow(state, row, -1)
  impliedVolRange(chain, row, row + 1, true)
  greeksRange(chain, spot, row, row + 1)
  fillGammaTerms(terms, chain, spot, weights, row, row + 1)
  addGammaLadder(terms, row, row + 1, lnSpot0, dlnSpot, profile)
  addRow(state, row, 1)
}

function sumAll(state: KernelState): void {
  state.byStrike.fill(0)
  state.byExpiry.fill(0)
  for (let row = 0; row < state.synthetic.chain.count; row++) addRow(state, row, 1)
}

function addRow({ synthetic, byStrike, byExpiry }: KernelState, row: number, sign: number): void {
  const { chain, weights } = synthetic
  // A quote can fall below intrinsic value: no volatility, no greeks, nothing to add.
  if (Number.isNaN(chain.vol[row])) return
  const weight = sign * (weights[row] as number)
  const gamma = weight * (chain.gamma[row] as number)
  const k = chain.strikeIndex[row] as number
  const e = 4 * (chain.expiryIndex[row] as number)
  byStrike[k] = (byStrike[k] as number) + gamma
  byExpiry[e] = (byExpiry[e] as number) + gamma
  byExpiry[e + 1] = (byExpiry[e + 1] as number) + weight * (chain.delta[row] as number)
  byExpiry[e + 2] = (byExpiry[e + 2] as number) + weight * (chain.vanna[row] as number)
  byExpiry[e + 3] = (byExpiry[e + 3] as number) + weight * (chain.charm[row] as number)
}
