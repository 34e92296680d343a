/** The hot cache in Upstash Redis, shared by every isolate of a region. */
import { Redis } from '@upstash/redis/cloudflare'
import * as v from 'valibot'
import { HOT_KEEP_MS, type HotCache } from './hotCache.ts'

/** Budget of one call with its retry: the client's default of five retries could take four seconds. */
const TIMEOUT_MS = 250
const RETRIES = 1
const BACKOFF_MS = 20

const StoredSchema = v.object({ storedAtMs: v.number(), json: v.string() })

export interface UpstashOptions {
  readonly url: string
  readonly token: string
  readonly timeoutMs?: number
}

/** Rejects when Redis cannot be reached in time. An entry written in another form counts as absent. */
export function upstashHotCache({ url, token, timeoutMs = TIMEOUT_MS }: UpstashOptions): HotCache {
  const redis = new Redis({
    url,
    token,
    retry: { retries: RETRIES, backoff: () => BACKOFF_MS },
    signal: () => AbortSignal.timeout(timeoutMs),
    automaticDeserialization: false,
    enableTelemetry: false,
    readYourWrites: false,
  })
  return {
    async get(kind, symbol) {
      const stored: unknown = await redis.get(keyOf(kind, symbol))
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StoredSchema), stored)
      return parsed.success ? parsed.output : null
    },
    async put(kind, symbol, entry) {
      await redis.set(keyOf(kind, symbol), JSON.stringify(entry), { px: HOT_KEEP_MS })
    },
  }
}

/** The number is the version of the stored form. */
function keyOf(kind: string, symbol: string): string {
  return `flipwire:1:${kind}:${symbol}`
}
