/**
 * Whether a call that names itself like an earlier one, of the same address, is that call asked again. A client whose
 * answer got lost repeats its request and pays once; the bounds keep that from becoming a discount.
 */
export const REPEAT_WITHIN_MS = 60_000
export const MAX_REPEATS = 3
/** Of an account, free of charge: a start, and then one in ten calls. Networks lose far less. */
const FREE_REPEATS = 100
const CALLS_PER_REPEAT = 10

export interface EarlierCall {
  readonly atMs: number
  readonly repeats: number
}

/** Calls paid and repeats given since the object woke. */
export interface RepeatTally {
  readonly calls: number
  readonly repeats: number
}

export function isRepeat({ atMs, repeats }: EarlierCall, tally: RepeatTally, nowMs: number): boolean {
  const isRecent = nowMs - atMs <= REPEAT_WITHIN_MS && repeats < MAX_REPEATS
  return isRecent && tally.repeats < FREE_REPEATS + tally.calls / CALLS_PER_REPEAT
}
