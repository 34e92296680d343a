import { join } from 'node:path'
import { median } from '../measure.ts'
import { significant, type BenchResult } from '../report.ts'
import { FLIP, FULL, QUOTE_TICK, SPOT_TICK } from './chainWorks.ts'
import { serveInWorkerd } from './workerd.ts'

/** The runtime of these results. */
export const WORKERD = 'workerd'
const ROUNDS = 3

interface Work {
  readonly path: string
  readonly passes: number
  readonly work: string
  readonly impl: string
  readonly unit: 'ms' | 'microseconds'
}

const WORKS: readonly Work[] = [
  { path: 'full', passes: 40, work: FULL, impl: 'flipwire engine, cold', unit: 'ms' },
  { path: 'floeFull', passes: 1, work: FULL, impl: 'floe, no profile', unit: 'ms' },
  { path: 'spot', passes: 150, work: SPOT_TICK, impl: 'flipwire engine, every exposure', unit: 'ms' },
  { path: 'floeSpot', passes: 3, work: SPOT_TICK, impl: 'floe exposures', unit: 'ms' },
  {
    path: 'quote',
    passes: 100_000,
    work: QUOTE_TICK,
    impl: 'flipwire engine, every exposure of call and put',
    unit: 'microseconds',
  },
  { path: 'flip', passes: 500, work: FLIP, impl: 'flipwire, from the maintained profile', unit: 'ms' },
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
