/** Sessions and their refresh tokens in D1. */
import * as v from 'valibot'
import { TIERS, type Tier } from '#schemas/tiers'
import { eventStatement, type Place } from './events.ts'
import { IDLE_MS, SESSION_MS, type ShownToken } from './refresh.ts'

export interface SessionRecord extends Place {
  readonly id: string
  readonly createdMs: number
  readonly lastUsedMs: number
  readonly expiresMs: number
}

export interface OwnSession {
  readonly sessionId: string
  readonly accountId: string
}

export interface FoundToken extends ShownToken, OwnSession {}

const TokenRowSchema = v.object({
  used_ms: v.nullable(v.number()),
  session_id: v.string(),
  account_id: v.string(),
  last_used_ms: v.number(),
  expires_ms: v.number(),
})
const SessionRowSchema = v.object({
  id: v.string(),
  device: v.string(),
  network: v.nullable(v.string()),
  created_ms: v.number(),
  last_used_ms: v.number(),
  expires_ms: v.number(),
})
const HolderSchema = v.object({ tier: v.picklist(TIERS), expires_ms: v.number() })

/** What the holder of a session may have now. */
export interface Holder {
  readonly tier: Tier
  readonly sessionExpiresMs: number
}

export interface OpenedSession extends Holder {
  readonly id: string
}

export async function openSession(
  db: D1Database,
  accountId: string,
  tokenSha256: string,
  place: Place,
  nowMs: number,
): Promise<OpenedSession> {
  const id = crypto.randomUUID()
  const results = await db.batch([
    db
      .prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)')
      .bind(id, accountId, place.device, place.network, nowMs, nowMs, nowMs + SESSION_MS),
    db
      .prepare('INSERT INTO refresh_tokens (sha256, session_id, created_ms) VALUES (?, ?, ?)')
      .bind(tokenSha256, id, nowMs),
    eventStatement(db, accountId, 'session.opened', place, nowMs),
    holderStatement(db, tokenSha256),
  ])
  const holder = holderFrom(results[3]?.results[0])
  if (holder === null) throw new Error('expected the session to be there')
  return { id, ...holder }
}

export async function findToken(db: D1Database, sha256: string): Promise<FoundToken | null> {
  const row = await db
    .prepare(
      `SELECT t.used_ms, t.session_id, s.account_id, s.last_used_ms, s.expires_ms
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.sha256 = ?`,
    )
    .bind(sha256)
    .first()
  if (row === null) return null
  const found = v.parse(TokenRowSchema, row)
  return {
    usedMs: found.used_ms,
    sessionId: found.session_id,
    accountId: found.account_id,
    sessionLastUsedMs: found.last_used_ms,
    sessionExpiresMs: found.expires_ms,
  }
}

/**
 * Exchanges a token for its one successor. Asked at once by many, all have the same successor and it is stored once.
 * Null when the session has ended meanwhile.
 */
export async function rotateToken(
  db: D1Database,
  { sessionId }: FoundToken,
  sha256: string,
  successorSha256: string,
  nowMs: number,
): Promise<Holder | null> {
  const results = await db.batch([
    db
      .prepare('UPDATE refresh_tokens SET used_ms = ? WHERE sha256 = ? AND used_ms IS NULL')
      .bind(nowMs, sha256),
    db
      .prepare(
        `INSERT OR IGNORE INTO refresh_tokens (sha256, session_id, created_ms)
         SELECT ?, id, ? FROM sessions WHERE id = ?`,
      )
      .bind(successorSha256, nowMs, sessionId),
    db.prepare('UPDATE sessions SET last_used_ms = MAX(last_used_ms, ?) WHERE id = ?').bind(nowMs, sessionId),
    holderStatement(db, successorSha256),
  ])
  return holderFrom(results[3]?.results[0])
}

/** Who holds this token; null when there is no such token. */
export async function findHolder(db: D1Database, sha256: string): Promise<Holder | null> {
  return holderFrom(await holderStatement(db, sha256).first())
}

function holderStatement(db: D1Database, sha256: string): D1PreparedStatement {
  return db
    .prepare(
      `SELECT a.tier, s.expires_ms FROM refresh_tokens t
       JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id WHERE t.sha256 = ?`,
    )
    .bind(sha256)
}

function holderFrom(row: unknown): Holder | null {
  if (row === null || row === undefined) return null
  const { tier, expires_ms } = v.parse(HolderSchema, row)
  return { tier, sessionExpiresMs: expires_ms }
}

/** Those that are good, newest first. */
export async function listSessions(
  db: D1Database,
  accountId: string,
  nowMs: number,
): Promise<SessionRecord[]> {
  const { results } = await db
    .prepare(
      `SELECT id, device, network, created_ms, last_used_ms, expires_ms FROM sessions
       WHERE account_id = ? AND expires_ms > ? AND last_used_ms > ? ORDER BY created_ms DESC, id`,
    )
    .bind(accountId, nowMs, nowMs - IDLE_MS)
    .all()
  return results.map((row) => {
    const { created_ms, last_used_ms, expires_ms, ...rest } = v.parse(SessionRowSchema, row)
    return { ...rest, createdMs: created_ms, lastUsedMs: last_used_ms, expiresMs: expires_ms }
  })
}

export async function hasSession(db: D1Database, { accountId, sessionId }: OwnSession): Promise<boolean> {
  const statement = db.prepare('SELECT 1 FROM sessions WHERE id = ? AND account_id = ?')
  return (await statement.bind(sessionId, accountId).first()) !== null
}

/** False when the account has no such session. */
export async function endSession(
  db: D1Database,
  { accountId, sessionId }: OwnSession,
  what: 'session.ended' | 'session.reused',
  place: Place,
  nowMs: number,
): Promise<boolean> {
  const remove = db.prepare('DELETE FROM sessions WHERE id = ? AND account_id = ?').bind(sessionId, accountId)
  const { meta } = await remove.run()
  // Of a cascade D1 counts the rows that went with it, too.
  if (meta.changes === 0) return false
  await eventStatement(db, accountId, what, place, nowMs).run()
  return true
}

export function forgetSessions(db: D1Database, nowMs: number): D1PreparedStatement {
  return db
    .prepare('DELETE FROM sessions WHERE expires_ms <= ? OR last_used_ms <= ?')
    .bind(nowMs, nowMs - IDLE_MS)
}
