import { measureAll, reprice } from '#quant/analytics/engine'
import { applySpot } from '#quant/analytics/incremental'
import type { SyntheticChain } from '#quant/reference/syntheticChain'
import { measureInTurn, type Candidate } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import { plainContracts, type WholeChain } from './contracts.ts'
import { engineTicks, fullAnalysis } from './engineTicks.ts'
import { flipWorks } from './flipWorks.ts'
import { floeChain, floeExposures, floeRecompute } from './floe.ts'
import {
  createKernelState,
  engineInput,
  quoteTick,
  recompute,
  spotTick,
  syntheticInput,
  type KernelInput,
} from './kernelRecompute.ts'
import type { Prototype } from './prototype.ts'

const RUNTIME = `node ${process.versions.node}`
/** Quote ticks in a pass: one is too short to time. */
const TICKS = 20_000

/** The same four pieces of work on one chain or another. */
export interface WorkNames {
  readonly full: string
  readonly spotTick: string
  readonly quoteTick: string
  readonly flip: string
}

export function workNames(chain: string): WorkNames {
  return {
    full: `full recompute, ${chain}`,
    spotTick: `spot tick, ${chain}`,
    quoteTick: `quote tick, ${chain}`,
    flip: `zero gamma, ${chain}`,
  }
}

export const SYNTHETIC = workNames('20,000 contracts')
export const REAL = workNames('SPX 2025-09-04')
export const ENGINE = {
  cold: 'flipwire engine, cold',
  warm: 'flipwire engine, warm',
  spotTick: 'flipwire engine, every exposure',
  quoteTick: 'flipwire engine, every exposure of call and put',
} as const
export const KERNELS = {
  cold: 'flipwire kernels, cold',
  warm: 'flipwire kernels, warm',
  spotTick: 'flipwire kernels',
  quoteTick: 'flipwire kernels, one contract',
} as const
export const FLOE = { full: 'floe, no profile', spotTick: 'floe exposures' } as const
export const PROTOTYPE = 'prototype, cold'
export const PROTOTYPE_PAIRED = 'prototype, cold, contracts of the engine'

interface MoreCandidates {
  readonly full: readonly Candidate[]
  readonly spotTick: readonly Candidate[]
  readonly quoteTick: readonly Candidate[]
}

/** Chains of 20,000 contracts, by the engine and by the bare kernels, and by the prototype where it is present. */
export function syntheticWorks(
  synthetic: SyntheticChain,
  paired: WholeChain,
  prototype: Prototype | null,
): BenchResult[] {
  const input = syntheticInput(synthetic)
  const kernels = { ...kernelPasses(input), quoteTick: [kernelTicks(input)] }
  if (prototype === null) {
    const absent = { work: SYNTHETIC.full, impl: PROTOTYPE, runtime: 'not present', figure: {} }
    return [...wholeChainWorks(SYNTHETIC, paired, kernels), absent]
  }
  const prototypes = [
    { impl: PROTOTYPE, pass: prototype(plainContracts(synthetic)) },
    { impl: PROTOTYPE_PAIRED, pass: prototype(paired.contracts) },
  ]
  return wholeChainWorks(SYNTHETIC, paired, { ...kernels, full: [...kernels.full, ...prototypes] })
}

/** A recorded chain, by the engine and by the bare kernels. */
export function recordedWorks(whole: WholeChain): BenchResult[] {
  const { engine, spot, asOfMs } = whole
  reprice(engine, spot, asOfMs)
  measureAll(engine)
  return wholeChainWorks(REAL, whole, kernelPasses(engineInput(engine)))
}

/** One whole chain: everything from quotes, a spot tick, a quote tick, the flip. */
function wholeChainWorks(names: WorkNames, whole: WholeChain, more: MoreCandidates): BenchResult[] {
  const { engine, spot, asOfMs } = whole
  const floe = floeChain(whole)
  const full: Candidate[] = [
    { impl: ENGINE.cold, pass: () => fullAnalysis(engine, spot, asOfMs, false) },
    { impl: ENGINE.warm, pass: () => fullAnalysis(engine, spot, asOfMs, true) },
    { impl: FLOE.full, pass: () => void floeRecompute(floe) },
  ]
  const onSpot: Candidate[] = [
    { impl: ENGINE.spotTick, pass: () => applySpot(engine, spot) },
    { impl: FLOE.spotTick, pass: () => void floeExposures(floe) },
  ]
  const results = [
    ...timed(names.full, [...more.full, ...full], 'ms', 1),
    ...timed(names.spotTick, [...more.spotTick, ...onSpot], 'ms', 1),
  ]
  reprice(engine, spot, asOfMs)
  const tick = engineTicks(engine)
  const onQuote = [...more.quoteTick, { impl: ENGINE.quoteTick, pass: () => tick(TICKS) }]
  results.push(...timed(names.quoteTick, onQuote, 'microseconds', 1000 / TICKS))
  return [...results, ...flipWorks(names.flip, whole)]
}

function kernelPasses(input: KernelInput): MoreCandidates {
  const state = createKernelState(input)
  return {
    full: [
      { impl: KERNELS.cold, pass: () => recompute(state, false) },
      { impl: KERNELS.warm, pass: () => recompute(state, true) },
    ],
    spotTick: [{ impl: KERNELS.spotTick, pass: () => spotTick(state) }],
    quoteTick: [],
  }
}

function kernelTicks(input: KernelInput): Candidate {
  const state = createKernelState(input)
  const { count } = input.chain
  return {
    impl: KERNELS.quoteTick,
    pass: () => {
      // A stride prime to the count walks the chain in an order no cache foresees.
      for (let n = 0, row = 0; n < TICKS; n++, row = (row + 7919) % count) quoteTick(state, row)
    },
  }
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
