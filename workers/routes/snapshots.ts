/** `GET /v1/snapshots/:symbol` lists the recorded minutes, newest first; `…/:id` reads one back. */
import { Hono } from 'hono'
import type { SnapshotList } from '#schemas/rest/models'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable, unavailable } from '../middleware/errors/AppError.ts'
import { listSnapshots, snapshotKey, type SnapshotRow } from '../storage/snapshotIndex.ts'
import { guard } from './guard.ts'
import { cursorParameter, encodeCursor, integerParameter } from './parameters.ts'

const DEFAULT_ROWS = 100
const MAX_ROWS = 1_000
/** Market time as in the R2 key, e.g. `20261120T143000Z`. */
const ID_PATTERN = /^[0-9A-Za-z-]{1,40}$/

export const snapshots = new Hono<AppEnv>()

snapshots.get('/v1/snapshots/:symbol', guard('snapshots'), async (c) => {
  const symbol = c.get('symbol')
  const limit = integerParameter('limit', c.req.query('limit'), { fallback: DEFAULT_ROWS, max: MAX_ROWS })
  const before = cursorParameter(c.req.query('cursor'), ID_PATTERN)
  // One more than asked for tells whether there is a next page.
  const query = { symbol, limit: limit + 1, ...(before === undefined ? {} : { before }) }
  const rows = await orUnavailable('the list of snapshots', () => listSnapshots(c.env.DB, query))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = rows.length > limit && last ? encodeCursor(last.id) : null
  if (nextCursor !== null)
    c.header('Link', `</v1/snapshots/${symbol}?limit=${limit}&cursor=${nextCursor}>; rel="next"`)
  const answer: SnapshotList = { data: page.map(listItem), nextCursor }
  c.header('Cache-Control', 'private, max-age=1')
  c.header('Vary', 'Authorization')
  return c.json(answer)
})

snapshots.get('/v1/snapshots/:symbol/:id', guard('snapshots'), async (c) => {
  const symbol = c.get('symbol')
  const id = c.req.param('id')
  const find = () => snapshotKey(c.env.DB, symbol, id)
  const key = ID_PATTERN.test(id) ? await orUnavailable('the list of snapshots', find) : null
  if (key === null)
    throw new AppError('unknown_snapshot', `expected an id of /v1/snapshots/${symbol}, was another`)
  const read = () => c.env.SNAPSHOTS.get(key, { onlyIf: c.req.raw.headers })
  const object = await orUnavailable('the snapshot', read)
  if (object === null) throw unavailable(`snapshot ${id} is listed but cannot be read`)
  // Written once under its own key, so it can be kept for good.
  const headers = {
    'Cache-Control': 'private, max-age=31536000, immutable',
    ETag: object.httpEtag,
    Vary: 'Authorization',
  }
  // R2 leaves the body out when the reader's copy still holds.
  if (!('body' in object)) return c.body(null, 304, headers)
  const json = object.body.pipeThrough(new DecompressionStream('gzip'))
  return c.body(json, 200, { ...headers, 'Content-Type': 'application/json' })
})

function listItem(row: SnapshotRow): SnapshotList['data'][number] {
  const { id, symbol, kind, bytes } = row
  return {
    id,
    symbol,
    asOf: new Date(row.as_of_ms).toISOString(),
    kind,
    bytes,
    spotPrice: row.spot,
    netGex: row.net_gex,
    nearestFlip: row.nearest_flip,
  }
}
