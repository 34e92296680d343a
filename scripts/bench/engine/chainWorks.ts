import { analyse } from '#quant/analytics'
import { moveSpot, reprice } from '#quant/analytics/engine'
import type { SyntheticChain } from '#quant/reference/syntheticChain'
import { measureInTurn, type Candidate } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import type { PairedChain } from './contracts.ts'
import { floeChain, floeExposures, floeRecompute } from './floe.ts'
import { createKernelState, quoteTick, recompute, spotTick } from './kernelRecompute.ts'

const RUNTIME = `node ${process.versions.node}`
export const FULL = 'full recompute, 20,000 contracts'
export const SPOT_TICK = 'spot tick, 20,000 contracts'
export const QUOTE_TICK = 'quote tick, one contract'
/** Quote ticks in a pass: one is too short to time. */
const TICKS = 20_000

/** Whole chains: everything from quotes, a spot tick, a quote tick. */
export function chainWorks(synthetic: SyntheticChain, paired: PairedChain): BenchResult[] {
  const { engine, spot, asOfMs } = paired
  const state = createKernelState(synthetic)
  const floe = floeChain(paired)
  const { count } = synthetic.chain
  const full: Candidate[] = [
    { impl: 'flipwire kernels, cold', pass: () => recompute(state, false) },
    { impl: 'flipwire kernels, warm', pass: () => recompute(state, true) },
    {
      impl: 'flipwire engine, cold',
      pass: () => {
        engine.isWarm = false
        reprice(engine, spot, asOfMs)
        analyse(engine)
      },
    },
    {
      impl: 'flipwire engine, warm',
      pass: () => {
        reprice(engine, spot, asOfMs)
        analyse(engine)
      },
    },
    { impl: 'floe, no profile', pass: () => void floeRecompute(floe) },
  ]
  const onSpot: Candidate[] = [
    { impl: 'flipwire kernels', pass: () => spotTick(state) },
    { impl: 'flipwire engine', pass: () => moveSpot(engine, spot) },
    { impl: 'floe exposures', pass: () => void floeExposures(floe) },
  ]
  const onQuote: Candidate[] = [
    {
      impl: 'flipwire kernels',
      pass: () => {
        // A stride prime to the count walks the chain in an order no cache foresees.
        for (let tick = 0, row = 0; tick < TICKS; tick++, row = (row + 7919) % count) quoteTick(state, row)
      },
    },
  ]
  return [
    ...timed(FULL, full, 'ms', 1),
    ...timed(SPOT_TICK, onSpot, 'ms', 1),
    ...timed(QUOTE_TICK, onQuote, 'microseconds', 1000 / TICKS),
  ]
}

function timed(work: string, candidates: readonly Candidate[], unit: string, scale: number): BenchResult[] {
  const ms = measureInTurn(candidates)
  return candidates.map(({ impl }, i) => ({
    work,
    impl,
    runtime: RUNTIME,
    figure: { [unit]: significant(scale * (ms[i] ?? NaN), 3) },
  }))
}
