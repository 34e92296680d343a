import type { Clock } from '../clock/clock.ts'

/**
 * Waits for `work`; once `signal` aborts only for `graceMs` more, and then goes on without it. `work` is told so by
 * its own signal.
 */
export async function withGrace(
  work: (over: AbortSignal) => Promise<void>,
  clock: Clock,
  graceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const end = (): void => void clock.sleep(graceMs, over.signal).then(() => over.abort())
  const given = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true, signal: over.signal })
  await Promise.race([work(over.signal), given])
  over.abort()
}
