/** The isolate's memory, and behind it Redis where there is one. */
import { chooseRedis, type RedisSettings, type SharedRedis } from '../redis/chooseRedis.ts'
import type { HotCache } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'
import { upstashHotCache } from './upstash.ts'

export interface ChosenHotCache {
  readonly name: 'memory' | 'upstash'
  readonly memory: HotCache
  readonly shared: HotCache | null
}

let chosen: (ChosenHotCache & { readonly redis: SharedRedis | null }) | undefined

export function chooseHotCache(settings: RedisSettings): ChosenHotCache {
  const redis = chooseRedis(settings)
  if (chosen?.redis !== redis) {
    const shared = redis && upstashHotCache(redis)
    chosen = { redis, name: shared ? 'upstash' : 'memory', memory: memoryHotCache(), shared }
  }
  return chosen
}
