/**
 * Where a batch stands in the stream of its source: the one decision behind exactly-once.
 *
 * One source feeds a symbol at a time. Whoever holds the largest epoch is active; a larger epoch, of the same source
 * or another, takes over and must begin at sequence 1. Epochs are compared, clocks never, so a bridge that was
 * frozen and wakes up late is fenced whatever the time is.
 */
import type { BatchPosition } from '#schemas/ingest/batch'

export interface Positions {
  /** The source whose batches are applied; null before the first batch. */
  readonly active: string | null
  /** Newest applied position of every source that ever fed this symbol. */
  readonly bySource: ReadonlyMap<string, BatchPosition>
}

export const NO_POSITIONS: Positions = { active: null, bySource: new Map() }

export type Placement =
  /** Next in line. `startsEpoch`: ids and held quotes of the epoch before mean nothing to it. */
  | { readonly kind: 'apply'; readonly startsEpoch: boolean }
  | { readonly kind: 'duplicate'; readonly position: BatchPosition }
  | { readonly kind: 'gap'; readonly expected: BatchPosition }
  /** `expected` is the smallest position that would take over. */
  | { readonly kind: 'staleEpoch'; readonly expected: BatchPosition }

type Placed = BatchPosition & { readonly source: string }

export function placeBatch(positions: Positions, { source, epoch, sequence }: Placed): Placement {
  const held = positions.bySource.get(source)
  // A fenced source may still be told that what it once sent is safe.
  if (held?.epoch === epoch && sequence <= held.sequence) return { kind: 'duplicate', position: held }
  if (held?.epoch === epoch && source === positions.active) {
    const next = held.sequence + 1
    return sequence === next
      ? { kind: 'apply', startsEpoch: false }
      : { kind: 'gap', expected: { epoch, sequence: next } }
  }
  const active = positions.active === null ? undefined : positions.bySource.get(positions.active)
  if (active !== undefined && epoch <= active.epoch) {
    return { kind: 'staleEpoch', expected: { epoch: active.epoch + 1, sequence: 1 } }
  }
  return sequence === 1
    ? { kind: 'apply', startsEpoch: true }
    : { kind: 'gap', expected: { epoch, sequence: 1 } }
}

export function advance(positions: Positions, { source, epoch, sequence }: Placed): Positions {
  return { active: source, bySource: new Map(positions.bySource).set(source, { epoch, sequence }) }
}
