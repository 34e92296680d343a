/** `GET /v1/snapshots/:symbol` lists the recorded minutes, newest first; `…/:id` reads one back. */
import { Hono, type Context } from 'hono'
import { SnapshotRowSchema, type SnapshotList } from '#schemas/rest/models'
import { SnapshotsQuerySchema } from '#schemas/rest/query'
import { rawDelayMs } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable, unavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { findSnapshot, listSnapshots, type SnapshotRow } from '../storage/snapshotIndex.ts'
import { guard } from './guard.ts'
import { listAnswer } from './listAnswer.ts'
import { decodeCursor, encodeCursor, readQuery } from './parameters.ts'
import { tooEarly } from './tooEarly.ts'
import { varyBy } from './varyBy.ts'

/** Market time as in the R2 key, e.g. `20261120T143000Z`. */
const ID_PATTERN = /^[0-9A-Za-z-]{1,40}$/

export const snapshots = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listSnapshots',
  tag: 'History',
  summary: 'The recorded minutes, newest first',
  access: 'snapshots',
  ofSymbol: true,
  query: SnapshotsQuerySchema,
  answer: ['SnapshotList', 'SnapshotListColumns'],
})

snapshots.get('/v1/snapshots/:symbol', aboutList, guard('snapshots'), async (c) => {
  const symbol = c.get('symbol')
  const { limit, cursor, shape } = readQuery(c, SnapshotsQuerySchema)
  const before = cursor === undefined ? undefined : decodeCursor(cursor, ID_PATTERN)
  // One more than asked for tells whether there is a next page.
  const delayMs = delayOf(c)
  const query = {
    symbol,
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
    ...(delayMs === 0 ? {} : { untilMs: Date.now() - delayMs }),
  }
  const rows = await orUnavailable('the list of snapshots', () => listSnapshots(c.env.DB, query))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = rows.length > limit && last ? encodeCursor(last.id) : null
  return listAnswer(c, SnapshotRowSchema, page.map(listItem), { shape, page: { nextCursor } })
})

const aboutSnapshot = describe({
  id: 'readSnapshot',
  tag: 'History',
  summary: 'One recorded minute: frame, levels and expiries',
  access: 'snapshots',
  ofSymbol: true,
  answer: 'Snapshot',
  problems: ['unknown_snapshot', 'too_early'],
})

snapshots.get('/v1/snapshots/:symbol/:id', aboutSnapshot, guard('snapshots'), async (c) => {
  const symbol = c.get('symbol')
  const id = c.req.param('id')
  const find = () => findSnapshot(c.env.DB, symbol, id)
  const found = ID_PATTERN.test(id) ? await orUnavailable('the list of snapshots', find) : null
  if (found === null)
    throw new AppError('unknown_snapshot', `expected an id of /v1/snapshots/${symbol}, was another`)
  const { key, asOfMs } = found
  const delayMs = delayOf(c)
  const nowMs = Date.now()
  if (delayMs > 0 && asOfMs + delayMs > nowMs)
    throw tooEarly(`snapshot ${id} of a live market`, asOfMs + delayMs, nowMs)
  const read = () => c.env.SNAPSHOTS.get(key, unlessHeld(c.req.header('If-None-Match')))
  const object = await orUnavailable('the snapshot', read)
  if (object === null) throw unavailable(`snapshot ${id} is listed but cannot be read`)
  // Written once under its own key, so it can be kept for good.
  const headers = {
    'Cache-Control': 'private, max-age=31536000, immutable',
    ETag: object.httpEtag,
    Vary: varyBy(),
  }
  // R2 leaves the body out when the reader's copy still holds.
  if (!('body' in object)) return c.body(null, 304, headers)
  const json = object.body.pipeThrough(new DecompressionStream('gzip'))
  return c.body(json, 200, { ...headers, 'Content-Type': 'application/json' })
})

function delayOf(c: Context<AppEnv>): number {
  return rawDelayMs(c.get('caller').tier, c.get('feed'))
}

/** Other forms of the header are for the guard to judge: the store throws on what it cannot read. */
function unlessHeld(ifNoneMatch = ''): R2GetOptions {
  const held = /^"([\w-]+)"$/.exec(ifNoneMatch)?.[1]
  return held === undefined ? {} : { onlyIf: { etagDoesNotMatch: held } }
}

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
