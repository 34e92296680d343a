/** Tickets that have opened a socket, under their ids: each opens one. An expired one needs no remembering. */
import type { SqlHost } from './sqlHost.ts'

export class Tickets {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(
      'CREATE TABLE IF NOT EXISTS burntTickets (id TEXT PRIMARY KEY, endsMs INTEGER NOT NULL) WITHOUT ROWID',
    )
  }

  /** True the first time. `endsMs`: when the ticket is refused anyway. */
  burn(id: string, endsMs: number, nowMs: number): boolean {
    this.forget(nowMs)
    if (endsMs <= nowMs) return false
    const { sql } = this.#host
    const isBurnt = sql.exec('SELECT 1 FROM burntTickets WHERE id = ?', id).toArray().length > 0
    if (!isBurnt) sql.exec('INSERT INTO burntTickets VALUES (?, ?)', id, endsMs)
    return !isBurnt
  }

  /** True when nothing is left. */
  forget(nowMs: number): boolean {
    const { sql } = this.#host
    sql.exec('DELETE FROM burntTickets WHERE endsMs <= ?', nowMs)
    return sql.exec('SELECT 1 FROM burntTickets LIMIT 1').toArray().length === 0
  }
}
