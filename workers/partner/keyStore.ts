/** API keys in D1. Every write says in SQL what has to hold, so that two at once cannot break it. */
import * as v from 'valibot'
import { KEY_MODES, type KeyMode } from '#schemas/apiKey'
import { USER_PREFIX } from '#schemas/subject'
import { TIERS, type Tier } from '#schemas/tiers'
import type { NamedEvent } from '#schemas/webhookEvents'
import { outboxStatement } from './outbox.ts'

const RowSchema = v.object({
  id: v.string(),
  owner: v.string(),
  name: v.string(),
  mode: v.picklist(KEY_MODES),
  prefix: v.string(),
  scopes: v.string(),
  lineage: v.string(),
  created_ms: v.number(),
  expires_ms: v.number(),
  last_used_ms: v.nullable(v.number()),
  units_per_day: v.nullable(v.number()),
  owner_tier: v.nullable(v.picklist(TIERS)),
})

export interface KeyRecord {
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly mode: KeyMode
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly lineage: string
  readonly createdMs: number
  readonly expiresMs: number
  readonly lastUsedMs: number | null
  /** Null: what the account may. */
  readonly unitsPerDay: number | null
  /** Of today. Null where there is no account: the operator gave out the token that made the key. */
  readonly ownerTier: Tier | null
}
export type NewKey = Omit<KeyRecord, 'lastUsedMs' | 'ownerTier'> & { readonly sha256: string }

/** Keys of one owner that are good at once. */
export const MAX_ACTIVE_KEYS = 20
/** A key and the one it is being replaced by. */
const MAX_ACTIVE_IN_LINEAGE = 2
const MAX_LISTED = 200

const SELECT = `SELECT id, owner, name, mode, prefix, scopes, lineage, created_ms, expires_ms, last_used_ms, units_per_day,
  (SELECT tier FROM accounts WHERE owner LIKE '${USER_PREFIX}%' AND accounts.id = substr(owner, ${USER_PREFIX.length + 1}))
    AS owner_tier FROM api_keys`

export async function findKey(db: D1Database, sha256: string): Promise<KeyRecord | null> {
  const row = await db.prepare(`${SELECT} WHERE sha256 = ?`).bind(sha256).first()
  return row === null ? null : recordOf(row)
}

export async function findOwnKey(db: D1Database, owner: string, id: string): Promise<KeyRecord | null> {
  const statement = db.prepare(`${SELECT} WHERE owner = ? AND id = ?`)
  const row = await statement.bind(owner, id).first()
  return row === null ? null : recordOf(row)
}

/** Newest first. */
export async function listKeys(db: D1Database, owner: string): Promise<KeyRecord[]> {
  const statement = db.prepare(`${SELECT} WHERE owner = ? ORDER BY created_ms DESC, id LIMIT ${MAX_LISTED}`)
  const { results } = await statement.bind(owner).all()
  return results.map(recordOf)
}

/** False when the owner has as many active keys as may be, or the lineage has. */
export async function insertKey(db: D1Database, key: NewKey): Promise<boolean> {
  const { meta } = await insertion(db, key).run()
  return meta.changes > 0
}

/** Adds `successor`, ends `predecessor` at `endsMs` unless it ends before, and keeps what is to be told of it. All or nothing. */
export async function rotateKey(
  db: D1Database,
  predecessor: string,
  successor: NewKey,
  endsMs: number,
  told: NamedEvent,
): Promise<boolean> {
  const end = db
    .prepare(
      `UPDATE api_keys SET expires_ms = MIN(expires_ms, ?)
       WHERE id = ? AND owner = ? AND EXISTS (SELECT 1 FROM api_keys WHERE id = ?)`,
    )
    .bind(endsMs, predecessor, successor.owner, successor.id)
  const { owner, id, createdMs } = successor
  const outbox = outboxStatement(db, owner, told, id, createdMs)
  const [inserted] = await db.batch([insertion(db, successor), end, outbox])
  return (inserted?.meta.changes ?? 0) > 0
}

/** False when there is no such active key. */
export async function revokeKey(db: D1Database, owner: string, id: string, nowMs: number): Promise<boolean> {
  const { meta } = await db
    .prepare('UPDATE api_keys SET expires_ms = ?1 WHERE id = ?2 AND owner = ?3 AND expires_ms > ?1')
    .bind(nowMs, id, owner)
    .run()
  return meta.changes > 0
}

export async function touchKey(db: D1Database, id: string, nowMs: number): Promise<void> {
  await db
    .prepare('UPDATE api_keys SET last_used_ms = ?1 WHERE id = ?2 AND COALESCE(last_used_ms, 0) < ?1')
    .bind(nowMs, id)
    .run()
}

function insertion(db: D1Database, key: NewKey): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO api_keys (id, owner, name, mode, sha256, prefix, scopes, lineage, created_ms, expires_ms, units_per_day)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
       WHERE (SELECT COUNT(*) FROM api_keys WHERE owner = ?2 AND expires_ms > ?9) < ${MAX_ACTIVE_KEYS}
         AND (SELECT COUNT(*) FROM api_keys WHERE owner = ?2 AND lineage = ?8 AND expires_ms > ?9)
             < ${MAX_ACTIVE_IN_LINEAGE}`,
    )
    .bind(
      key.id,
      key.owner,
      key.name,
      key.mode,
      key.sha256,
      key.prefix,
      key.scopes.join(' '),
      key.lineage,
      key.createdMs,
      key.expiresMs,
      key.unitsPerDay,
    )
}

function recordOf(row: unknown): KeyRecord {
  const { scopes, created_ms, expires_ms, last_used_ms, units_per_day, owner_tier, ...rest } = v.parse(
    RowSchema,
    row,
  )
  return {
    ...rest,
    scopes: scopes.split(' '),
    createdMs: created_ms,
    expiresMs: expires_ms,
    lastUsedMs: last_used_ms,
    unitsPerDay: units_per_day,
    ownerTier: owner_tier,
  }
}
