/**
 * Whether a call that names itself like an earlier one, of the same address, is that call asked again. A client whose
 * answer got lost repeats its request and pays once; the bounds keep one id from becoming a subscription.
 */
export const REPEAT_WITHIN_MS = 60_000
export const MAX_REPEATS = 3

export interface EarlierCall {
  readonly atMs: number
  readonly repeats: number
}

export function isRepeat({ atMs, repeats }: EarlierCall, nowMs: number): boolean {
  return nowMs - atMs <= REPEAT_WITHIN_MS && repeats < MAX_REPEATS
}
