import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** For tests: every sleep ends on the next turn of the event loop and moves the time on by what was asked. */
export interface FakeClock extends Clock {
  readonly slept: number[]
}

export function fakeClock(startMs: number): FakeClock {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    now: () => nowMs,
    async sleep(ms, signal) {
      if (signal?.aborted) return
      await nextTurn()
      slept.push(ms)
      nowMs += ms
    },
  }
}
