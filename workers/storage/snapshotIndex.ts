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

/** Newest first. `before` is the id after which the page begins. */
export async function listSnapshots(
  db: D1Database,
  query: { readonly symbol: string; readonly before?: string; readonly limit: number },
): Promise<SnapshotRow[]> {
  const { symbol, before, limit } = query
  const { results } = await db
    .prepare(
      `SELECT id, symbol, as_of_ms, kind, bytes, spot, net_gex, nearest_flip FROM snapshots
       WHERE symbol = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3`,
    )
    .bind(symbol, before ?? null, limit)
    .all()
  return v.parse(v.array(RowSchema), results)
}

/** Key of the R2 object, null for an unknown snapshot. */
export async function snapshotKey(db: D1Database, symbol: string, id: string): Promise<string | null> {
  const row = await db
    .prepare('SELECT r2_key FROM snapshots WHERE symbol = ?1 AND id = ?2')
    .bind(symbol, id)
    .first<{ r2_key: string }>()
  return row?.r2_key ?? null
}
