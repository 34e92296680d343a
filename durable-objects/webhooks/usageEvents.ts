/** What an account's webhooks are told when most of a day's quota is used. Pure. */
import type { WindowStanding } from '#schemas/quota'
import { USAGE_THRESHOLDS, type NamedEvent } from '#schemas/webhookEvents'

const DAY_MS = 86_400_000

/** One event per threshold that is reached; of the same id each time, so that telling it twice changes nothing. */
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

/** Which thresholds of the day were seen already, in memory: after a restart the newest is seen once more. */
export class UsageWatch {
  #seen = { resetsAtMs: 0, events: 0 }

  /** After every charge, so it does nothing but compare until there is something new. */
  news(day: WindowStanding, nowMs: number): NamedEvent[] {
    if (day.remaining * 100 > day.limit * (100 - USAGE_THRESHOLDS[0])) return []
    const seen = this.#seen.resetsAtMs === day.resetsAtMs ? this.#seen.events : 0
    const events = usageEvents(day, nowMs)
    if (events.length <= seen) return []
    this.#seen = { resetsAtMs: day.resetsAtMs, events: events.length }
    return events.slice(seen)
  }
}
