/** The endpoints of one owner, in the object's SQLite. Secrets leave it only to sign, and in the answer that makes them. */
import * as v from 'valibot'
import {
  DISABLED_REASONS,
  type DisabledReason,
  type WebhookChange,
  type WebhookRequest,
} from '#schemas/rest/webhooks'
import { isMarketEvent, MARKET_EVENTS, type WebhookEvent } from '#schemas/webhookEvents'
import type { SqlHost } from '../account/sqlHost.ts'
import { MAX_ENDPOINTS, SECRET_OVERLAP_MS } from './contract.ts'
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
})
export type Endpoint = v.InferOutput<typeof RowSchema>

export class Endpoints {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(`CREATE TABLE IF NOT EXISTS endpoints (
      id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, symbols TEXT NOT NULL, description TEXT NOT NULL,
      createdMs INTEGER NOT NULL, secret TEXT NOT NULL, oldSecret TEXT, oldUntilMs INTEGER NOT NULL DEFAULT 0,
      disabled TEXT, failingSinceMs INTEGER, failuresInARow INTEGER NOT NULL DEFAULT 0,
      restUntilMs INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`)
    // Symbols whose objects have been asked to tell us.
    host.sql.exec('CREATE TABLE IF NOT EXISTS watches (symbol TEXT PRIMARY KEY) WITHOUT ROWID')
  }

  /** Oldest first. */
  all(): Endpoint[] {
    return this.#host.sql
      .exec('SELECT * FROM endpoints ORDER BY createdMs, id')
      .toArray()
      .map((row) => v.parse(RowSchema, row))
  }

  find(id: string): Endpoint | null {
    const row = this.#host.sql.exec('SELECT * FROM endpoints WHERE id = ?', id).toArray()[0]
    return row === undefined ? null : v.parse(RowSchema, row)
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
  untold(): { readonly symbol: string; readonly isWanted: boolean }[] {
    const wanted = new Set(this.all().flatMap((endpoint) => watchedSymbols(endpoint)))
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

/** Newest first; the old one while it is still good. */
export function signingSecrets({ secret, oldSecret, oldUntilMs }: Endpoint, nowMs: number): string[] {
  return oldSecret !== null && nowMs < oldUntilMs ? [secret, oldSecret] : [secret]
}

export function wants({ disabled, events, symbols }: Endpoint, event: WebhookEvent): boolean {
  if (disabled !== null || !events.includes(event.type)) return false
  return !isMarketEvent(event) || symbols.includes(event.data.symbol)
}

function watchedSymbols({ disabled, events, symbols }: Endpoint): readonly string[] {
  return disabled === null && events.some((type) => MARKET_EVENTS.includes(type)) ? symbols : []
}
