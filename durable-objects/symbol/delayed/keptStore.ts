/** Kept states in the object's SQLite: their list as one small value, each state as pieces in a slot that is used again. */
import * as v from 'valibot'
import { joined, piecesOf } from '../store/pieces.ts'
import type { ChainStore, SqlHost } from '../store/chainStore.ts'
import { freeSlot, type KeptState } from './keptStates.ts'

/** More than a checkpoint of the most contracts has. */
const PIECES_OF_SLOT = 1_000

const KeptSchema = v.array(
  v.object({
    slot: v.number(),
    pieces: v.number(),
    takenMs: v.number(),
    newestMs: v.number(),
    epoch: v.number(),
    sequence: v.number(),
  }),
)

export class KeptStore {
  readonly #host: SqlHost
  readonly #store: Pick<ChainStore, 'readMeta' | 'writeMeta'>
  #kept: readonly KeptState[]

  constructor(host: SqlHost, store: Pick<ChainStore, 'readMeta' | 'writeMeta'>) {
    this.#host = host
    this.#store = store
    host.sql.exec('CREATE TABLE IF NOT EXISTS delayed (piece INTEGER PRIMARY KEY, bytes BLOB NOT NULL)')
    const listed = v.safeParse(KeptSchema, store.readMeta('delayed') ?? [])
    this.#kept = listed.success ? listed.output : []
  }

  /** Oldest first. */
  get kept(): readonly KeptState[] {
    return this.#kept
  }

  /** Keeps `needed` and one more. Both or neither: the list never names what is not there. */
  keep(needed: readonly KeptState[], state: Omit<KeptState, 'slot' | 'pieces'>, bytes: Uint8Array): void {
    const slot = freeSlot(needed)
    const first = slot * PIECES_OF_SLOT
    this.#host.transactionSync(() => {
      let piece = first
      for (const part of piecesOf(bytes))
        this.#host.sql.exec('INSERT OR REPLACE INTO delayed (piece, bytes) VALUES (?, ?)', piece++, part)
      this.#write([...needed, { ...state, slot, pieces: piece - first }])
    })
  }

  /** Lets go of all but these. */
  retain(needed: readonly KeptState[]): void {
    this.#host.transactionSync(() => this.#write(needed))
  }

  read({ slot, pieces }: KeptState): Uint8Array {
    const first = slot * PIECES_OF_SLOT
    const rows = this.#host.sql.exec<{ bytes: ArrayBuffer }>(
      'SELECT bytes FROM delayed WHERE piece >= ? AND piece < ? ORDER BY piece',
      first,
      first + pieces,
    )
    return joined(rows.toArray().map(({ bytes }) => bytes))
  }

  #write(kept: readonly KeptState[]): void {
    this.#store.writeMeta('delayed', kept)
    // Only what no state uses any more; a slot that was taken again has been written over.
    for (const { slot, pieces } of this.#kept) {
      const used = kept.find((other) => other.slot === slot)?.pieces ?? 0
      const first = slot * PIECES_OF_SLOT
      if (used < pieces)
        this.#host.sql.exec(
          'DELETE FROM delayed WHERE piece >= ? AND piece < ?',
          first + used,
          first + pieces,
        )
    }
    this.#kept = kept
  }
}
