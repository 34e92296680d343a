/**
 * Memory first, then what isolates share, then the object; a kept answer again, marked stale, when the object is out of
 * reach. What is shared is believed only if it is of the right form and symbol and no older than what is known here.
 */
import * as v from 'valibot'
import { HOT_FRESH_MS, HOT_KEEP_MS, type HotCache, type HotEntry, type HotKind } from './hotCache.ts'

/** What an answer says of itself. */
export interface HotClaim {
  readonly symbol: string
  readonly epoch: number
  readonly sequence: number
  /** From when on its data are too old to be called fresh; null when they are not called so. */
  readonly staleAtMs: number | null
}

export interface ReadThroughOptions<T> {
  readonly memory: HotCache
  readonly shared: HotCache | null
  readonly kind: HotKind
  readonly symbol: string
  /** Tells apart several answers of a kind about a symbol. */
  readonly variant?: string
  readonly schema: v.GenericSchema<T>
  readonly claimOf: (value: T) => HotClaim
  /** Null: the object has nothing to show. */
  readonly read: () => Promise<T | null>
  /** True for errors that mean "out of reach"; others are thrown on. */
  readonly isOutOfReach: (error: unknown) => boolean
  readonly nowMs: () => number
  /** Takes over work that the reader need not wait for. */
  readonly later: (work: Promise<void>) => void
}

export interface HotAnswer<T> {
  readonly value: T
  readonly from: 'object' | 'cache'
  readonly ageMs: number
  /** Served because the object is out of reach. */
  readonly isStale: boolean
}

interface Held<T> {
  readonly entry: HotEntry
  readonly value: T
  readonly claim: HotClaim
}

export async function readThrough<T>(options: ReadThroughOptions<T>): Promise<HotAnswer<T> | null> {
  const { memory, shared, kind, symbol, variant = '', read, isOutOfReach, nowMs, later } = options
  const name = variant === '' ? symbol : `${symbol}:${variant}`
  const near = heldIn(await memory.get(kind, name), options)
  if (near !== null && isFresh(near, nowMs())) return answerOf(near, false)

  const far = shared && heldIn(await shared.get(kind, name), options)
  const newest = far !== null && isNoOlder(far, near) ? far : near
  if (newest !== null && newest === far && isFresh(far, nowMs())) {
    await memory.put(kind, name, far.entry)
    return answerOf(far, false)
  }
  try {
    const value = await read()
    if (value === null) return null
    const entry = { storedAtMs: nowMs(), json: JSON.stringify(value) }
    await memory.put(kind, name, entry)
    if (shared !== null) later(shared.put(kind, name, entry))
    return { value, from: 'object', ageMs: 0, isStale: false }
  } catch (error) {
    if (newest === null || !isOutOfReach(error)) throw error
    if (nowMs() - newest.entry.storedAtMs >= HOT_KEEP_MS) throw error
    return answerOf(newest, true)
  }

  function answerOf({ entry, value }: Held<T>, isStale: boolean): HotAnswer<T> {
    return { value, from: 'cache', ageMs: Math.max(0, nowMs() - entry.storedAtMs), isStale }
  }
}

/** Another machine's clock may be ahead of ours, by no more than an entry may be old. */
function isFresh({ entry, claim }: Held<unknown>, nowMs: number): boolean {
  if (Math.abs(nowMs - entry.storedAtMs) >= HOT_FRESH_MS) return false
  return claim.staleAtMs === null || nowMs < claim.staleAtMs
}

function isNoOlder(far: Held<unknown>, near: Held<unknown> | null): boolean {
  if (near === null) return true
  const [a, b] = [far.claim, near.claim]
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence >= b.sequence)
}

function heldIn<T>(
  entry: HotEntry | null,
  { schema, claimOf, symbol, nowMs }: ReadThroughOptions<T>,
): Held<T> | null {
  if (entry === null || entry.storedAtMs - nowMs() >= HOT_FRESH_MS) return null
  const value = parse(entry, schema)
  if (value === null) return null
  const claim = claimOf(value)
  return claim.symbol === symbol ? { entry, value, claim } : null
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
