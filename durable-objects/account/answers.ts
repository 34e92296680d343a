/** Answers of POSTs by hashed Idempotency-Key, in the account object's SQLite. */
import { ANSWER_KEPT_MS, decideKey, type HeldAnswer, type KeyVerdict } from './idempotency.ts'
import type { SqlHost } from './sqlHost.ts'

export class Answers {
  readonly #host: SqlHost

  constructor(host: SqlHost) {
    this.#host = host
    host.sql.exec(`CREATE TABLE IF NOT EXISTS answers (
      keyHash TEXT PRIMARY KEY, print TEXT NOT NULL, atMs INTEGER NOT NULL, answer TEXT) WITHOUT ROWID`)
  }

  begin(keyHash: string, print: string, nowMs: number): KeyVerdict {
    const rows = this.#host.sql.exec<{ print: string; atMs: number; answer: string | null }>(
      'SELECT print, atMs, answer FROM answers WHERE keyHash = ?',
      keyHash,
    )
    const held: HeldAnswer | undefined = rows.toArray()[0]
    const verdict = decideKey(held, print, nowMs)
    if (verdict.kind === 'first')
      this.#host.sql.exec(
        'INSERT OR REPLACE INTO answers (keyHash, print, atMs) VALUES (?, ?, ?)',
        keyHash,
        print,
        nowMs,
      )
    return verdict
  }

  /** Null: it came to nothing, and the key may be used again. */
  finish(keyHash: string, answer: string | null): void {
    const { sql } = this.#host
    if (answer === null) sql.exec('DELETE FROM answers WHERE keyHash = ? AND answer IS NULL', keyHash)
    else sql.exec('UPDATE answers SET answer = ? WHERE keyHash = ?', answer, keyHash)
  }

  /** True when nothing is left. */
  forget(nowMs: number): boolean {
    this.#host.sql.exec('DELETE FROM answers WHERE atMs <= ?', nowMs - ANSWER_KEPT_MS)
    return this.#host.sql.exec<{ left: number }>('SELECT COUNT(*) AS left FROM answers').one().left === 0
  }
}
