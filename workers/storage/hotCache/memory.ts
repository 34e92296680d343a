/** The hot cache inside one isolate: the default, and the fallback of a remote one. */
import { HOT_KEEP_MS, type HotCache, type HotEntry } from './hotCache.ts'

const MAX_ENTRIES = 512

export function memoryHotCache(nowMs: () => number = Date.now): HotCache {
  // Insertion order is age order, because every put moves its key to the end.
  const entries = new Map<string, HotEntry>()
  return {
    async get(kind, symbol) {
      const entry = entries.get(`${kind}:${symbol}`)
      return entry && nowMs() - entry.storedAtMs < HOT_KEEP_MS ? entry : null
    },
    async put(kind, symbol, entry) {
      const key = `${kind}:${symbol}`
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size <= MAX_ENTRIES) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
  }
}
