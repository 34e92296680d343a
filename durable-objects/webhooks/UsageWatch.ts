/**
 * Tells an account's webhooks when most of a day's quota is used. What was told is known in memory alone: after a restart it
 * is told again under the same id, which changes nothing.
 */
import type { WindowStanding } from '#schemas/quota'
import { USAGE_THRESHOLDS, type NamedEvent } from '#schemas/webhookEvents'

const DAY_MS = 86_400_000
const RETRY_MS = 60_000

/** One event per threshold that is reached. Pure. */
export function usageEvents({ limit, remaining, resetsAtMs }: WindowStanding, nowMs: number): NamedEvent[] {
  const units = limit - remaining
  const day = new Date(resetsAtMs - DAY_MS).toISOString().slice(0, 10)
  return USAGE_THRESHOLDS.filter((percent) => units * 100 >= limit * percent).map((percent) => ({
    id: `evt_usage-${day}-${percent}`,
    event: {
      type: 'usage.threshold',
      timestamp: new Date(nowMs).toISOString(),
      data: { day, percent, units, unitsPerDay: limit },
    },
  }))
}

export class UsageWatch {
  readonly #tell: (events: readonly NamedEvent[]) => Promise<void>
  readonly #failed: (error: unknown) => void
  /** Of the day that ends then. */
  #told = { resetsAtMs: 0, events: 0 }
  #quietUntilMs = 0

  constructor(tell: (events: readonly NamedEvent[]) => Promise<void>, failed: (error: unknown) => void) {
    this.#tell = tell
    this.#failed = failed
  }

  /** After every charge; does nothing but compare until there is something to tell. Never rejects. */
  async look(day: WindowStanding, nowMs: number): Promise<void> {
    if (day.remaining * 100 > day.limit * (100 - USAGE_THRESHOLDS[0]) || nowMs < this.#quietUntilMs) return
    const known = this.#told.resetsAtMs === day.resetsAtMs ? this.#told.events : 0
    const events = usageEvents(day, nowMs)
    if (events.length <= known) return
    this.#quietUntilMs = nowMs + RETRY_MS
    try {
      await this.#tell(events.slice(known))
      this.#told = { resetsAtMs: day.resetsAtMs, events: events.length }
      this.#quietUntilMs = 0
    } catch (error) {
      this.#failed(error)
    }
  }
}
