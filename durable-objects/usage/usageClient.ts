/** The typed way to a caller's UsageMeter; itty-durable's own proxy is untyped and full of traps (docs/adr/0003). */
import { proxyDurable } from 'itty-durable'
import * as v from 'valibot'

const CallsByRouteSchema = v.record(v.string(), v.number())

export interface CallerUsage {
  /** Adds one call on `day` (`YYYY-MM-DD`, UTC) to `route` (ASCII: it travels in a header). */
  count(day: string, route: string): Promise<void>
  readDay(day: string): Promise<Readonly<Record<string, number>>>
}

interface MeterProxy {
  count(day: string, route: string): Promise<unknown>
  readDay(day: string): Promise<unknown>
}

export function usageOf(namespace: DurableObjectNamespace, caller: string): CallerUsage {
  // A new stub per call, because one that has thrown stays broken. The proxy answers every property with a function,
  // `then` included, so it must never be awaited or returned from an async function.
  const meter = (): MeterProxy =>
    proxyDurable(namespace, { name: 'USAGE', parse: true }).get(objectName(caller))
  return {
    count: async (day, route) => {
      await meter().count(day, route)
    },
    readDay: async (day) => v.parse(CallsByRouteSchema, await meter().readDay(day)),
  }
}

/** Prefixed, or a subject of 64 hex digits would be taken for an object id; encoded, as it travels in a header. */
function objectName(caller: string): string {
  return `caller:${encodeURI(caller.toWellFormed())}`
}
