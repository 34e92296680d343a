/** Upstash when it is configured, memory otherwise. One instance per isolate and configuration. */
import type { HotCache } from './hotCache.ts'
import { memoryHotCache } from './memory.ts'
import { resilientHotCache } from './resilient.ts'
import { upstashHotCache } from './upstash.ts'

export interface HotCacheSettings {
  readonly UPSTASH_REDIS_REST_URL?: string
  readonly UPSTASH_REDIS_REST_TOKEN?: string
}
export type HotCacheName = 'memory' | 'upstash'

export interface ChosenHotCache {
  readonly name: HotCacheName
  readonly cache: HotCache
}

let chosen: (ChosenHotCache & { readonly url: string; readonly token: string }) | undefined

export function chooseHotCache(settings: HotCacheSettings): ChosenHotCache {
  const { UPSTASH_REDIS_REST_URL: url = '', UPSTASH_REDIS_REST_TOKEN: token = '' } = settings
  if (chosen?.url !== url || chosen.token !== token) chosen = { url, token, ...build(url, token) }
  return chosen
}

function build(url: string, token: string): ChosenHotCache {
  const memory = memoryHotCache()
  if (url === '' || token === '') return { name: 'memory', cache: memory }
  const remote = upstashHotCache({ url, token })
  return { name: 'upstash', cache: resilientHotCache({ remote, fallback: memory, onOpen: logOutage }) }
}

function logOutage(cause: unknown): void {
  console.error(JSON.stringify({ level: 'error', message: 'hot cache out of reach', cause: String(cause) }))
}
