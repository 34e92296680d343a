import { SURFACE_NODES, type NodeRow } from './surfaceNodes.ts'

/** Node rows of the last sessions, oldest first, about five minutes of market time apart. */
export interface NodeHistory {
  readonly rows: readonly NodeRow[]
}

/** What the nodes did between two neighbouring rows; NaN for a node missing from either, or that cannot be a move. */
export interface NodeChange {
  readonly fromMs: number
  readonly toMs: number
  readonly lnVol: Float64Array
}

/** A row as it is stored: null for NaN, which JSON cannot hold. */
export interface StoredNodeRow {
  readonly asOfMs: number
  readonly lnVol: readonly (number | null)[]
}

export const EMPTY_NODE_HISTORY: NodeHistory = { rows: [] }
/** Five sessions of 6.5 hours. */
export const NODE_HISTORY_ROWS = 5 * 78
const SLOT_MS = 300_000
/** In ln IV: volatility of a week or more does not change by a factor of e in five minutes, its quotes do. */
const LARGEST_CHANGE = 1

/**
 * Whether a row belongs in the history at this market time: the first of each five-minute slot, and never within half a
 * slot of the row before it. Time that does not move forward is never due.
 */
export function isSampleDue({ rows }: NodeHistory, asOfMs: number): boolean {
  const last = rows.at(-1)
  if (last === undefined) return Number.isFinite(asOfMs)
  return slotOf(asOfMs) > slotOf(last.asOfMs) && asOfMs - last.asOfMs >= SLOT_MS / 2
}

/** The history with one row more, the oldest dropped when full; the same history when none is due or the row is empty. */
export function withSample(history: NodeHistory, row: NodeRow): NodeHistory {
  if (!isSampleDue(history, row.asOfMs) || !row.lnVol.some(Number.isFinite)) return history
  return { rows: [...history.rows, row].slice(-NODE_HISTORY_ROWS) }
}

/**
 * Changes between rows of consecutive slots, oldest first. Across a missing slot there is none, so nights and
 * interruptions leave no trace: what happened meanwhile is not a five-minute move.
 */
export function nodeChanges({ rows }: NodeHistory): NodeChange[] {
  const changes: NodeChange[] = []
  for (const [i, to] of rows.entries()) {
    const from = rows[i - 1]
    if (from === undefined || slotOf(to.asOfMs) - slotOf(from.asOfMs) !== 1) continue
    const lnVol = to.lnVol.map((value, node) => {
      const change = value - (from.lnVol[node] as number)
      return Math.abs(change) <= LARGEST_CHANGE ? change : Number.NaN
    })
    changes.push({ fromMs: from.asOfMs, toMs: to.asOfMs, lnVol })
  }
  return changes
}

/** The last of `changes` if the nodes have hardly moved on since, at most two slots ago. */
export function latestChange(changes: readonly NodeChange[], asOfMs: number): NodeChange | null {
  const last = changes.at(-1)
  if (last === undefined) return null
  const age = asOfMs - last.toMs
  return age >= 0 && age <= 2 * SLOT_MS ? last : null
}

export function storedNodeRows({ rows }: NodeHistory): StoredNodeRow[] {
  return rows.map(({ asOfMs, lnVol }) => ({
    asOfMs,
    lnVol: Array.from(lnVol, (value) => (Number.isFinite(value) ? value : null)),
  }))
}

/** Rows of another node grid, and rows that do not follow on the one before, are left out. */
export function restoredNodeHistory(stored: readonly StoredNodeRow[]): NodeHistory {
  return stored
    .filter(({ lnVol }) => lnVol.length === SURFACE_NODES.length)
    .map(({ asOfMs, lnVol }) => ({ asOfMs, lnVol: Float64Array.from(lnVol, (value) => value ?? Number.NaN) }))
    .reduce(withSample, EMPTY_NODE_HISTORY)
}

function slotOf(asOfMs: number): number {
  return Math.floor(asOfMs / SLOT_MS)
}
