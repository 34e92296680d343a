/** What was revoked, and which objects have sockets of the account and have to hear of it, in the account object's SQLite. */
import type { Place } from './contract.ts'
import { endOne, endTokens, NOTHING_REVOKED, REVOCATION_KEPT_MS, type Revocations } from './revocation.ts'
import type { SqlHost } from './sqlHost.ts'

/** The row of all tokens; no credential has an empty id. */
const ALL = ''

export class RevocationStore {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(
      'CREATE TABLE IF NOT EXISTS revocations (id TEXT PRIMARY KEY, atMs INTEGER NOT NULL) WITHOUT ROWID',
    )
    host.sql.exec(`CREATE TABLE IF NOT EXISTS socketPlaces (
      kind TEXT NOT NULL, name TEXT NOT NULL, untilMs INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID`)
  }

  read(): Revocations {
    const rows = this.#host.sql
      .exec<{ id: string; atMs: number }>('SELECT id, atMs FROM revocations')
      .toArray()
    if (rows.length === 0) return NOTHING_REVOKED
    const all = rows.find(({ id }) => id === ALL)
    const ended = rows.flatMap(({ id }) => (id === ALL ? [] : [id]))
    return { notBeforeMs: all === undefined ? 0 : all.atMs + 1, ended }
  }

  /** Null: all tokens. */
  revoke(id: string | null, nowMs: number): Revocations {
    this.#forgetOld(nowMs)
    const before = this.read()
    const after = id === null ? endTokens(before, nowMs) : endOne(before, id, nowMs)
    const insert = 'INSERT OR REPLACE INTO revocations (id, atMs) VALUES (?, ?)'
    if (after.notBeforeMs !== before.notBeforeMs) this.#host.sql.exec(insert, ALL, after.notBeforeMs - 1)
    if (id !== null && after.ended.length > before.ended.length) this.#host.sql.exec(insert, id, nowMs)
    return after
  }

  watch({ kind, name }: Place, untilMs: number): void {
    this.#host.sql.exec('INSERT OR REPLACE INTO socketPlaces VALUES (?, ?, ?)', kind, name, untilMs)
  }

  places(nowMs: number): Place[] {
    const rows = this.#host.sql.exec<{ kind: string; name: string }>(
      'SELECT kind, name FROM socketPlaces WHERE untilMs > ?',
      nowMs,
    )
    return Array.from(rows, ({ kind, name }) => ({ kind: kind === 'relay' ? 'relay' : 'symbol', name }))
  }

  /** True when nothing is left. */
  forget(nowMs: number): boolean {
    this.#forgetOld(nowMs)
    const { sql } = this.#host
    sql.exec('DELETE FROM socketPlaces WHERE untilMs <= ?', nowMs)
    const left = sql.exec('SELECT 1 FROM revocations UNION ALL SELECT 1 FROM socketPlaces LIMIT 1')
    return left.toArray().length === 0
  }

  #forgetOld(nowMs: number): void {
    this.#host.sql.exec('DELETE FROM revocations WHERE atMs <= ?', nowMs - REVOCATION_KEPT_MS)
  }
}
