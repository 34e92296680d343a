import { syntheticChain } from '#quant/reference/syntheticChain'
import { chainWorks, FLIP, FULL, QUOTE_TICK, SPOT_TICK } from './engine/chainWorks.ts'
import { pairedChain } from './engine/contracts.ts'
import { greeksWork, ladderWork, PAIRED_GREEKS, volWork } from './engine/contractWorks.ts'
import { WORKERD, workerdWorks } from './engine/workerdWorks.ts'
import { atLeast, type BenchGate, type BenchReport, type BenchResult } from './report.ts'

const CONTRACTS = 20_000
const EXPIRIES = 40

/**
 * The engine against peers, in one process and in turn: implied volatility, greeks and the ladder per contract, then
 * whole chains of 20,000 contracts, those in workerd too, where the engine runs in production.
 */
export async function benchEngine(): Promise<BenchReport> {
  const synthetic = syntheticChain(7, CONTRACTS, EXPIRIES)
  const paired = pairedChain(7, CONTRACTS / EXPIRIES / 2, EXPIRIES)
  const results = [
    ...volWork(synthetic),
    ...greeksWork(synthetic, paired),
    ...ladderWork(synthetic),
    ...chainWorks(synthetic, paired),
    ...(await workerdWorks()),
  ]
  return { results, gates: gatesOf(results) }
}

const OUR_FLIP = 'flipwire, from the maintained profile'
/** [gate, target, work and implementation of the slow side, of the fast side]. A missed target is reported, not moved. */
const RATIOS: readonly (readonly [string, number, readonly [string, string], readonly [string, string]])[] = [
  ['8 greeks vs @uqee price + 5', 3, ['8 greeks', '@uqee, price + 5'], ['8 greeks', 'flipwire']],
  ['8 greeks vs floe', 9, ['8 greeks', 'floe, 13'], ['8 greeks', 'flipwire']],
  ['8 greeks of call and put vs floe', 9, ['8 greeks', 'floe, 13'], ['8 greeks', PAIRED_GREEKS]],
  ['implied vol, cold, vs floe', 200, ['implied vol', 'floe'], ['implied vol', 'flipwire, cold']],
  [
    '60-level ladder vs the usual TypeScript',
    40,
    ['60-level ladder', 'usual TypeScript'],
    ['60-level ladder', 'flipwire'],
  ],
  ['full recompute, kernels vs floe', 100, [FULL, 'floe, no profile'], [FULL, 'flipwire kernels, cold']],
  ['full analysis, engine vs floe', 100, [FULL, 'floe, no profile'], [FULL, 'flipwire engine, cold']],
  ['spot tick vs floe exposures', 60, [SPOT_TICK, 'floe exposures'], [SPOT_TICK, 'flipwire kernels']],
  [
    'spot tick, every exposure, vs floe exposures',
    60,
    [SPOT_TICK, 'floe exposures'],
    [SPOT_TICK, 'flipwire engine, every exposure'],
  ],
  ['flip vs full analysis', 10, [FULL, 'flipwire engine, cold'], [FLIP, OUR_FLIP]],
  ['flip vs the usual TypeScript', 100, [FLIP, 'usual TypeScript, 60 levels interpolated'], [FLIP, OUR_FLIP]],
]
/** [gate, target, full recompute, quote tick]: milliseconds against microseconds. */
const TICK_RATIOS: readonly (readonly [string, number, string, string])[] = [
  ['quote tick vs full recompute, kernels', 1000, 'flipwire kernels, cold', 'flipwire kernels, one contract'],
  [
    'quote tick vs full analysis, engine',
    1000,
    'flipwire engine, cold',
    'flipwire engine, every exposure of call and put',
  ],
]
/** Of spot, in basis points. */
const FLIP_ERROR = 0.01

/** The same inside workerd, on both sides. */
const IN_WORKERD: typeof RATIOS = [
  ['full analysis vs floe, in workerd', 100, [FULL, 'floe, no profile'], [FULL, 'flipwire engine, cold']],
  [
    'spot tick, every exposure, vs floe exposures, in workerd',
    60,
    [SPOT_TICK, 'floe exposures'],
    [SPOT_TICK, 'flipwire engine, every exposure'],
  ],
  ['flip vs full analysis, in workerd', 10, [FULL, 'flipwire engine, cold'], [FLIP, OUR_FLIP]],
]

function gatesOf(results: readonly BenchResult[]): BenchGate[] {
  const node = figuresOf(results.filter(({ runtime }) => runtime !== WORKERD))
  const workerd = figuresOf(results.filter(({ runtime }) => runtime === WORKERD))
  const { misses = NaN, asked = NaN } = node.find('implied vol', 'flipwire, cold') ?? {}
  const flipError = node.find(FLIP, OUR_FLIP)?.maxError ?? NaN
  return [
    atLeast('implied vol within 1e-8, share', (asked - misses) / asked, 1),
    ...RATIOS.map(([gate, target, slow, fast]) => atLeast(gate, node.ratio(slow, fast), target)),
    ...TICK_RATIOS.map(([gate, target, full, tick]) =>
      atLeast(gate, 1000 * node.ratio([FULL, full], [QUOTE_TICK, tick]), target),
    ),
    atLeast('flip within 0.01 bp of spot, share', flipError <= FLIP_ERROR ? 1 : 0, 1),
    ...IN_WORKERD.map(([gate, target, slow, fast]) => atLeast(gate, workerd.ratio(slow, fast), target)),
  ]
}

type WorkAndImpl = readonly [string, string]

function figuresOf(results: readonly BenchResult[]) {
  const find = (work: string, impl: string): BenchResult | undefined =>
    results.find((result) => result.work === work && result.impl === impl)
  const figure = ([work, impl]: WorkAndImpl): number =>
    Object.values(find(work, impl)?.figure ?? {})[0] ?? NaN
  return { find, ratio: (slow: WorkAndImpl, fast: WorkAndImpl): number => figure(slow) / figure(fast) }
}
