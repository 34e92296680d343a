/** Every symbol that ever had a batch, from D1. The objects keep the rows current, about once a minute. */
import * as v from 'valibot'
import { FEED_KINDS } from '#schemas/feed'

const RowSchema = v.object({
  symbol: v.string(),
  name: v.string(),
  currency: v.string(),
  feed: v.picklist(FEED_KINDS),
  source: v.string(),
  last_seen_ms: v.number(),
})

export interface DirectoryEntry extends Omit<v.InferOutput<typeof RowSchema>, 'last_seen_ms'> {
  readonly lastSeenMs: number
}

export async function listSymbols(db: D1Database): Promise<DirectoryEntry[]> {
  const { results } = await db
    .prepare('SELECT symbol, name, currency, feed, source, last_seen_ms FROM symbols ORDER BY symbol')
    .all()
  return v
    .parse(v.array(RowSchema), results)
    .map(({ last_seen_ms: lastSeenMs, ...row }) => ({ ...row, lastSeenMs }))
}
