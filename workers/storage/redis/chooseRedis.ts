/** The Redis of this environment, if it has one: one per isolate and configuration. */
import { RedisLink } from './redisLink.ts'

export interface RedisSettings {
  readonly UPSTASH_REDIS_REST_URL?: string
  readonly UPSTASH_REDIS_REST_TOKEN?: string
}

export interface SharedRedis {
  /** For what a reader waits for. */
  readonly waitedFor: RedisLink
  /** For what nobody waits for. Apart, because writes go a long way and must not look like success of the other. */
  readonly background: RedisLink
}

/** Beyond that the object is asked, which answers in about as long. */
const WAITED_FOR_MS = 50
const BACKGROUND_MS = 1_000

/** The number is the version of what is stored under it. */
export const REDIS_PREFIX = 'flipwire:2:'

let chosen: { readonly url: string; readonly token: string; readonly redis: SharedRedis | null } | undefined

/** Null where there is none: everything has a default inside the process. */
export function chooseRedis(settings: RedisSettings): SharedRedis | null {
  const { UPSTASH_REDIS_REST_URL: url = '', UPSTASH_REDIS_REST_TOKEN: token = '' } = settings
  if (chosen?.url !== url || chosen.token !== token) chosen = { url, token, redis: build(url, token) }
  return chosen.redis
}

function build(url: string, token: string): SharedRedis | null {
  if (url === '' || token === '') return null
  return {
    waitedFor: new RedisLink({ url, token, timeoutMs: WAITED_FOR_MS }),
    background: new RedisLink({ url, token, timeoutMs: BACKGROUND_MS }),
  }
}
