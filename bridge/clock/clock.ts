/** Time as the bridge sees it. Injected everywhere, so that tests run without waiting. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
