/** What happened to an account, for its owner to see. */
import * as v from 'valibot'

export const EVENT_KEPT_MS = 90 * 86_400_000
const MAX_LISTED = 1_000

/** `tier.changed` is written by the database, however an operator changes it. */
export type What =
  | 'account.created'
  | 'session.opened'
  | 'session.ended'
  | 'session.reused'
  | 'guest.linked'
  | 'account.exported'
  | 'passkey.added'
  | 'passkey.removed'

/** Where a request came from, as far as it is kept. */
export interface Place {
  readonly device: string
  /** /24 or /48; null on one's own machine. */
  readonly network: string | null
}

const EventSchema = v.object({
  at_ms: v.number(),
  what: v.string(),
  detail: v.string(),
  network: v.nullable(v.string()),
})
export type AccountEvent = v.InferOutput<typeof EventSchema>

/** Of an account that is there; without one, nothing. */
export function eventStatement(
  db: D1Database,
  accountId: string,
  what: What,
  { device, network }: Place,
  nowMs: number,
  detail = device,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO account_events (account_id, at_ms, what, detail, network)
       SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?1)`,
    )
    .bind(accountId, nowMs, what, detail, network)
}

/** Newest first. */
export async function listEvents(db: D1Database, accountId: string): Promise<AccountEvent[]> {
  const statement = db.prepare(
    `SELECT at_ms, what, detail, network FROM account_events WHERE account_id = ?
     ORDER BY at_ms DESC, id DESC LIMIT ${MAX_LISTED}`,
  )
  const { results } = await statement.bind(accountId).all()
  return results.map((row) => v.parse(EventSchema, row))
}

export function forgetEvents(db: D1Database, nowMs: number): D1PreparedStatement {
  return db.prepare('DELETE FROM account_events WHERE at_ms <= ?').bind(nowMs - EVENT_KEPT_MS)
}
