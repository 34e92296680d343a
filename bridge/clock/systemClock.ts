import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './clock.ts'

export const systemClock: Clock = {
  now: Date.now,
  async sleep(ms, signal) {
    // The only rejection is the abort, and an aborted sleep has simply ended.
    await delay(Math.max(0, ms), undefined, signal ? { signal } : {}).catch(() => undefined)
  },
}
