/** The hot cache inside one isolate, which is asked first; without Redis the only one. */
import { HOT_KEEP_MS, HOT_MAX_LENGTH, type HotCache, type HotEntry } from './hotCache.ts'

const MAX_ENTRIES = 512
/** An isolate has 128 MB for everything, and answers are held parsed as well. */
const MAX_CHARACTERS = 16 * 1024 * 1024

export function memoryHotCache(nowMs: () => number = Date.now): HotCache {
  // Insertion order is age order, because every put moves its key to the end.
  const entries = new Map<string, HotEntry>()
  let characters = 0

  function remove(key: string): void {
    characters -= entries.get(key)?.json.length ?? 0
    entries.delete(key)
  }

  return {
    async get(kind, name) {
      const entry = entries.get(`${kind}:${name}`)
      return entry && nowMs() - entry.storedAtMs < HOT_KEEP_MS ? entry : null
    },
    async put(kind, name, entry) {
      const key = `${kind}:${name}`
      remove(key)
      if (entry.json.length > HOT_MAX_LENGTH) return
      entries.set(key, entry)
      characters += entry.json.length
      for (const oldest of entries.keys()) {
        if (entries.size <= MAX_ENTRIES && characters <= MAX_CHARACTERS) return
        remove(oldest)
      }
    },
  }
}
