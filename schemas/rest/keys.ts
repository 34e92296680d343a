/** API keys as their owner sees them. The key itself is in one answer only: the one that made it. */
import * as v from 'valibot'
import { KEY_MODES } from '../apiKey.ts'
import { SCOPES, TIER_LIMITS, type Scope } from '../tiers.ts'

/** What a key may be made for. Keys are made, and accounts kept, with tokens; tickets come with `stream`. */
export const KEY_SCOPES = (Object.keys(SCOPES) as Scope[]).filter(
  (scope) => scope !== 'keys' && scope !== 'endpoints' && scope !== 'ticket' && scope !== 'account',
)

/** What a key has to be made for where this scope is asked for; null: no key has it. */
export function keyScopesFor(scope: Scope): readonly Scope[] | null {
  if (scope === 'ticket') return ['stream']
  // A key that may not stream must not reach the streams by the socket that takes any.
  if (scope === 'socket') return ['socket', 'stream']
  return KEY_SCOPES.some((known) => known === scope) ? [scope] : null
}

const MAX_DAYS = 365

export const KeyRequestSchema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  mode: v.optional(v.picklist(KEY_MODES), 'live'),
  scopes: v.optional(v.pipe(v.array(v.picklist(KEY_SCOPES)), v.minLength(1))),
  expiresInDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_DAYS)), 90),
  /** Of the key by itself, within what the account may. Without it the account's. */
  unitsPerDay: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TIER_LIMITS.partner.unitsPerDay)),
  ),
})
export type KeyRequest = v.InferOutput<typeof KeyRequestSchema>

export const ApiKeySchema = v.object({
  id: v.string(),
  name: v.string(),
  mode: v.picklist(KEY_MODES),
  /** The first characters, to tell one's keys apart. */
  prefix: v.string(),
  scopes: v.array(v.string()),
  /** The same of a key and those it was rotated into. */
  lineage: v.string(),
  active: v.boolean(),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
  expiresAt: v.string(),
  /** To about a minute; null before the first use. */
  lastUsedAt: v.nullable(v.string()),
  /** Null: what the account may. */
  unitsPerDay: v.nullable(v.number()),
})
export type ApiKey = v.InferOutput<typeof ApiKeySchema>

/** `key` is shown this once. */
export const NewKeyAnswerSchema = v.object({ data: v.object({ ...ApiKeySchema.entries, key: v.string() }) })
export type NewKeyAnswer = v.InferOutput<typeof NewKeyAnswerSchema>

export const KeyListSchema = v.object({ data: v.array(ApiKeySchema) })
export type KeyList = v.InferOutput<typeof KeyListSchema>
