/**
 * What a POST with an Idempotency-Key gets: the first of a key goes ahead, a second waits its turn, later ones get the
 * first one's answer, and the same key with another body is a mistake.
 */
export const ANSWER_KEPT_MS = 86_400_000
/** A first one that has not answered by then died on the way. */
const PENDING_MS = 60_000

export interface HeldAnswer {
  /** Of the request: method, path and body. */
  readonly print: string
  readonly atMs: number
  /** Null while the first one is on its way. */
  readonly answer: string | null
}

export type KeyVerdict =
  | { readonly kind: 'first' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'answered'; readonly answer: string }

export function decideKey(held: HeldAnswer | undefined, print: string, nowMs: number): KeyVerdict {
  if (held === undefined || nowMs - held.atMs >= ANSWER_KEPT_MS) return { kind: 'first' }
  if (held.print !== print) return { kind: 'mismatch' }
  if (held.answer !== null) return { kind: 'answered', answer: held.answer }
  return nowMs - held.atMs < PENDING_MS ? { kind: 'busy' } : { kind: 'first' }
}
