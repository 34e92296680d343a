/** Time one implementation gets in each round unless a single pass takes longer, and the most passes made of it. */
const ROUND_MS = 40
const MOST_PASSES = 150

export interface Candidate {
  readonly impl: string
  readonly pass: () => void
}

/**
 * Milliseconds of processor time a pass, per candidate in order: the median over rounds of the median over passes. Every
 * candidate takes its turn within each round, and rounds are short, so that a slow spell of the machine falls on all of
 * them; one extra round, uncounted, warms them up. Processor time, garbage collection included, is what a pass costs; on
 * a machine that runs other work too, the clock on the wall would also count the turns of others, and most of all for
 * long passes.
 */
export function measureInTurn(candidates: readonly Candidate[], rounds = 5): number[] {
  const medians = candidates.map((): number[] => [])
  for (let round = 0; round <= rounds; round++)
    for (const [i, { pass }] of candidates.entries()) {
      const ms = roundOf(pass)
      if (round > 0) medians[i]?.push(ms)
    }
  return medians.map(median)
}

function roundOf(pass: () => void): number {
  const passes: number[] = []
  for (let spent = 0; spent < ROUND_MS && passes.length < MOST_PASSES;) {
    const start = processorMs()
    pass()
    const ms = processorMs() - start
    passes.push(ms)
    spent += ms
  }
  return median(passes)
}

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

let kept: unknown

/**
 * Applies `work` to every item and keeps each answer where the optimiser cannot see that nobody reads it: otherwise it
 * would drop the parts of an answer that are not used, and time less than the library does.
 */
export function forEachKeeping<T>(items: readonly T[], work: (item: T) => unknown): void {
  for (const item of items) kept = work(item)
}

/** The last answer kept. */
export function lastKept(): unknown {
  return kept
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : 0.5 * (upper + (sorted[middle - 1] ?? NaN))
}
