import { reprice } from '#quant/analytics/engine'
import { createGammaTerms, fillGammaTerms } from '#quant/kernel/gammaTerms'
import { greeksAll } from '#quant/kernel/greeks'
import { impliedVolRange } from '#quant/kernel/impliedVol'
import { netGammaAt } from '#quant/kernel/netGamma'
import { greeks } from '#quant/pricing/blackScholes'
import type { SyntheticChain } from '#quant/reference/syntheticChain'
import { forEachKeeping, measureInTurn } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import { bisectionVol } from './bisectionPeer.ts'
import { plainContracts, type WholeChain, type PlainContract } from './contracts.ts'
import { floeGreeks, floeVol } from './floe.ts'
import { idiomaticProfile } from './idiom.ts'
import { createKernelState, ladder, syntheticInput } from './kernelRecompute.ts'
import { seriesGreeks, seriesVol } from './seriesPeer.ts'
import { uqeeGreeks, uqeeVol } from './uqee.ts'

const RUNTIME = `node ${process.versions.node}`
/** Peers are slow: each is timed on one contract in so many. */
const PEER_SHARE = 20
/** … and one so slow that a millisecond goes into each. */
const SLOWEST_SHARE = 1000
const VOL_TARGET = 1e-8
/** Libraries on npm that solve for volatility; the ones without a miss are what ours is held against. */
export const NPM_VOLS = [
  '@uqee, Newton',
  '@uqee, bisection',
  'floe',
  'black-scholes-model',
  'implied-volatility',
]
export const PAIRED_GREEKS = 'flipwire, both sides of each strike'

interface Work {
  readonly impl: string
  /** Contracts, or contract-levels, in a pass. */
  readonly per: number
  readonly pass: () => void
  readonly errors?: () => readonly number[]
}

export function volWork(synthetic: SyntheticChain): BenchResult[] {
  const { chain, trueVol } = synthetic
  const peers = plainContracts(synthetic, PEER_SHARE)
  const ours = (): number[] => Array.from(trueVol, (vol, row) => (chain.vol[row] as number) - vol)
  const warmFrom = trueVol.map((vol) => 1.005 * vol)
  const works: Work[] = [
    {
      impl: 'flipwire, cold',
      per: chain.count,
      pass: () => impliedVolRange(chain, 0, chain.count, false),
      errors: ours,
    },
    {
      impl: 'flipwire, warm from 0.5 % off',
      per: chain.count,
      pass: () => {
        chain.vol.set(warmFrom)
        impliedVolRange(chain, 0, chain.count, true)
      },
      errors: ours,
    },
    peerVol('@uqee, Newton', peers, (contract) => uqeeVol(contract, 'newton')),
    peerVol('@uqee, bisection', peers, (contract) => uqeeVol(contract, 'bisection')),
    peerVol('floe', peers, floeVol),
    peerVol('black-scholes-model', peers, bisectionVol),
    peerVol('implied-volatility', plainContracts(synthetic, SLOWEST_SHARE), seriesVol),
  ]
  return resultsOf('implied vol', works, 'nsPerContract', 'vol', VOL_TARGET)
}

function peerVol(
  impl: string,
  peers: readonly PlainContract[],
  solve: (contract: PlainContract) => number,
): Work {
  return {
    impl,
    per: peers.length,
    pass: () => forEachKeeping(peers, solve),
    errors: () => peers.map((contract) => solve(contract) - contract.vol),
  }
}

