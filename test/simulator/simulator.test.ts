import { afterEach, describe, expect, it, vi } from 'vitest'
import { CORES } from './cores.ts'
import { DEFECTS } from './defects.ts'
import { report, simulate, type Run } from './simulate.ts'

vi.mock('#schemas/stream/protocol', async (original) => {
  return (await import('./tightLimits.ts')).tighten(await original())
})

const FIRST_SEED = Number(process.env['SIM_FIRST_SEED'] ?? 1)
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 1_000)
const EVENTS = Number(process.env['SIM_EVENTS'] ?? 500)
/** A defect that shows in none of so many runs would not be found by chance either. */
const SEEDS_PER_DEFECT = 200

/** What must have happened somewhere in the runs, or they prove little. */
const SEEN = [
  'standby expected a free lease',
  'takes_over under epoch',
  'taken_over',
  'leftovers_undeliverable stale',
  'recovered after timeout',
  'is killed',
  'loses what it stored of its stream',
  'loses power',
  'is thawed',
  'is cut between',
  'vendor evicts bridge',
  'feed_failed the feed has ended by itself, 1 in a row',
  'feed_failed the vendor has hung up, 3 in a row',
  'hibernates',
  'sends its viewers away',
  'is recovered',
  'is not recovered',
  'skips to',
  'is closed 4408',
]

function expectKept(run: Run): void {
  if (run.violation !== null) throw new Error(report(run))
}

afterEach(() => vi.restoreAllMocks())

describe('the simulator', () => {
  it(`finds every promise kept in ${SEEDS} runs of ${EVENTS} events`, { timeout: 0 }, async () => {
    const unseen = new Set(SEEDS >= SEEDS_PER_DEFECT ? SEEN : [])
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const run = await simulate(seed, EVENTS)
      expectKept(run)
      for (const what of unseen) if (run.trace.some((line) => line.includes(what))) unseen.delete(what)
    }
    expect([...unseen]).toEqual([])
  })

  it('does the same for the same seed', { timeout: 0 }, async () => {
    const hashes = async () => {
      const runs: number[] = []
      for (let seed = 1; seed <= 20; seed++) runs.push((await simulate(seed, EVENTS)).hash)
      return runs
    }
    const once = await hashes()
    expect(await hashes()).toEqual(once)
    expect(new Set(once).size).toBe(20)
  })

  it.each(DEFECTS)('notices when $name', { timeout: 0 }, async ({ broken, patch, breaks }) => {
    patch?.()
    // Others may be broken with it.
    let violation = ''
    for (let seed = 1; seed <= SEEDS_PER_DEFECT; seed++) {
      violation = (await simulate(seed, EVENTS, { ...CORES, ...broken })).violation ?? ''
      if (violation.includes(breaks)) break
    }
    expect(violation).toContain(breaks)
  })
})
