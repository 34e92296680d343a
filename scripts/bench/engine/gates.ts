import { atLeast, type BenchGate, type BenchResult } from '../report.ts'
import {
  ENGINE,
  FLOE,
  KERNELS,
  PROTOTYPE,
  PROTOTYPE_PAIRED,
  REAL,
  SYNTHETIC,
  type WorkNames,
} from './chainWorks.ts'
import { NPM_VOLS, PAIRED_GREEKS } from './contractWorks.ts'
import { OUR_FLIP, USUAL_FLIP } from './flipWorks.ts'
import { QUANTLIB_GREEKS, QUANTLIB_VOL } from './quantlib/quantlib.ts'
import { WORKERD } from './workerdWorks.ts'

/** [gate, target, slow side, fast side]: how many times longer the slow side takes. */
type Ratio = readonly [string, number, string, string]

const VOL = 'implied vol'
const OUR_VOL = 'flipwire, cold'
const GREEKS: readonly Ratio[] = [
  ['8 greeks vs @uqee price + 5', 3, '@uqee, price + 5', 'flipwire'],
  ['8 greeks vs floe', 9, 'floe, 13', 'flipwire'],
  ['8 greeks of call and put vs floe', 9, 'floe, 13', PAIRED_GREEKS],
  ['8 greeks vs QuantLib price + 5', 5, QUANTLIB_GREEKS, 'flipwire'],
]
/** The engine may take 1.3 times what the prototype takes for the same contracts. */
const OF_PROTOTYPE = 1 / 1.3
const PROTOTYPES: readonly Ratio[] = [
  ['full recompute, prototype over kernels', OF_PROTOTYPE, PROTOTYPE, KERNELS.cold],
  ['full analysis, prototype over engine', OF_PROTOTYPE, PROTOTYPE_PAIRED, ENGINE.cold],
]
/** Of spot, in basis points. */
const FLIP_ERROR = 0.01

/** The product's targets, which are never lowered; a missed one is reported, and so is one whose peer is absent. */
export function engineGates(results: readonly BenchResult[]): BenchGate[] {
  const node = figuresOf(results.filter(({ runtime }) => runtime !== WORKERD))
  const workerd = figuresOf(results.filter(({ runtime }) => runtime === WORKERD))
  const { full, quoteTick } = SYNTHETIC
  return [
    ...volGates(node),
    ...GREEKS.map((ratio) => node.gate('8 greeks', ratio)),
    node.gate('60-level ladder', [
      '60-level ladder vs the usual TypeScript',
      40,
      'usual TypeScript',
      'flipwire',
    ]),
    ...kernelGates(node, SYNTHETIC, ''),
    ...PROTOTYPES.map((ratio) => node.gate(full, ratio)),
    tickGate(
      node,
      'quote tick vs full recompute, kernels',
      [full, KERNELS.cold],
      [quoteTick, KERNELS.quoteTick],
    ),
    ...chainGates(node, SYNTHETIC, ''),
    ...flipGates(node, SYNTHETIC, ''),
    ...kernelGates(node, REAL, ', SPX'),
    ...chainGates(node, REAL, ', SPX'),
    ...flipGates(node, REAL, ', SPX'),
    ...chainGates(workerd, SYNTHETIC, ', in workerd'),
  ]
}

function volGates(node: Figures): BenchGate[] {
  const { misses = NaN, asked = NaN } = node.find(VOL, OUR_VOL) ?? {}
  const accurate = NPM_VOLS.filter((impl) => node.find(VOL, impl)?.misses === 0)
  const best = Math.min(...accurate.map((impl) => node.figure(VOL, impl)))
  return [
    atLeast('implied vol within 1e-8, share', (asked - misses) / asked, 1),
    atLeast('implied vol vs the best accurate npm library', best / node.figure(VOL, OUR_VOL), 6),
    node.gate(VOL, ['implied vol vs QuantLib', 10, QUANTLIB_VOL, OUR_VOL]),
    node.gate(VOL, ['implied vol vs floe', 200, 'floe', OUR_VOL]),
  ]
}

/** Volatilities, greeks, sums by strike and expiry and a profile, which is what floe's recompute does but for the profile. */
function kernelGates(node: Figures, { full, spotTick }: WorkNames, where: string): BenchGate[] {
  return [
    node.gate(full, [`full recompute, kernels vs floe${where}`, 100, FLOE.full, KERNELS.cold]),
    node.gate(spotTick, [
      `spot tick, kernels vs floe exposures${where}`,
      60,
      FLOE.spotTick,
      KERNELS.spotTick,
    ]),
  ]
}

/** What holds on every whole chain and in either runtime. */
function chainGates(figures: Figures, names: WorkNames, where: string): BenchGate[] {
  const { full, spotTick, quoteTick, flip } = names
  const flipRatio = figures.figure(full, ENGINE.cold) / figures.figure(flip, OUR_FLIP)
  return [
    figures.gate(full, [`full analysis vs floe${where}`, 100, FLOE.full, ENGINE.cold]),
    figures.gate(spotTick, [
      `spot tick, every exposure, vs floe exposures${where}`,
      60,
      FLOE.spotTick,
      ENGINE.spotTick,
    ]),
    tickGate(
      figures,
      `quote tick vs full analysis${where}`,
      [full, ENGINE.cold],
      [quoteTick, ENGINE.quoteTick],
    ),
    atLeast(`flip vs full analysis${where}`, flipRatio, 10),
  ]
}

function flipGates(node: Figures, { flip }: WorkNames, where: string): BenchGate[] {
  const error = node.find(flip, OUR_FLIP)?.maxError ?? NaN
  const within = Number.isNaN(error) ? NaN : error <= FLIP_ERROR ? 1 : 0
  return [
    node.gate(flip, [`flip vs the usual TypeScript${where}`, 100, USUAL_FLIP, OUR_FLIP]),
    atLeast(`flip within 0.01 bp of spot, share${where}`, within, 1),
  ]
}

type WorkAndImpl = readonly [work: string, impl: string]

/** A full recompute is in milliseconds, a tick in microseconds. */
function tickGate(figures: Figures, gate: string, full: WorkAndImpl, tick: WorkAndImpl): BenchGate {
  return atLeast(gate, (1000 * figures.figure(...full)) / figures.figure(...tick), 1000)
}

type Figures = ReturnType<typeof figuresOf>

function figuresOf(results: readonly BenchResult[]) {
  const find = (work: string, impl: string): BenchResult | undefined =>
    results.find((result) => result.work === work && result.impl === impl)
  const figure = (work: string, impl: string): number =>
    Object.values(find(work, impl)?.figure ?? {})[0] ?? NaN
  const gate = (work: string, [name, target, slow, fast]: Ratio): BenchGate =>
    atLeast(name, figure(work, slow) / figure(work, fast), target)
  return { find, figure, gate }
}
