/**
 * The accepted batches since the last checkpoint, byte for byte, in order (docs/adr/0006).
 *
 * Batches are numbered 1, 2, 3 … over the life of the storage. A checkpoint stores the number it covers and deletes
 * nothing: the next batch takes the first slot again, so a batch costs the one row it replaces. A row counts while its
 * number is above the covered one. Slots start over only at a checkpoint, so no row is replaced before it is covered,
 * however late a checkpoint comes.
 */
import type { SqlHost } from './chainStore.ts'

/** Slots above this are given back at a checkpoint; a tail grows this long only while checkpoints fail. */
const KEPT_SLOTS = 256

export class TailRing {
  readonly #host: SqlHost
  #covered: number
  #length: number

  /** `covered`: as `cover` returned it for the stored checkpoint; 0 without one. */
  constructor(host: SqlHost, covered: number) {
    this.#host = host
    this.#covered = covered
    host.sql.exec(
      'CREATE TABLE IF NOT EXISTS ring (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL, bytes BLOB NOT NULL)',
    )
    takeOverOldTail(host)
    this.#length = host.sql
      .exec<{ n: number }>('SELECT COUNT(*) AS n FROM ring WHERE number > ?', covered)
      .one().n
  }

  /** Batches accepted since the last checkpoint. */
  get length(): number {
    return this.#length
  }

  append(bytes: ArrayBuffer): void {
    const slot = this.#length + 1
    const number = this.#covered + slot
    this.#host.sql.exec(
      'INSERT OR REPLACE INTO ring (slot, number, bytes) VALUES (?, ?, ?)',
      slot,
      number,
      bytes,
    )
    this.#length = slot
  }

  *read(): Generator<Uint8Array> {
    const rows = this.#host.sql.exec<{ bytes: ArrayBuffer }>(
      'SELECT bytes FROM ring WHERE number > ? ORDER BY number',
      this.#covered,
    )
    for (const { bytes } of rows) yield new Uint8Array(bytes)
  }

  /** Number of the newest batch, to be stored with a checkpoint of the state after it. */
  get newest(): number {
    return this.#covered + this.#length
  }

  /** To be called once the checkpoint of `newest` is written, in its transaction. */
  trim(): void {
    this.#host.sql.exec('DELETE FROM ring WHERE slot > ?', KEPT_SLOTS)
  }

  /** To be called once that transaction has gone through. */
  startOver(): void {
    this.#covered = this.newest
    this.#length = 0
  }
}

/** Storage of versions before the ring: a table `tail (position, bytes)` that checkpoints emptied. */
function takeOverOldTail(host: SqlHost): void {
  const hasOldTail = host.sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tail'")
  if (hasOldTail.toArray().length === 0) return
  host.transactionSync(() => {
    host.sql.exec(
      `INSERT INTO ring (slot, number, bytes)
         SELECT row_number() OVER (ORDER BY position), row_number() OVER (ORDER BY position), bytes FROM tail`,
    )
    host.sql.exec('DROP TABLE tail')
  })
}
