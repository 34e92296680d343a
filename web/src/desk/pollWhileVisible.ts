/**
 * Reads something again and again, by default every 15 s, but only while somebody can see it. A refusal for the caller's
 * tier is final: asking again would be refused again.
 */
import { ApiProblem } from '#client/rest/apiProblem'

export const POLL_MS = 15_000

export interface PollSinks<T> {
  value(value: T): void
  problem(problem: ApiProblem): void
}

export interface PollSurroundings {
  readonly nowMs: () => number
  /** Returns the cancellation. */
  readonly every: (ms: number, run: () => void) => () => void
  readonly intervalMs?: number
}

export interface Poll {
  setVisible(isVisible: boolean): void
  /** What is to be read has changed: it is asked for at once, after the running read, or when next seen. */
  refresh(): void
  close(): void
}

/** Begins hidden. */
export function pollWhileVisible<T>(
  load: () => Promise<T>,
  sinks: PollSinks<T>,
  { nowMs, every, intervalMs = POLL_MS }: PollSurroundings,
): Poll {
  let askedAtMs = -Infinity
  let isAsking = false
  let isAskedAgain = false
  let isOver = false
  let stopTimer: (() => void) | null = null

  async function ask(): Promise<void> {
    if (isAsking || isOver) return
    isAsking = true
    askedAtMs = nowMs()
    try {
      const value = await load()
      if (!isOver) sinks.value(value)
    } catch (cause) {
      // The client promises ApiProblems; anything else is a fault of ours and must be seen.
      if (!(cause instanceof ApiProblem)) throw cause
      if (!isOver) sinks.problem(cause)
      if (cause.code === 'upgrade_required') close()
    } finally {
      isAsking = false
      if (isAskedAgain && stopTimer !== null) void ask()
      isAskedAgain = false
    }
  }

  function hide(): void {
    stopTimer?.()
    stopTimer = null
  }

  function close(): void {
    isOver = true
    hide()
  }

  return {
    setVisible(isVisible) {
      if (!isVisible) hide()
      if (!isVisible || isOver || stopTimer !== null) return
      stopTimer = every(intervalMs, () => void ask())
      if (nowMs() - askedAtMs >= intervalMs) void ask()
    },
    refresh() {
      if (isAsking) isAskedAgain = true
      else if (stopTimer !== null) void ask()
      else askedAtMs = -Infinity
    },
    close,
  }
}
