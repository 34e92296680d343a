/** The hot cache in Upstash Redis, shared by every isolate. What it answers is a claim: `readThrough.ts` checks it. */
import * as v from 'valibot'
import { REDIS_PREFIX, type SharedRedis } from '../redis/chooseRedis.ts'
import { HOT_KEEP_MS, HOT_MAX_LENGTH, type HotCache } from './hotCache.ts'

const StoredSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ storedAtMs: v.number(), json: v.pipe(v.string(), v.maxLength(HOT_MAX_LENGTH)) }),
)
/** Of a stored entry: JSON within JSON, in which every quote takes two characters, and characters up to four bytes. */
const MAX_STORED_BYTES = 4 * HOT_MAX_LENGTH

export function upstashHotCache({ waitedFor, background }: SharedRedis): HotCache {
  return {
    async get(kind, name) {
      // A range, so that a huge value cannot come over whole.
      const answer = await waitedFor.ask(v.string(), (redis) =>
        redis.getrange(keyOf(kind, name), 0, MAX_STORED_BYTES),
      )
      if (!answer.ok) return null
      const parsed = v.safeParse(StoredSchema, answer.value)
      return parsed.success ? parsed.output : null
    },
    async put(kind, name, entry) {
      if (entry.json.length > HOT_MAX_LENGTH) return
      await background.ask(v.literal('OK'), (redis) =>
        redis.set(keyOf(kind, name), JSON.stringify(entry), { px: HOT_KEEP_MS }),
      )
    },
  }
}

function keyOf(kind: string, name: string): string {
  return `${REDIS_PREFIX}hot:${kind}:${name}`
}
