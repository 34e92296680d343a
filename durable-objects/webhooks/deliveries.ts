/**
 * What each endpoint is sent, in the object's SQLite: one row per event and endpoint, kept for a while after it arrived or
 * was given up, so that it can be looked at and sent again.
 */
import type { DeliveryState } from '#schemas/rest/webhooks'
import type { NamedEvent } from '#schemas/webhookEvents'
import type { SqlHost } from '../account/sqlHost.ts'
import type { DeliveriesQuery } from './contract.ts'
import type { Verdict } from './schedule.ts'

const DAY_MS = 86_400_000
const DELIVERED_KEPT_MS = 7 * DAY_MS
const DEAD_KEPT_MS = 30 * DAY_MS
/** Whatever their age. */
const MAX_KEPT = 500_000

export interface Delivery {
  /** In the order of coming. */
  readonly n: number
  readonly event: string
  readonly type: string
  readonly body: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly createdMs: number
  readonly nextMs: number
  readonly lastMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
}

export class Deliveries {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(`CREATE TABLE IF NOT EXISTS deliveries (
      n INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL,
      body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0,
      createdMs INTEGER NOT NULL, nextMs INTEGER NOT NULL, lastMs INTEGER, lastStatus INTEGER, lastError TEXT,
      UNIQUE (endpoint, event))`)
    host.sql.exec(
      "CREATE INDEX IF NOT EXISTS deliveries_queued ON deliveries (endpoint, nextMs) WHERE state = 'queued'",
    )
    host.sql.exec('CREATE INDEX IF NOT EXISTS deliveries_listed ON deliveries (endpoint, n)')
  }

  /** An event that is there already stays as it is. `held`: why it is not sent yet. */
  add(endpoint: string, { id, event }: NamedEvent, held: string | null, nowMs: number): void {
    this.#host.sql.exec(
      `INSERT OR IGNORE INTO deliveries (endpoint, event, type, body, createdMs, nextMs, lastError)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      endpoint,
      id,
      event.type,
      JSON.stringify(event),
      nowMs,
      nowMs,
      held,
    )
  }

  find(endpoint: string, event: string): Delivery | null {
    return this.#rows('SELECT * FROM deliveries WHERE endpoint = ? AND event = ?', endpoint, event)[0] ?? null
  }

  /** Of one endpoint, or of all. */
  countQueued(endpoint: string | null = null): number {
    const { count } = this.#host.sql
      .exec<{ count: number }>(
        "SELECT COUNT(*) AS count FROM deliveries WHERE state = 'queued' AND (?1 IS NULL OR endpoint = ?1)",
        endpoint,
      )
      .one()
    return count
  }

  countTests(endpoint: string, sinceMs: number): number {
    const { count } = this.#host.sql
      .exec<{ count: number }>(
        `SELECT COUNT(*) AS count FROM (
           SELECT type, createdMs FROM deliveries WHERE endpoint = ? ORDER BY n DESC LIMIT 100)
         WHERE type = 'webhook.test' AND createdMs > ?`,
        endpoint,
        sinceMs,
      )
      .one()
    return count
  }

  /** The next `limit` that are due, the one due longest first. */
  due(endpoint: string, nowMs: number, limit: number): Delivery[] {
    return this.#rows(
      "SELECT * FROM deliveries WHERE endpoint = ? AND state = 'queued' AND nextMs <= ? ORDER BY nextMs, n LIMIT ?",
      endpoint,
      nowMs,
      limit,
    )
  }

  /** When the first of an endpoint is due; null without any. */
  firstDueMs(endpoint: string): number | null {
    return this.#host.sql
      .exec<{ ms: number | null }>(
        "SELECT MIN(nextMs) AS ms FROM deliveries WHERE endpoint = ? AND state = 'queued'",
        endpoint,
      )
      .one().ms
  }

  settle(n: number, verdict: Verdict, status: number | null, nowMs: number): void {
    this.#host.sql.exec(
      `UPDATE deliveries SET state = ?, attempts = attempts + 1, nextMs = ?, lastMs = ?, lastStatus = ?, lastError = ?
       WHERE n = ?`,
      verdict.state,
      verdict.state === 'queued' ? verdict.nextMs : 0,
      nowMs,
      status,
      verdict.state === 'delivered' ? null : verdict.error,
      n,
    )
  }

  /** All that are queued for an endpoint that is turned off. */
  giveUp(endpoint: string, error: string): void {
    this.#host.sql.exec(
      "UPDATE deliveries SET state = 'dead', lastError = ? WHERE endpoint = ? AND state = 'queued'",
      error,
      endpoint,
    )
  }

  /** All that are queued for a paused endpoint say why they wait; those of before `endMs` have waited for long enough. */
  hold(endpoint: string, why: string, endMs: number): void {
    this.#host.sql.exec(
      `UPDATE deliveries SET state = CASE WHEN createdMs <= ?1 THEN 'dead' ELSE state END, lastError = ?2
       WHERE endpoint = ?3 AND state = 'queued' AND (createdMs <= ?1 OR lastError IS NOT ?2)`,
      endMs,
      why,
      endpoint,
    )
  }

  replayOne(n: number, nowMs: number): void {
    this.#host.sql.exec(
      "UPDATE deliveries SET state = 'queued', attempts = 0, nextMs = ? WHERE n = ?",
      nowMs,
      n,
    )
  }

  /** Oldest first, `limit` at most; those that arrived only when `withDelivered`. Returns how many. */
  replaySince(
    endpoint: string,
    { sinceMs, withDelivered, limit }: { sinceMs: number; withDelivered: boolean; limit: number },
    nowMs: number,
  ): number {
    return this.#host.sql
      .exec(
        `UPDATE deliveries SET state = 'queued', attempts = 0, nextMs = ?1 WHERE n IN (
           SELECT n FROM deliveries WHERE endpoint = ?2 AND createdMs >= ?3
             AND (state = 'dead' OR (?4 AND state = 'delivered')) ORDER BY n LIMIT ?5)
         RETURNING n`,
        nowMs,
        endpoint,
        sinceMs,
        withDelivered ? 1 : 0,
        limit,
      )
      .toArray().length
  }

  /** Newest first. */
  page(endpoint: string, { state, limit, before }: DeliveriesQuery): Delivery[] {
    return this.#rows(
      `SELECT * FROM deliveries WHERE endpoint = ?1 AND n < ?2 AND (?3 IS NULL OR state = ?3)
       ORDER BY n DESC LIMIT ?4`,
      endpoint,
      before ?? Number.MAX_SAFE_INTEGER,
      state ?? null,
      limit,
    )
  }

  removeOf(endpoint: string): void {
    this.#host.sql.exec('DELETE FROM deliveries WHERE endpoint = ?', endpoint)
  }

  /** True when nothing that has ended is left. */
  forget(nowMs: number): boolean {
    const { sql } = this.#host
    sql.exec(
      `DELETE FROM deliveries WHERE (state = 'delivered' AND createdMs < ?1) OR (state = 'dead' AND createdMs < ?2)
         OR (state != 'queued' AND n <= (SELECT MAX(n) FROM deliveries) - ${MAX_KEPT})`,
      nowMs - DELIVERED_KEPT_MS,
      nowMs - DEAD_KEPT_MS,
    )
    return sql.exec<{ left: number }>('SELECT EXISTS (SELECT 1 FROM deliveries) AS left').one().left === 0
  }

  #rows(query: string, ...values: SqlStorageValue[]): Delivery[] {
    return this.#host.sql.exec<Delivery & Record<string, SqlStorageValue>>(query, ...values).toArray()
  }
}
