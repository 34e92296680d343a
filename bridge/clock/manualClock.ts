import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** For tests: time moves only when told to, and wakes sleepers in order. */
export function manualClock(): { readonly clock: Clock; pass(ms: number): Promise<void> } {
  let nowMs = 0
  let sleepers: { atMs: number; wake: () => void }[] = []
  const clock: Clock = {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        sleepers.push({ atMs: nowMs + ms, wake: resolve })
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
  return {
    clock,
    async pass(ms: number) {
      const endMs = nowMs + ms
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- what woke up runs before the next one wakes
        for (let turn = 0; turn < 5; turn++) await nextTurn()
        const due = sleepers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (!due) break
        sleepers = sleepers.filter((sleeper) => sleeper !== due)
        nowMs = Math.max(nowMs, due.atMs)
        due.wake()
      }
      nowMs = endMs
    },
  }
}
