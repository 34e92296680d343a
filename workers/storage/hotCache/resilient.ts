/**
 * A remote hot cache that never rejects: what fails there is answered from memory, and after a few failures in a row
 * the remote one is left alone for a while (a circuit breaker), so that its outage costs readers nothing.
 */
import type { HotCache } from './hotCache.ts'

const FAILURES_TO_OPEN = 3
const OPEN_MS = 10_000

export interface ResilientOptions {
  readonly remote: HotCache
  readonly fallback: HotCache
  readonly nowMs?: () => number
  /** Called when the breaker opens. */
  readonly onOpen?: (cause: unknown) => void
}

export function resilientHotCache(options: ResilientOptions): HotCache {
  const { remote, fallback, nowMs = Date.now, onOpen } = options
  let failures = 0
  let openUntilMs = -Infinity

  async function attempt<T>(call: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    if (nowMs() < openUntilMs) return otherwise()
    try {
      const answer = await call()
      failures = 0
      return answer
    } catch (cause) {
      failures++
      // After OPEN_MS one call is let through; its failure opens the breaker again at once.
      if (failures >= FAILURES_TO_OPEN) {
        openUntilMs = nowMs() + OPEN_MS
        onOpen?.(cause)
      }
      return otherwise()
    }
  }

  return {
    get: (kind, symbol) =>
      attempt(
        () => remote.get(kind, symbol),
        () => fallback.get(kind, symbol),
      ),
    async put(kind, symbol, entry) {
      // Always in memory too: the fallback must have something when the remote fails.
      await fallback.put(kind, symbol, entry)
      await attempt(
        () => remote.put(kind, symbol, entry),
        async () => {},
      )
    },
  }
}
