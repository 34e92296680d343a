/**
 * Durable state of one symbol in its object's SQLite.
 *
 *   checkpoint  the state at some batch, in pieces (a row may hold 2 MB)
 *   ring        the accepted batches since then (`tailRing.ts`)
 *   meta        small values by name
 *   delayed     states that are to be old enough for who may not see newer ones (`delayed/keptStore.ts`)
 *   outbox      snapshots on their way to R2 and D1
 *
 * Every method is synchronous: writes made without an await in between become durable together or not at all, and
 * replies and socket messages that follow are held back until they are.
 */
import { streamEpochAfter } from '../stream/streamEpoch.ts'
import { joined, piecesOf } from './pieces.ts'
import { TailRing } from './tailRing.ts'

/** The part of `DurableObjectStorage` used here. */
export interface SqlHost {
  readonly sql: SqlStorage
  transactionSync<T>(work: () => T): T
}

export interface OutboxRow {
  readonly id: string
  readonly kind: 'minute' | 'close'
  readonly key: string
  readonly asOfMs: number
  readonly spot: number | null
  readonly netGex: number | null
  readonly nearestFlip: number | null
  readonly body: ArrayBuffer
}

type MetaName = 'streamEpoch' | 'alarms' | 'archive' | 'tailCovered' | 'memory' | 'relays' | 'delayed'

export class ChainStore {
  readonly #host: SqlHost
  readonly #tail: TailRing

  constructor(host: SqlHost) {
    this.#host = host
    for (const statement of [
      'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
      'CREATE TABLE IF NOT EXISTS checkpoint (piece INTEGER PRIMARY KEY, bytes BLOB NOT NULL)',
      `CREATE TABLE IF NOT EXISTS outbox (
         id TEXT PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, asOfMs INTEGER NOT NULL,
         spot REAL, netGex REAL, nearestFlip REAL, body BLOB NOT NULL) WITHOUT ROWID`,
    ]) {
      host.sql.exec(statement)
    }
    this.#tail = new TailRing(host, this.readMeta<number>('tailCovered') ?? 0)
  }

  /** Batches accepted since the last checkpoint. */
  get tailLength(): number {
    return this.#tail.length
  }

  appendTail(bytes: ArrayBuffer): void {
    this.#tail.append(bytes)
  }

  /** Oldest first. */
  readTail(): Iterable<Uint8Array> {
    return this.#tail.read()
  }

  /** Replaces the checkpoint and lets go of the tail it covers, both or neither. */
  writeCheckpoint(bytes: Uint8Array): void {
    const { sql } = this.#host
    this.#host.transactionSync(() => {
      let pieces = 0
      for (const piece of piecesOf(bytes))
        sql.exec('INSERT OR REPLACE INTO checkpoint (piece, bytes) VALUES (?, ?)', pieces++, piece)
      sql.exec('DELETE FROM checkpoint WHERE piece >= ?', pieces)
      this.writeMeta('tailCovered', this.#tail.newest)
      this.#tail.trim()
    })
    this.#tail.startOver()
  }

  readCheckpoint(): Uint8Array | null {
    const pieces = this.#host.sql
      .exec<{ bytes: ArrayBuffer }>('SELECT bytes FROM checkpoint ORDER BY piece')
      .toArray()
      .map(({ bytes }) => bytes)
    return pieces.length === 0 ? null : joined(pieces)
  }

  readMeta<T>(name: MetaName): T | null {
    const row = this.#host.sql
      .exec<{ value: string }>('SELECT value FROM meta WHERE name = ?', name)
      .toArray()[0]
    return row === undefined ? null : (JSON.parse(row.value) as T)
  }

  writeMeta(name: MetaName, value: unknown): void {
    this.#host.sql.exec(
      'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)',
      name,
      JSON.stringify(value),
    )
  }

  /** Larger than any number it returned before, in this life of the object or an earlier one. */
  nextStreamEpoch(nowMs: number): number {
    const epoch = streamEpochAfter(this.readMeta<number>('streamEpoch'), nowMs)
    this.writeMeta('streamEpoch', epoch)
    return epoch
  }

  /** Keeps the newest `limit` snapshots; a snapshot already queued under its id stays as it is. */
  queueSnapshot(row: OutboxRow, limit: number): void {
    const { id, kind, key, asOfMs, spot, netGex, nearestFlip, body } = row
    const values = [id, kind, key, asOfMs, spot, netGex, nearestFlip, body]
    this.#host.sql.exec('INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?)', ...values)
    this.#host.sql.exec(
      'DELETE FROM outbox WHERE id NOT IN (SELECT id FROM outbox ORDER BY asOfMs DESC LIMIT ?)',
      limit,
    )
  }

  oldestQueued(): OutboxRow | null {
    const rows = this.#host.sql.exec<OutboxRow & Record<string, SqlStorageValue>>(
      'SELECT * FROM outbox ORDER BY asOfMs LIMIT 1',
    )
    return rows.toArray()[0] ?? null
  }

  removeQueued(id: string): void {
    this.#host.sql.exec('DELETE FROM outbox WHERE id = ?', id)
  }
}
