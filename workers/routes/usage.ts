/** `GET /v1/usage?day` and `/v1/usage/daily`: the caller's own calls, by UTC day. Asking is not counted. */
import { Hono } from 'hono'
import { daysBefore, dayOf, KEPT_DAYS } from '#durable-objects/account/days'
import { TIER_LIMITS } from '#schemas/tiers'
import { DailyUsageRowSchema, type Usage } from '#schemas/rest/models'
import { DailyUsageQuerySchema, UsageQuerySchema } from '#schemas/rest/query'
import type { AppEnv } from '../appEnv.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { guardUncounted } from './guard.ts'
import { listAnswer } from './listAnswer.ts'
import { decodeCursor, encodeCursor, readQuery } from './parameters.ts'

/** More routes and keys than anybody has. */
const MAX_LINES_OF_A_DAY = 2_000
const CURSOR_PATTERN = /^\d{4}-\d\d-\d\d\n[ -~]{1,80}\n[0-9a-f-]{0,36}$/

export const usage = new Hono<AppEnv>()

const about = describe({
  id: 'readUsage',
  tag: 'Access',
  summary: 'The calls of the caller on one UTC day',
  description:
    "Calls with a token that is not a partner's are booked about a second after they were answered.",
  access: 'usage',
  query: UsageQuerySchema,
  answer: 'Usage',
})

usage.get('/v1/usage', about, guardUncounted('usage'), async (c) => {
  const { subject, tier } = c.get('caller')
  const day = readQuery(c, UsageQuerySchema).day ?? dayOf(Date.now())
  const lines = await orUnavailable('the ledger of this account', async () =>
    c.env.ACCOUNT.getByName(subject).readDaily({ from: day, to: day, limit: MAX_LINES_OF_A_DAY }),
  )
  const byRoute: Record<string, number> = {}
  for (const { route, calls } of lines) byRoute[route] = (byRoute[route] ?? 0) + calls
  const calls = lines.reduce((sum, line) => sum + line.calls, 0)
  const units = lines.reduce((sum, line) => sum + line.units, 0)
  const { unitsPerDay } = TIER_LIMITS[tier]
  const answer: Usage = { data: { caller: subject, tier, day, calls, units, unitsPerDay, byRoute } }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutDaily = describe({
  id: 'readDailyUsage',
  tag: 'Access',
  summary: 'The calls and units of the caller by UTC day, route and API key, newest day first',
  access: 'usage',
  query: DailyUsageQuerySchema,
  answer: ['DailyUsage', 'DailyUsageColumns'],
})

usage.get('/v1/usage/daily', aboutDaily, guardUncounted('usage'), async (c) => {
  const { from, to, limit, cursor, shape } = readQuery(c, DailyUsageQuerySchema)
  const nowMs = Date.now()
  const before = cursor === undefined ? undefined : lineOf(decodeCursor(cursor, CURSOR_PATTERN))
  const query = {
    from: from ?? daysBefore(nowMs, KEPT_DAYS),
    to: to ?? dayOf(nowMs),
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  }
  const lines = await orUnavailable('the ledger of this account', async () =>
    c.env.ACCOUNT.getByName(c.get('caller').subject).readDaily(query),
  )
  const page = lines.slice(0, limit)
  const last = page.at(-1)
  const nextCursor =
    lines.length > limit && last ? encodeCursor(`${last.day}\n${last.route}\n${last.keyId}`) : null
  const rows = page.map(({ keyId, ...line }) => ({ ...line, key: keyId === '' ? null : keyId }))
  return listAnswer(c, DailyUsageRowSchema, rows, { shape, page: { nextCursor } })
})

function lineOf(cursor: string): { readonly day: string; readonly route: string; readonly keyId: string } {
  const [day = '', route = '', keyId = ''] = cursor.split('\n')
  return { day, route, keyId }
}