export function greeksWork(synthetic: SyntheticChain, paired: WholeChain): BenchResult[] {
  const { chain, spot, trueVol } = synthetic
  const peers = plainContracts(synthetic, PEER_SHARE)
  chain.vol.set(trueVol)
  const exact = plainContracts(synthetic).map((contract) => greeks(contract).price)
  reprice(paired.engine, paired.spot, paired.asOfMs)
  const whole = paired.engine.chain
  const peer = (
    impl: string,
    all: (contract: PlainContract) => { price: number },
    some: readonly PlainContract[] = peers,
  ): Work => ({
    impl,
    per: some.length,
    pass: () => forEachKeeping(some, all),
    errors: () => some.map((contract) => all(contract).price - (exact[contract.row] as number)),
  })
  const works: Work[] = [
    {
      impl: 'flipwire',
      per: chain.count,
      pass: () => greeksAll(chain, spot),
      errors: () => exact.map((price, row) => (chain.value[row] as number) - price),
    },
    {
      impl: PAIRED_GREEKS,
      per: whole.count,
      pass: () => greeksAll(whole, paired.spot),
    },
    peer('flipwire scalar, 11', greeks),
    peer('@uqee, price + 5', uqeeGreeks),
    peer('floe, 13', (contract) => floeGreeks(contract)),
    peer('black-scholes and greeks, price + 5', seriesGreeks, plainContracts(synthetic, SLOWEST_SHARE)),
  ]
  return resultsOf('8 greeks', works, 'nsPerContract', 'price at spot 5,000')
}

export function ladderWork(synthetic: SyntheticChain): BenchResult[] {
  const { chain, spot, trueVol, weights } = synthetic
  chain.vol.set(trueVol)
  const state = createKernelState(syntheticInput(synthetic))
  const terms = createGammaTerms(chain.count)
  fillGammaTerms(state.terms, chain, spot, weights, 0, chain.count)
  const levels = state.profile.length
  const spots = Array.from({ length: levels }, (_, l) => Math.exp(state.lnSpot0 + l * state.dlnSpot))
  const contracts = plainContracts(synthetic)
  const peers = plainContracts(synthetic, PEER_SHARE)
  const exact = idiomaticProfile(contracts, spots)
  const scale = Math.max(...exact.map(Math.abs))
  const floeLadder = (): void => {
    for (const at of spots) forEachKeeping(peers, (contract) => floeGreeks(contract, at))
  }
  const slope = new Float64Array(2)
  const works: Work[] = [
    {
      impl: 'flipwire',
      per: chain.count * levels,
      pass: () => ladder(state),
      errors: () =>
        spots.map((at, l) => (0.01 * at * (state.profile[l] as number) - (exact[l] as number)) / scale),
    },
    {
      impl: 'usual TypeScript',
      per: peers.length * levels,
      pass: () => forEachKeeping([spots], (at) => idiomaticProfile(peers, at)),
    },
    { impl: 'floe greeks at each level', per: peers.length * levels, pass: floeLadder },
  ]
  const single: Work[] = [
    {
      impl: 'flipwire terms',
      per: chain.count,
      pass: () => fillGammaTerms(terms, chain, spot, weights, 0, chain.count),
    },
    {
      impl: 'flipwire value and slope',
      per: chain.count,
      pass: () => netGammaAt(state.terms, 0, chain.count, Math.log(spot), slope),
    },
  ]
  return [
    ...resultsOf('60-level ladder', works, 'nsPerContractLevel', 'share of the largest level'),
    ...resultsOf('net gamma at one spot', single, 'nsPerContract', ''),
  ]
}

function resultsOf(
  work: string,
  works: readonly Work[],
  unit: string,
  errorIn: string,
  missAbove?: number,
): BenchResult[] {
  const ms = measureInTurn(works)
  return works.map(({ impl, per, pass, errors = () => [] }, i) => {
    pass()
    const found = errors().map((error) => (Number.isFinite(error) ? Math.abs(error) : Infinity))
    const accuracy = found.length > 0 ? { maxError: significant(largest(found), 2), errorIn } : {}
    const misses =
      missAbove === undefined
        ? {}
        : { misses: found.filter((error) => error > missAbove).length, asked: found.length }
    return {
      work,
      impl,
      runtime: RUNTIME,
      figure: { [unit]: significant((1e6 * (ms[i] ?? NaN)) / per, 3) },
      ...accuracy,
      ...misses,
    }
  })
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value))
}
