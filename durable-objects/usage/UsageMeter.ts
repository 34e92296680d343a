/**
 * Calls of one caller per UTC day and route. The one itty-durable object (docs/adr/0003): small JSON, driven only by
 * requests, no sockets, no alarms. Reach it through `usageClient.ts` alone: any GET on it can call any method, so a
 * user's request must never be forwarded to it.
 */
import { createDurable } from 'itty-durable'

/** One month and a few days, so that a month can be settled after it ended. */
const KEPT_DAYS = 35

type CallsByRoute = Record<string, number>

// Not `autoPersist`: it would rewrite the state on reads too.
export class UsageMeter extends createDurable({ autoPersist: false }) {
  days: Record<string, CallsByRoute> = {}

  /** `day` is `YYYY-MM-DD`. Resolves when the count is stored. */
  async count(day: string, route: string): Promise<void> {
    const calls = (this.days[day] ??= {})
    calls[route] = (calls[route] ?? 0) + 1
    const old = Object.keys(this.days).sort().slice(0, -KEPT_DAYS)
    for (const past of old) delete this.days[past]
    await this.persist()
  }

  readDay(day: string): CallsByRoute {
    return this.days[day] ?? {}
  }
}
