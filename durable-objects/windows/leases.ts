/** Which windows of an account are open. Pure: leases, an event and the time in, the next leases and the answer out. */
import { WINDOW_LIFE_MS, type WindowRequest } from '#schemas/rest/windows'

export interface WindowLease extends WindowRequest {
  readonly id: string
  readonly openedAtMs: number
  readonly expiresAtMs: number
}

export type OpenAnswer =
  | { readonly ok: true; readonly lease: WindowLease }
  | { readonly ok: false; readonly open: readonly WindowLease[] }

export interface Decision<Answer> {
  /** Oldest first. */
  readonly leases: readonly WindowLease[]
  readonly answer: Answer
}

/** Asking again with the id of an open window renews that one, so that a lost answer costs no second place. */
export function openWindow(
  held: readonly WindowLease[],
  request: WindowRequest & { readonly id: string },
  limit: number,
  nowMs: number,
): Decision<OpenAnswer> {
  const live = liveWindows(held, nowMs)
  const renewed = renewWindow(live, request.id, nowMs)
  if (renewed.answer !== null) return { leases: renewed.leases, answer: { ok: true, lease: renewed.answer } }
  if (live.length >= limit) return { leases: live, answer: { ok: false, open: live } }
  const { id, kind, symbol } = request
  const lease = { id, kind, symbol, openedAtMs: nowMs, expiresAtMs: nowMs + WINDOW_LIFE_MS }
  return { leases: [...live, lease], answer: { ok: true, lease } }
}

/** Null when it has ended: its place may be taken, so it has to be opened anew. */
export function renewWindow(
  held: readonly WindowLease[],
  id: string,
  nowMs: number,
): Decision<WindowLease | null> {
  const live = liveWindows(held, nowMs)
  const found = live.find((lease) => lease.id === id)
  if (found === undefined) return { leases: live, answer: null }
  const lease = { ...found, expiresAtMs: nowMs + WINDOW_LIFE_MS }
  return { leases: live.map((other) => (other.id === id ? lease : other)), answer: lease }
}

export function closeWindow(held: readonly WindowLease[], id: string, nowMs: number): Decision<boolean> {
  const live = liveWindows(held, nowMs)
  const leases = live.filter((lease) => lease.id !== id)
  return { leases, answer: leases.length < live.length }
}

export function liveWindows(held: readonly WindowLease[], nowMs: number): readonly WindowLease[] {
  const live = held.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
  // Not longer from now than any granted now: a clock that was ahead must not have given more than the others do.
  const latestMs = nowMs + WINDOW_LIFE_MS
  return live.map((lease) => (lease.expiresAtMs > latestMs ? { ...lease, expiresAtMs: latestMs } : lease))
}
