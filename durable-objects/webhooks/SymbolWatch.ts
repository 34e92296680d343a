/**
 * Who wants to be told of a symbol's levels, and what they have not been told yet, in the SQLite of the symbol's object. With
 * nobody watching a frame costs one comparison. An event is stored with the sides it was seen from, both or neither,
 * so that a restart neither loses it nor sees it twice.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import type { NamedEvent, WebhookEvent } from '#schemas/webhookEvents'
import type { SqlHost } from '../account/sqlHost.ts'
import { marketEventId, watchLevels, type SeenLevels } from './levelEvents.ts'

/** Untold events of all watchers; beyond, the oldest go. */
const MAX_UNTOLD = 50_000
const EVENTS_PER_CALL = 100
const WATCHERS_AT_ONCE = 20

export interface WatchPort {
  metaOf(frame: GammaFrame): Meta
  tell(owner: string, events: readonly NamedEvent[]): Promise<void>
  failed(owner: string, error: unknown): void
}

export class SymbolWatch {
  readonly #host: SqlHost
  readonly #port: WatchPort
  readonly #owners: Set<string>
  #seen: SeenLevels

  constructor(host: SqlHost, port: WatchPort) {
    this.#host = host
    this.#port = port
    for (const statement of [
      'CREATE TABLE IF NOT EXISTS watchers (owner TEXT PRIMARY KEY) WITHOUT ROWID',
      `CREATE TABLE IF NOT EXISTS untold (
         n INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL)`,
      'CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), levels TEXT NOT NULL)',
    ]) {
      host.sql.exec(statement)
    }
    const owners = host.sql.exec<{ owner: string }>('SELECT owner FROM watchers').toArray()
    this.#owners = new Set(owners.map(({ owner }) => owner))
    const [stored] = host.sql.exec<{ levels: string }>('SELECT levels FROM seen').toArray()
    this.#seen = stored === undefined ? {} : (JSON.parse(stored.levels) as SeenLevels)
  }

  add(owner: string): void {
    if (this.#owners.has(owner)) return
    this.#owners.add(owner)
    this.#host.sql.exec('INSERT INTO watchers (owner) VALUES (?)', owner)
  }

  remove(owner: string): void {
    if (!this.#owners.delete(owner)) return
    this.#host.sql.exec('DELETE FROM watchers WHERE owner = ?', owner)
    this.#host.sql.exec('DELETE FROM untold WHERE owner = ?', owner)
    // What was seen goes old unwatched.
    if (this.#owners.size === 0) this.#writeSeen({})
  }

  /** True when there is something to tell. */
  look(frame: GammaFrame): boolean {
    if (this.#owners.size === 0) return false
    const { seen, events, hasChanged } = watchLevels(this.#seen, frame, this.#port.metaOf)
    if (!hasChanged) {
      this.#seen = seen
      return false
    }
    this.#host.transactionSync(() => {
      this.#writeSeen(seen)
      for (const event of events) this.#keep(marketEventId(event), JSON.stringify(event))
    })
    return events.length > 0
  }

  /** True when everybody knows everything. */
  async tell(): Promise<boolean> {
    const owners = this.#host.sql.exec<{ owner: string }>('SELECT DISTINCT owner FROM untold').toArray()
    for (let from = 0; from < owners.length; from += WATCHERS_AT_ONCE) {
      const some = owners.slice(from, from + WATCHERS_AT_ONCE)
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(some.map(({ owner }) => this.#tellOne(owner)))
    }
    return (
      this.#host.sql.exec<{ left: number }>('SELECT EXISTS (SELECT 1 FROM untold) AS left').one().left === 0
    )
  }

  async #tellOne(owner: string): Promise<void> {
    const rows = this.#host.sql
      .exec<{ n: number; id: string; event: string }>(
        'SELECT n, id, event FROM untold WHERE owner = ? ORDER BY n LIMIT ?',
        owner,
        EVENTS_PER_CALL,
      )
      .toArray()
    const last = rows.at(-1)
    if (last === undefined) return
    try {
      await this.#port.tell(
        owner,
        rows.map(({ id, event }) => ({ id, event: JSON.parse(event) as WebhookEvent })),
      )
      this.#host.sql.exec('DELETE FROM untold WHERE owner = ? AND n <= ?', owner, last.n)
    } catch (error) {
      this.#port.failed(owner, error)
    }
  }

  #keep(id: string, event: string): void {
    const { sql } = this.#host
    sql.exec('INSERT INTO untold (owner, id, event) SELECT owner, ?, ? FROM watchers', id, event)
    sql.exec(`DELETE FROM untold WHERE n <= (SELECT MAX(n) FROM untold) - ${MAX_UNTOLD}`)
  }

  #writeSeen(seen: SeenLevels): void {
    this.#seen = seen
    this.#host.sql.exec('INSERT OR REPLACE INTO seen (one, levels) VALUES (1, ?)', JSON.stringify(seen))
  }
}
