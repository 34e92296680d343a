/**
 * Which kind of feed a symbol has, null for a symbol that never had data. Every read asks, and it changes about never,
 * so an isolate remembers it for a few seconds; longer when the object cannot be asked.
 */
import type { FeedKind } from '#schemas/feed'
import type { Env } from '#durable-objects/env'
import { readSymbol } from './symbolObject.ts'

const KNOWN_FOR_MS = 5_000
/** Short, so that a symbol is there about as soon as its first batch. */
const UNKNOWN_FOR_MS = 500
const KNOWN_WITHOUT_OBJECT_FOR_MS = 60_000
const MAX_REMEMBERED = 4_096

const remembered = new Map<string, { readonly feed: FeedKind | null; readonly atMs: number }>()

export async function feedOf(
  env: Pick<Env, 'SYMBOL'>,
  symbol: string,
  nowMs = Date.now(),
): Promise<FeedKind | null> {
  const entry = remembered.get(symbol)
  const ageMs = entry ? nowMs - entry.atMs : Infinity
  if (entry && ageMs < (entry.feed === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS)) return entry.feed
  try {
    const answer = await readSymbol(env, symbol, (stub) => stub.readFeed())
    const feed = answer?.feed ?? null
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(symbol, { feed, atMs: nowMs })
    return feed
  } catch (error) {
    if (entry?.feed && ageMs < KNOWN_WITHOUT_OBJECT_FOR_MS) return entry.feed
    throw error
  }
}
