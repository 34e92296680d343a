/**
 * Sign-in codes in D1. A row is both the code and what counts against the limits, and every decision is one statement, so
 * that requests at once cannot get past any of them.
 */
import * as v from 'valibot'
import { CODE_LIFE_MS } from '#schemas/rest/accounts'
import { CODE_LIMITS, CODE_KEPT_MS, MAX_TRIES } from './signInCode.ts'

export interface NewCode {
  readonly id: string
  readonly emailHash: string
  /** Null: from no network, not limited. */
  readonly networkHash: string | null
  readonly codeHash: string
}

/** 0 when it was stored, else how long until there is room. */
export async function insertCode(db: D1Database, code: NewCode, nowMs: number): Promise<number> {
  const { address, network } = CODE_LIMITS
  const { meta } = await db
    .prepare(
      `INSERT INTO sign_in_codes (id, email_hash, network_hash, code_hash, created_ms, expires_ms)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE (SELECT COUNT(*) FROM sign_in_codes WHERE email_hash = ?2 AND created_ms > ?7) < ${address.codes}
         AND (SELECT COUNT(*) FROM sign_in_codes WHERE network_hash = ?3 AND created_ms > ?8) < ${network.codes}`,
    )
    .bind(
      code.id,
      code.emailHash,
      code.networkHash,
      code.codeHash,
      nowMs,
      nowMs + CODE_LIFE_MS,
      nowMs - address.withinMs,
      nowMs - network.withinMs,
    )
    .run()
  return meta.changes > 0 ? 0 : waitMs(db, code, nowMs)
}

/** When the oldest code that fills a window leaves it. */
async function waitMs(db: D1Database, { emailHash, networkHash }: NewCode, nowMs: number): Promise<number> {
  const { address, network } = CODE_LIMITS
  const row = await db
    .prepare(
      `SELECT MAX(
         COALESCE((SELECT MIN(created_ms) + ?4 FROM sign_in_codes WHERE email_hash = ?1 AND created_ms > ?3 - ?4
                   HAVING COUNT(*) >= ${address.codes}), 0),
         COALESCE((SELECT MIN(created_ms) + ?5 FROM sign_in_codes WHERE network_hash = ?2 AND created_ms > ?3 - ?5
                   HAVING COUNT(*) >= ${network.codes}), 0)
       ) AS freeMs`,
    )
    .bind(emailHash, networkHash, nowMs, address.withinMs, network.withinMs)
    .first<{ freeMs: number }>()
  return Math.max(1_000, (row?.freeMs ?? 0) - nowMs)
}

const TriedSchema = v.object({ id: v.string(), code_hash: v.string() })

/** Counts a try of the newest code sent to this address, before anybody compares it; null when none may be tried. */
export async function tryNewestCode(
  db: D1Database,
  emailHash: string,
  nowMs: number,
): Promise<{ readonly id: string; readonly codeHash: string } | null> {
  const row = await db
    .prepare(
      `UPDATE sign_in_codes SET tries = tries + 1
       WHERE serial = (SELECT MAX(serial) FROM sign_in_codes WHERE email_hash = ?1)
         AND used_ms IS NULL AND expires_ms > ?2 AND tries < ${MAX_TRIES}
       RETURNING id, code_hash`,
    )
    .bind(emailHash, nowMs)
    .first()
  if (row === null) return null
  const { id, code_hash } = v.parse(TriedSchema, row)
  return { id, codeHash: code_hash }
}

/** True the first time. */
export async function useCode(db: D1Database, id: string, nowMs: number): Promise<boolean> {
  const { meta } = await db
    .prepare('UPDATE sign_in_codes SET used_ms = ? WHERE id = ? AND used_ms IS NULL')
    .bind(nowMs, id)
    .run()
  return meta.changes > 0
}

export function forgetCodes(db: D1Database, nowMs: number): D1PreparedStatement {
  return db.prepare('DELETE FROM sign_in_codes WHERE created_ms <= ?').bind(nowMs - CODE_KEPT_MS)
}
