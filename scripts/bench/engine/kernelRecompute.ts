import type { Engine } from '#quant/analytics/engine'
import type { Chain } from '#quant/chain/chain'
import { solveVols } from '#quant/chain/outOfTheMoneyVol'
import { addGammaLadder } from '#quant/kernel/gammaLadder'
import { createGammaTerms, fillGammaTerms, type GammaTerms } from '#quant/kernel/gammaTerms'
import { greeksAll, greeksRange } from '#quant/kernel/greeks'
import { impliedVolRange } from '#quant/kernel/impliedVol'
import type { SyntheticChain } from '#quant/reference/syntheticChain'

/** A chain with prices and signed contracts by row; `solve` takes volatilities from its prices. */
export interface KernelInput {
  readonly chain: Chain
  readonly spot: number
  readonly weights: Float64Array
  readonly solve: (warm: boolean) => void
}

/** A volatility for every contract, as each has its own. */
export function syntheticInput({ chain, spot, weights }: SyntheticChain): KernelInput {
  return { chain, spot, weights, solve: (warm) => impliedVolRange(chain, 0, chain.count, warm) }
}

/** A volatility for every strike, as a measured engine has it. */
export function engineInput({ chain, spot, measure, quoteFaults }: Engine): KernelInput {
  const weights = measure.openInterest.positions.signed
  return { chain, spot, weights, solve: (warm) => solveVols(chain, quoteFaults, warm) }
}

/** The least a live symbol keeps: volatilities, greeks, exposure sums and a 60-level profile, on the kernels alone. */
export interface KernelState {
  readonly input: KernelInput
  readonly terms: GammaTerms
  readonly lnSpot0: number
  readonly dlnSpot: number
  readonly profile: Float64Array
  readonly byStrike: Float64Array
  /** Gamma, delta, vanna and charm, each by expiry. */
  readonly byExpiry: Float64Array
}

const LEVELS = 60

export function createKernelState(input: KernelInput): KernelState {
  const { chain, spot } = input
  return {
    input,
    terms: createGammaTerms(chain.count),
    lnSpot0: Math.log(0.8 * spot),
    dlnSpot: Math.log(1.2 / 0.8) / (LEVELS - 1),
    profile: new Float64Array(LEVELS),
    byStrike: new Float64Array(chain.strikeCount),
    byExpiry: new Float64Array(4 * chain.expiryCount),
  }
}

export function recompute(state: KernelState, warm: boolean): void {
  const { input, terms } = state
  const { chain, spot, weights, solve } = input
  solve(warm)
  greeksAll(chain, spot)
  sumAll(state)
  fillGammaTerms(terms, chain, spot, weights, 0, chain.count)
  ladder(state)
}

export function ladder({ input, terms, lnSpot0, dlnSpot, profile }: KernelState): void {
  profile.fill(0)
  addGammaLadder(terms, 0, input.chain.count, lnSpot0, dlnSpot, profile)
}

/** Spot moved: the profile and its terms stay, greeks and sums follow. */
export function spotTick(state: KernelState): void {
  greeksAll(state.input.chain, state.input.spot)
  sumAll(state)
}

/** One quote moved: its row leaves every sum, is solved again and comes back. */
export function quoteTick(state: KernelState, row: number): void {
  const { input, terms, lnSpot0, dlnSpot, profile } = state
  const { chain, spot, weights } = input
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
  for (let row = 0; row < state.input.chain.count; row++) addRow(state, row, 1)
}

function addRow({ input, byStrike, byExpiry }: KernelState, row: number, sign: number): void {
  const { chain, weights } = input
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
