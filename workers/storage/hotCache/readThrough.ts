/** Cache first while fresh, else the object; the cache again, marked stale, when the object is out of reach. */
import * as v from 'valibot'
import { HOT_FRESH_MS, HOT_KEEP_MS, type HotCache, type HotEntry, type HotKind } from './hotCache.ts'

export interface ReadThroughOptions<T> {
  readonly cache: HotCache
  readonly kind: HotKind
  readonly symbol: string
  readonly schema: v.GenericSchema<T>
  /** Null: the object has nothing to show. */
  readonly read: () => Promise<T | null>
  /** True for errors that mean "out of reach"; others are thrown on. */
  readonly isOutOfReach: (error: unknown) => boolean
  readonly nowMs: () => number
}

export interface HotAnswer<T> {
  readonly value: T
  readonly from: 'object' | 'cache'
  readonly ageMs: number
  /** Served because the object is out of reach. */
  readonly isStale: boolean
}

export async function readThrough<T>(options: ReadThroughOptions<T>): Promise<HotAnswer<T> | null> {
  const { cache, kind, symbol, schema, read, isOutOfReach, nowMs } = options
  const entry = await cache.get(kind, symbol)
  const ageMs = entry ? nowMs() - entry.storedAtMs : Infinity
  const held = entry ? parse(entry, schema) : null
  // A negative age is another machine's clock ahead of ours: fresh enough.
  if (held !== null && ageMs < HOT_FRESH_MS) return { value: held, from: 'cache', ageMs, isStale: false }
  try {
    const value = await read()
    if (value === null) return null
    await cache.put(kind, symbol, { storedAtMs: nowMs(), json: JSON.stringify(value) })
    return { value, from: 'object', ageMs: 0, isStale: false }
  } catch (error) {
    if (held === null || ageMs >= HOT_KEEP_MS || !isOutOfReach(error)) throw error
    return { value: held, from: 'cache', ageMs, isStale: true }
  }
}

/** Entries of this isolate's memory are the same object each time, and need reading once. */
const parsedEntries = new WeakMap<HotEntry, unknown>()

/** Frozen, because many readers get it: none may change what the next one gets. */
function parse<T>(entry: HotEntry, schema: v.GenericSchema<T>): T | null {
  const held = parsedEntries.get(entry)
  // Put there below; a kind has one schema.
  if (held !== undefined) return held as T
  try {
    const parsed = v.safeParse(schema, JSON.parse(entry.json))
    if (!parsed.success) return null
    parsedEntries.set(entry, frozen(parsed.output))
    return parsed.output
  } catch {
    return null
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
