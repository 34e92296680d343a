/** The typed way to an account's WindowLeases; itty-durable's own proxy is untyped and full of traps (docs/adr/0003). */
import { proxyDurable } from 'itty-durable'
import * as v from 'valibot'
import type { WindowRequest } from '#schemas/rest/windows'

const LeaseSchema = v.object({
  id: v.string(),
  kind: v.string(),
  symbol: v.string(),
  openedAtMs: v.number(),
  expiresAtMs: v.number(),
})
const OpenAnswerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), lease: LeaseSchema }),
  v.object({ ok: v.literal(false), open: v.array(LeaseSchema) }),
])
export type Lease = v.InferOutput<typeof LeaseSchema>

export interface AccountWindows {
  open(
    request: WindowRequest & { readonly id: string },
    limit: number,
    nowMs: number,
  ): Promise<v.InferOutput<typeof OpenAnswerSchema>>
  /** Null when it has ended. */
  renew(id: string, nowMs: number): Promise<Lease | null>
  /** Whether it was open. */
  close(id: string, nowMs: number): Promise<boolean>
  list(nowMs: number): Promise<Lease[]>
  erase(): Promise<void>
}

type LeasesProxy = Record<keyof AccountWindows, (...args: unknown[]) => Promise<unknown>>

export function windowsOf(namespace: DurableObjectNamespace, subject: string): AccountWindows {
  // A new stub per call, because one that has thrown stays broken. The proxy answers every property with a function,
  // `then` included, so it must never be awaited or returned from an async function.
  const leases = (): LeasesProxy =>
    proxyDurable(namespace, { name: 'WINDOWS', parse: true }).get(objectName(subject))
  return {
    open: async (...args) => v.parse(OpenAnswerSchema, await leases().open(...args)),
    renew: async (...args) => v.parse(v.nullable(LeaseSchema), await leases().renew(...args)),
    close: async (...args) => v.parse(v.boolean(), await leases().close(...args)),
    erase: async () => void (await leases().erase()),
    list: async (nowMs) => v.parse(v.array(LeaseSchema), await leases().list(nowMs)),
  }
}

/** Prefixed, or a subject of 64 hex digits would be taken for an object id; encoded, as it travels in a header. */
function objectName(subject: string): string {
  return `account:${encodeURI(subject.toWellFormed())}`
}
