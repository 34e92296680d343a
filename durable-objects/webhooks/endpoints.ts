/** The endpoints of one owner, in the object's SQLite. Secrets come and go sealed. */
import * as v from 'valibot'
import {
  DISABLED_REASONS,
  PAUSE_REASONS,
  type DisabledReason,
  type WebhookChange,
  type WebhookRequest,
} from '#schemas/rest/webhooks'
import { isMarketEvent, MARKET_EVENTS, type WebhookEvent } from '#schemas/webhookEvents'
import type { SqlHost } from '../account/sqlHost.ts'
import { MAX_ENDPOINTS, SECRET_OVERLAP_MS } from './contract.ts'
import { isOver, type Pause } from './pause.ts'
import { HEALTHY, type EndpointHealth } from './schedule.ts'

const RowSchema = v.object({
  id: v.string(),
  url: v.string(),
  events: v.pipe(v.string(), v.parseJson(), v.array(v.string())),
  symbols: v.pipe(v.string(), v.parseJson(), v.array(v.string())),
  description: v.string(),
  createdMs: v.number(),
  secret: v.string(),
  oldSecret: v.nullable(v.string()),
  oldUntilMs: v.number(),
  disabled: v.nullable(v.picklist(DISABLED_REASONS)),
  failingSinceMs: v.nullable(v.number()),
  failuresInARow: v.number(),
  restUntilMs: v.number(),
  dropped: v.number(),
  pauseReason: v.nullable(v.picklist(PAUSE_REASONS)),
  pauseDetail: v.nullable(v.string()),
  pauseSinceMs: v.nullable(v.number()),
})
type Row = v.InferOutput<typeof RowSchema>
export type Endpoint = Omit<Row, `pause${string}`> & { readonly pause: Pause | null }

const SELECT = `SELECT endpoints.*, reason AS pauseReason, detail AS pauseDetail, sinceMs AS pauseSinceMs
  FROM endpoints LEFT JOIN pauses ON endpoint = id`

