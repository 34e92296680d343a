import { join } from 'node:path'
import { median } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import { ENGINE, FLOE, SYNTHETIC } from './chainWorks.ts'
import { OUR_FLIP } from './flipWorks.ts'
import { serveInWorkerd } from './workerd.ts'

/** The runtime of these results. */
export const WORKERD = 'workerd'
/** Short and many, so that a slow spell of the machine falls on all. */
const ROUNDS = 9

interface Work {
  readonly path: string
  readonly passes: number
  readonly work: string
  readonly impl: string
  readonly unit: 'ms' | 'microseconds'
}

const { full, spotTick, quoteTick, flip } = SYNTHETIC
const WORKS: readonly Work[] = [
  { path: 'full', passes: 15, work: full, impl: ENGINE.cold, unit: 'ms' },
  { path: 'floeFull', passes: 1, work: full, impl: FLOE.full, unit: 'ms' },
  { path: 'spot', passes: 50, work: spotTick, impl: ENGINE.spotTick, unit: 'ms' },
  { path: 'floeSpot', passes: 2, work: spotTick, impl: FLOE.spotTick, unit: 'ms' },
  { path: 'quote', passes: 40_000, work: quoteTick, impl: ENGINE.quoteTick, unit: 'microseconds' },
  { path: 'flip', passes: 200, work: flip, impl: OUR_FLIP, unit: 'ms' },
]

/** The engine and its peer inside workerd, where it runs in production. */
export async function workerdWorks(): Promise<BenchResult[]> {
  const { run, stop } = await serveInWorkerd(join(import.meta.dirname, 'workerdModule.ts'))
  try {
    const times = WORKS.map((): number[] => [])
    for (let round = 0; round <= ROUNDS; round++)
      for (const [i, { path, passes }] of WORKS.entries()) {
        const ms = await run(path, passes)
        // The first round warms up.
        if (round > 0) times[i]?.push(ms / passes)
      }
    return WORKS.map(({ work, impl, unit }, i) => ({
      work,
      impl,
      runtime: WORKERD,
      figure: { [unit]: significant(median(times[i] ?? []) * (unit === 'ms' ? 1 : 1000), 3) },
    }))
  } finally {
    stop()
  }
}
