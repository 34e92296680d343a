/**
 * Sends queued snapshots to R2 and their index rows to D1, and keeps the symbol's own row current. The object goes
 * first and the row second, so that no row names an object that is not there. Both writes may be repeated.
 */
import type { FeedKind } from '#schemas/feed'
import type { OutboxRow } from '../store/chainStore.ts'

export interface ArchivePorts {
  readonly DB: D1Database
  readonly SNAPSHOTS: R2Bucket
}

/** @throws when R2 or D1 refuses; nothing is lost, the snapshot stays queued. */
export async function deliverSnapshot(ports: ArchivePorts, symbol: string, row: OutboxRow): Promise<void> {
  const bytes = await putOnce(ports.SNAPSHOTS, row.key, row.body)
  // A state that is archived already may turn out to be the close; nothing else about a row ever changes.
  await ports.DB.prepare(
    `INSERT INTO snapshots (symbol, id, as_of_ms, kind, r2_key, bytes, spot, net_gex, nearest_flip)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (symbol, id) DO UPDATE SET kind = excluded.kind WHERE excluded.kind = 'close'`,
  )
    .bind(symbol, row.id, row.asOfMs, row.kind, row.key, bytes, row.spot, row.netGex, row.nearestFlip)
    .run()
}

/** Size of the object under the key, which is the one that got there first. */
async function putOnce(bucket: R2Bucket, key: string, body: ArrayBuffer): Promise<number> {
  const held = await bucket.head(key)
  if (held !== null) return held.size
  await bucket.put(key, body, { httpMetadata: { contentType: 'application/json', contentEncoding: 'gzip' } })
  return body.byteLength
}

export interface SymbolRow {
  readonly symbol: string
  readonly name: string
  readonly currency: string
  readonly feed: FeedKind
  readonly source: string
  readonly seenMs: number
  readonly asOfMs: number | null
}

/** @throws when D1 refuses. */
export async function registerSymbol({ DB }: Pick<ArchivePorts, 'DB'>, row: SymbolRow): Promise<void> {
  await DB.prepare(
    `INSERT INTO symbols (symbol, name, currency, feed, source, first_seen_ms, last_seen_ms, as_of_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
     ON CONFLICT (symbol) DO UPDATE SET name = ?2, currency = ?3, feed = ?4, source = ?5,
       last_seen_ms = ?6, as_of_ms = ?7`,
  )
    .bind(row.symbol, row.name, row.currency, row.feed, row.source, row.seenMs, row.asOfMs)
    .run()
}

export async function gzip(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}
