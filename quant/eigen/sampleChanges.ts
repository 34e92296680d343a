/** Surfaces that move along known directions, for the tests of this folder. */
import { seededRandom } from '../reference/random.ts'
import { EMPTY_NODE_HISTORY, withSample, type NodeHistory } from './nodeHistory.ts'
import { SURFACE_NODES } from './surfaceNodes.ts'

/** Level, slope and curvature as unit vectors at right angles over all nodes. */
export const KNOWN_MODES: readonly Float64Array[] = [unit(() => 1), unit((k) => -k), unit((k) => k * k - 1)]

export interface Moves {
  readonly rows: number
  readonly seed?: number
  /** Standard deviation of each mode's score per change, and of noise per node. */
  readonly sizes?: readonly [number, number, number]
  readonly noise?: number
}

/** Node changes, oldest first: normal scores on the known modes plus independent noise. */
export function knownChanges({
  rows,
  seed = 1,
  sizes = [0.03, 0.012, 0.005],
  noise = 0.0003,
}: Moves): Float64Array[] {
  const random = seededRandom(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Array.from({ length: rows }, () => {
    const scores = sizes.map((size) => size * normal())
    return Float64Array.from(
      SURFACE_NODES,
      (_, node) =>
        noise * normal() +
        scores.reduce((sum, score, j) => sum + score * (KNOWN_MODES[j]?.[node] as number), 0),
    )
  })
}

/** The history those changes leave when the last row is at `endMs`, a multiple of five minutes. */
export function historyOf(changes: readonly Float64Array[], lnVol: Float64Array, endMs: number): NodeHistory {
  let row = { asOfMs: endMs - 300_000 * changes.length, lnVol }
  let history = withSample(EMPTY_NODE_HISTORY, row)
  for (const change of changes) {
    const before = row.lnVol
    row = {
      asOfMs: row.asOfMs + 300_000,
      lnVol: before.map((value, node) => value + (change[node] as number)),
    }
    history = withSample(history, row)
  }
  return history
}

function unit(shape: (k: number) => number): Float64Array {
  const values = Float64Array.from(SURFACE_NODES, ({ deviation }) => shape(deviation))
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}
