import { measureAll, reprice, type Engine } from '#quant/analytics/engine'
import { applySpot } from '#quant/analytics/incremental'
import { netGammaAt } from '#quant/kernel/netGamma'
import type { SyntheticChain } from '#quant/reference/syntheticChain'
import { forEachKeeping, measureInTurn, type Candidate } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import type { PairedChain } from './contracts.ts'
import { engineTicks, flipOf, fullAnalysis } from './engineTicks.ts'
import { floeChain, floeExposures, floeRecompute } from './floe.ts'
import { interpolatedFlip } from './idiom.ts'
import { createKernelState, quoteTick, recompute, spotTick } from './kernelRecompute.ts'

const RUNTIME = `node ${process.versions.node}`
export const FULL = 'full recompute, 20,000 contracts'
export const SPOT_TICK = 'spot tick, 20,000 contracts'
export const QUOTE_TICK = 'quote tick, one strike'
export const FLIP = 'zero gamma, 20,000 contracts'
/** Quote ticks in a pass: one is too short to time. */
const TICKS = 20_000
/** Every so many contracts, the slow way to a flip. */
const FLIP_SHARE = 20

/** Whole chains: everything from quotes, a spot tick, a quote tick, the flip. */
export function chainWorks(synthetic: SyntheticChain, paired: PairedChain): BenchResult[] {
  const { engine, spot, asOfMs } = paired
  const state = createKernelState(synthetic)
  const floe = floeChain(paired)
  const full: Candidate[] = [
    { impl: 'flipwire kernels, cold', pass: () => recompute(state, false) },
    { impl: 'flipwire kernels, warm', pass: () => recompute(state, true) },
    { impl: 'flipwire engine, cold', pass: () => fullAnalysis(engine, spot, asOfMs, false) },
    { impl: 'flipwire engine, warm', pass: () => fullAnalysis(engine, spot, asOfMs, true) },
    { impl: 'floe, no profile', pass: () => void floeRecompute(floe) },
  ]
  const onSpot: Candidate[] = [
    { impl: 'flipwire kernels', pass: () => spotTick(state) },
    { impl: 'flipwire engine, every exposure', pass: () => applySpot(engine, spot) },
    { impl: 'floe exposures', pass: () => void floeExposures(floe) },
  ]
  return [
    ...timed(FULL, full, 'ms', 1),
    ...timed(SPOT_TICK, onSpot, 'ms', 1),
    ...timed(QUOTE_TICK, quoteTicks(synthetic, paired), 'microseconds', 1000 / TICKS),
    ...flipWorks(paired),
  ]
}

function quoteTicks(synthetic: SyntheticChain, { engine, spot, asOfMs }: PairedChain): Candidate[] {
  const state = createKernelState(synthetic)
  recompute(state, false)
  const { count } = synthetic.chain
  reprice(engine, spot, asOfMs)
  const tick = engineTicks(engine)
  return [
    {
      impl: 'flipwire kernels, one contract',
      pass: () => {
        // A stride prime to the count walks the chain in an order no cache foresees.
        for (let n = 0, row = 0; n < TICKS; n++, row = (row + 7919) % count) quoteTick(state, row)
      },
    },
    { impl: 'flipwire engine, every exposure of call and put', pass: () => tick(TICKS) },
  ]
}

function flipWorks({ engine, contracts, spot, asOfMs }: PairedChain): BenchResult[] {
  reprice(engine, spot, asOfMs)
  measureAll(engine)
  const ours = (): number | null => flipOf(engine)
  const some = contracts.filter((_, i) => i % FLIP_SHARE === 0)
  const works: Candidate[] = [
    { impl: 'flipwire, from the maintained profile', pass: () => forEachKeeping([0], ours) },
    {
      impl: 'usual TypeScript, 60 levels interpolated',
      pass: () => forEachKeeping([spot], (at) => interpolatedFlip(some, at)),
    },
  ]
  const exact = exactFlip(engine, ours() ?? Number.NaN)
  const flips = [ours(), interpolatedFlip(contracts, spot, exact)]
  const scale = [1, FLIP_SHARE]
  const ms = measureInTurn(works)
  return works.map(({ impl }, i) => ({
    work: FLIP,
    impl,
    runtime: RUNTIME,
    figure: { ms: significant((scale[i] ?? 1) * (ms[i] ?? Number.NaN), 3) },
    maxError: significant(Math.abs((flips[i] ?? Number.NaN) / exact - 1) * 10_000, 2),
    errorIn: 'bp of spot',
  }))
}

/** The zero of the exact sum next to a price, by halving. */
function exactFlip({ terms, chain }: Engine, near: number): number {
  const out = new Float64Array(2)
  const isPositive = (lnSpot: number): boolean => {
    netGammaAt(terms, 0, chain.count, lnSpot, out)
    return (out[0] as number) > 0
  }
  let low = Math.log(near) - 1e-4
  let high = Math.log(near) + 1e-4
  const lowSign = isPositive(low)
  if (isPositive(high) === lowSign) return Number.NaN
  for (let halving = 0; halving < 45; halving++) {
    const middle = 0.5 * (low + high)
    if (isPositive(middle) === lowSign) low = middle
    else high = middle
  }
  return Math.exp(low)
}

function timed(work: string, candidates: readonly Candidate[], unit: string, scale: number): BenchResult[] {
  const ms = measureInTurn(candidates)
  return candidates.map(({ impl }, i) => ({
    work,
    impl,
    runtime: RUNTIME,
    figure: { [unit]: significant(scale * (ms[i] ?? Number.NaN), 3) },
  }))
}
