/** Passkeys in D1. */
import * as v from 'valibot'

export const MAX_PASSKEYS = 20

export interface PasskeyRecord {
  /** The credential's. */
  readonly id: string
  readonly accountId: string
  readonly name: string
  /** COSE, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly createdMs: number
  readonly lastUsedMs: number | null
}

const RowSchema = v.object({
  id: v.string(),
  account_id: v.string(),
  name: v.string(),
  public_key: v.string(),
  counter: v.number(),
  transports: v.string(),
  created_ms: v.number(),
  last_used_ms: v.nullable(v.number()),
})

/** Newest first. */
export async function listPasskeys(db: D1Database, accountId: string): Promise<PasskeyRecord[]> {
  const statement = db.prepare('SELECT * FROM passkeys WHERE account_id = ? ORDER BY created_ms DESC, id')
  const { results } = await statement.bind(accountId).all()
  return results.map(recordOf)
}

export async function findPasskey(db: D1Database, id: string): Promise<PasskeyRecord | null> {
  const row = await db.prepare('SELECT * FROM passkeys WHERE id = ?').bind(id).first()
  return row === null ? null : recordOf(row)
}

/** False when the account has as many as may be, or somebody has this one. */
export async function insertPasskey(db: D1Database, passkey: PasskeyRecord): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO passkeys SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL
       WHERE (SELECT COUNT(*) FROM passkeys WHERE account_id = ?2) < ${MAX_PASSKEYS}
         AND NOT EXISTS (SELECT 1 FROM passkeys WHERE id = ?1)`,
    )
    .bind(
      passkey.id,
      passkey.accountId,
      passkey.name,
      passkey.publicKey,
      passkey.counter,
      passkey.transports.join(' '),
      passkey.createdMs,
    )
    .run()
  return meta.changes > 0
}

export async function touchPasskey(
  db: D1Database,
  id: string,
  counter: number,
  nowMs: number,
): Promise<void> {
  const update = db.prepare('UPDATE passkeys SET counter = MAX(counter, ?), last_used_ms = ? WHERE id = ?')
  await update.bind(counter, nowMs, id).run()
}

/** False when the account has no such passkey. */
export async function removePasskey(db: D1Database, accountId: string, id: string): Promise<boolean> {
  const remove = db.prepare('DELETE FROM passkeys WHERE account_id = ? AND id = ?')
  const { meta } = await remove.bind(accountId, id).run()
  return meta.changes > 0
}

function recordOf(row: unknown): PasskeyRecord {
  const { account_id, public_key, transports, created_ms, last_used_ms, ...rest } = v.parse(RowSchema, row)
  return {
    ...rest,
    accountId: account_id,
    publicKey: public_key,
    transports: transports === '' ? [] : transports.split(' '),
    createdMs: created_ms,
    lastUsedMs: last_used_ms,
  }
}
