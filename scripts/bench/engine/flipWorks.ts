import { measureAll, reprice, type Engine } from '#quant/analytics/engine'
import { netGammaAt } from '#quant/kernel/netGamma'
import { forEachKeeping, measureInTurn, type Candidate } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import type { WholeChain } from './contracts.ts'
import { flipOf } from './engineTicks.ts'
import { interpolatedFlip } from './idiom.ts'

export const OUR_FLIP = 'flipwire, from the maintained profile'
export const USUAL_FLIP = 'usual TypeScript, 60 levels interpolated'
/** Every so many contracts, the slow way to a flip. */
const FLIP_SHARE = 20

/** Zero gamma of a chain, ours and the usual way, each with its distance from the exact one. */
export function flipWorks(work: string, { engine, contracts, spot, asOfMs }: WholeChain): BenchResult[] {
  reprice(engine, spot, asOfMs)
  measureAll(engine)
  const ours = (): number | null => flipOf(engine)
  const some = contracts.filter((_, i) => i % FLIP_SHARE === 0)
  const works: Candidate[] = [
    { impl: OUR_FLIP, pass: () => forEachKeeping([0], ours) },
    { impl: USUAL_FLIP, pass: () => forEachKeeping([spot], (at) => interpolatedFlip(some, at)) },
  ]
  const exact = exactFlip(engine, ours() ?? Number.NaN)
  const flips = [ours(), interpolatedFlip(contracts, spot, exact)]
  const scale = [1, FLIP_SHARE]
  const ms = measureInTurn(works)
  return works.map(({ impl }, i) => ({
    work,
    impl,
    runtime: `node ${process.versions.node}`,
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
