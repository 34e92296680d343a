/** The index of a symbol's snapshots in D1; the snapshots themselves are R2 objects. */
import * as v from 'valibot'

const RowSchema = v.object({
  id: v.string(),
  symbol: v.string(),
  as_of_ms: v.number(),
  kind: v.picklist(['minute', 'close']),
  bytes: v.number(),
  spot: v.nullable(v.number()),
  net_gex: v.nullable(v.number()),
  nearest_flip: v.nullable(v.number()),
})
export type SnapshotRow = v.InferOutput<typeof RowSchema>

/** Newest first. `before` is the id after which the page begins, `untilMs` the latest market time. */
export async function listSnapshots(
  db: D1Database,
  query: {
    readonly symbol: string
    readonly before?: string
    readonly untilMs?: number
    readonly limit: number
  },
): Promise<SnapshotRow[]> {
  const { symbol, before, untilMs, limit } = query
  const { results } = await db
    .prepare(
      `SELECT id, symbol, as_of_ms, kind, bytes, spot, net_gex, nearest_flip FROM snapshots
       WHERE symbol = ?1 AND (?2 IS NULL OR id < ?2) AND (?3 IS NULL OR as_of_ms <= ?3)
       ORDER BY id DESC LIMIT ?4`,
    )
    .bind(symbol, before ?? null, untilMs ?? null, limit)
    .all()
  return v.parse(v.array(RowSchema), results)
}

/** The R2 object of a snapshot, null for an unknown one. */
export async function findSnapshot(
  db: D1Database,
  symbol: string,
  id: string,
): Promise<{ readonly key: string; readonly asOfMs: number } | null> {
  return db
    .prepare('SELECT r2_key AS key, as_of_ms AS asOfMs FROM snapshots WHERE symbol = ?1 AND id = ?2')
    .bind(symbol, id)
    .first<{ key: string; asOfMs: number }>()
}