export class Endpoints {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(`CREATE TABLE IF NOT EXISTS endpoints (
      id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, symbols TEXT NOT NULL, description TEXT NOT NULL,
      createdMs INTEGER NOT NULL, secret TEXT NOT NULL, oldSecret TEXT, oldUntilMs INTEGER NOT NULL DEFAULT 0,
      disabled TEXT, failingSinceMs INTEGER, failuresInARow INTEGER NOT NULL DEFAULT 0,
      restUntilMs INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`)
    host.sql.exec(`CREATE TABLE IF NOT EXISTS pauses (
      endpoint TEXT PRIMARY KEY, reason TEXT NOT NULL, detail TEXT NOT NULL, sinceMs INTEGER NOT NULL) WITHOUT ROWID`)
    // Symbols whose objects have been asked to tell us.
    host.sql.exec('CREATE TABLE IF NOT EXISTS watches (symbol TEXT PRIMARY KEY) WITHOUT ROWID')
  }

  /** Oldest first. */
  all(): Endpoint[] {
    return this.#host.sql.exec(`${SELECT} ORDER BY createdMs, id`).toArray().map(endpointOf)
  }

  find(id: string): Endpoint | null {
    const row = this.#host.sql.exec(`${SELECT} WHERE id = ?`, id).toArray()[0]
    return row === undefined ? null : endpointOf(row)
  }

  /** False when there are as many as may be. */
  add(id: string, request: WebhookRequest, secret: string, nowMs: number): boolean {
    const { url, events, symbols, description } = request
    const { rowsWritten } = this.#host.sql.exec(
      `INSERT INTO endpoints (id, url, events, symbols, description, createdMs, secret)
       SELECT ?, ?, ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM endpoints) < ${MAX_ENDPOINTS}`,
      id,
      url,
      JSON.stringify(events),
      JSON.stringify(symbols),
      description,
      nowMs,
      secret,
    )
    return rowsWritten > 0
  }

  /** Turned on again, or moved, an endpoint begins with a clean slate. */
  change(held: Endpoint, change: WebhookChange): void {
    const { url, events, symbols, description } = { ...held, ...change }
    const disabled = change.enabled === undefined ? held.disabled : change.enabled ? null : 'owner'
    this.#host.sql.exec(
      'UPDATE endpoints SET url = ?, events = ?, symbols = ?, description = ?, disabled = ? WHERE id = ?',
      url,
      JSON.stringify(events),
      JSON.stringify(symbols),
      description,
      disabled,
      held.id,
    )
    if (change.enabled || change.url !== undefined) this.writeHealth(held.id, HEALTHY)
  }

  remove(id: string): boolean {
    this.#host.sql.exec('DELETE FROM pauses WHERE endpoint = ?', id)
    return this.#host.sql.exec('DELETE FROM endpoints WHERE id = ?', id).rowsWritten > 0
  }

  rotate(id: string, secret: string, nowMs: number): void {
    this.#host.sql.exec(
      'UPDATE endpoints SET oldSecret = secret, oldUntilMs = ?, secret = ? WHERE id = ?',
      nowMs + SECRET_OVERLAP_MS,
      secret,
      id,
    )
  }

  writeSecrets(id: string, secret: string, oldSecret: string | null): void {
    const { sql } = this.#host
    sql.exec('UPDATE endpoints SET secret = ?, oldSecret = ? WHERE id = ?', secret, oldSecret, id)
  }

  writePause(id: string, pause: Pause | null): void {
    const { sql } = this.#host
    if (pause === null) {
      sql.exec('DELETE FROM pauses WHERE endpoint = ?', id)
      return
    }
    const { reason, detail, sinceMs } = pause
    sql.exec('INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?)', id, reason, detail, sinceMs)
  }

  writeHealth(id: string, { failingSinceMs, failuresInARow, restUntilMs }: EndpointHealth): void {
    this.#host.sql.exec(
      'UPDATE endpoints SET failingSinceMs = ?, failuresInARow = ?, restUntilMs = ? WHERE id = ?',
      failingSinceMs,
      failuresInARow,
      restUntilMs,
      id,
    )
  }

  disable(id: string, reason: DisabledReason): void {
    this.#host.sql.exec('UPDATE endpoints SET disabled = ? WHERE id = ?', reason, id)
  }

  countDropped(id: string): void {
    this.#host.sql.exec('UPDATE endpoints SET dropped = dropped + 1 WHERE id = ?', id)
  }

  /** Symbols whose objects have to be told that we want their events, or no longer do. */
  untold(nowMs: number): { readonly symbol: string; readonly isWanted: boolean }[] {
    const wanted = new Set(this.all().flatMap((endpoint) => watchedSymbols(endpoint, nowMs)))
    const told = new Set(
      this.#host.sql
        .exec<{ symbol: string }>('SELECT symbol FROM watches')
        .toArray()
        .map(({ symbol }) => symbol),
    )
    return [...new Set([...wanted, ...told])]
      .filter((symbol) => wanted.has(symbol) !== told.has(symbol))
      .map((symbol) => ({ symbol, isWanted: wanted.has(symbol) }))
  }

  markTold(symbol: string, isWanted: boolean): void {
    const { sql } = this.#host
    if (isWanted) sql.exec('INSERT OR IGNORE INTO watches (symbol) VALUES (?)', symbol)
    else sql.exec('DELETE FROM watches WHERE symbol = ?', symbol)
  }
}

/** As stored, newest first; the old one while it is still good. */
export function signingSecrets({ secret, oldSecret, oldUntilMs }: Endpoint, nowMs: number): string[] {
  return oldSecret !== null && nowMs < oldUntilMs ? [secret, oldSecret] : [secret]
}

/** Whether it is kept for the endpoint, be it sent at once or when a pause ends. */
export function wants(endpoint: Endpoint, event: WebhookEvent, nowMs: number): boolean {
  const { events, symbols } = endpoint
  if (!isListening(endpoint, nowMs) || !events.includes(event.type)) return false
  return !isMarketEvent(event) || symbols.includes(event.data.symbol)
}

function watchedSymbols(endpoint: Endpoint, nowMs: number): readonly string[] {
  const { events, symbols } = endpoint
  return isListening(endpoint, nowMs) && events.some((type) => MARKET_EVENTS.includes(type)) ? symbols : []
}

function isListening({ disabled, pause }: Endpoint, nowMs: number): boolean {
  return disabled === null && (pause === null || !isOver(pause, nowMs))
}

function endpointOf(row: unknown): Endpoint {
  const { pauseReason, pauseDetail, pauseSinceMs, ...rest } = v.parse(RowSchema, row)
  const isPaused = pauseReason !== null && pauseDetail !== null && pauseSinceMs !== null
  return {
    ...rest,
    pause: isPaused ? { reason: pauseReason, detail: pauseDetail, sinceMs: pauseSinceMs } : null,
  }
}
