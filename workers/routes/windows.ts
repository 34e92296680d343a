/** `/v1/windows`: leases of windows, counted over all tabs and devices of an account. */
import { Hono, type Context } from 'hono'
import * as v from 'valibot'
import { windowsOf, type AccountWindows, type Lease } from '#durable-objects/windows/windowsClient'
import {
  WINDOW_RENEW_MS,
  WindowRequestSchema,
  type OpenWindow,
  type WindowAnswer,
  type WindowList,
} from '#schemas/rest/windows'
import { TIER_LIMITS, TIERS, type Tier } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { idempotent } from '../middleware/idempotency/idempotent.ts'
import { limitBody, readBody } from './body.ts'
import { describe } from '../openapi/describe.ts'
import { guardUncounted } from './guard.ts'

const IdSchema = v.pipe(v.string(), v.uuid())

export const windows = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listWindows',
  tag: 'Access',
  summary: 'The windows this account has open, over all tabs and devices',
  access: 'windows',
  answer: 'WindowList',
})

windows.get('/v1/windows', aboutList, guardUncounted('windows'), async (c) => {
  const open = await ask(c, (leases) => leases.list(Date.now()))
  const limit = TIER_LIMITS[c.get('caller').tier].windows
  const answer: WindowList = { data: open.map(shownWindow), limit, renewEveryMs: WINDOW_RENEW_MS }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutOpen = describe({
  id: 'openWindow',
  tag: 'Access',
  summary: 'Takes a place for a window, for a minute at a time',
  description: 'Renew it every 30 s. A window that is not renewed for 60 s has ended.',
  access: 'windows',
  body: 'WindowRequest',
  answer: 'Window',
  status: 201,
  idempotent: true,
  problems: ['window_limit'],
})

windows.post('/v1/windows', aboutOpen, guardUncounted('windows'), limitBody, idempotent, async (c) => {
  const request = await readBody(c, WindowRequestSchema)
  const { tier } = c.get('caller')
  const limit = TIER_LIMITS[tier].windows
  const id = crypto.randomUUID()
  const answer = await ask(c, (leases) => leases.open({ ...request, id }, limit, Date.now()))
  if (!answer.ok) throw tooMany(answer.open, limit, tier)
  return leased(c, answer.lease, 201)
})

const aboutRenew = describe({
  id: 'renewWindow',
  tag: 'Access',
  summary: 'Keeps a window for another minute',
  access: 'windows',
  answer: 'Window',
  problems: ['unknown_window'],
})

windows.put('/v1/windows/:id', aboutRenew, guardUncounted('windows'), async (c) => {
  const id = windowId(c)
  const lease = await ask(c, (leases) => leases.renew(id, Date.now()))
  if (lease === null) throw unknownWindow()
  return leased(c, lease, 200)
})

const aboutClose = describe({
  id: 'closeWindow',
  tag: 'Access',
  summary: 'Gives the place of a window back',
  access: 'windows',
  answer: 'none',
  problems: ['unknown_window'],
})

windows.delete('/v1/windows/:id', aboutClose, guardUncounted('windows'), async (c) => {
  const id = windowId(c)
  if (!(await ask(c, (leases) => leases.close(id, Date.now())))) throw unknownWindow()
  return c.body(null, 204)
})

/** What is none of ours is no window, and is not carried to the object: an id may be as long as an address. */
function windowId(c: Context<AppEnv>): string {
  const id = c.req.param('id') ?? ''
  if (!v.is(IdSchema, id)) throw unknownWindow()
  return id
}

function ask<T>(c: Context<AppEnv>, question: (leases: AccountWindows) => Promise<T>): Promise<T> {
  return orUnavailable('the count of windows', () =>
    question(windowsOf(c.env.WINDOWS, c.get('caller').subject)),
  )
}

function leased(c: Context<AppEnv>, lease: Lease, status: 200 | 201): Response {
  const answer: WindowAnswer = { data: shownWindow(lease) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer, status)
}

export function shownWindow({ id, kind, symbol, openedAtMs, expiresAtMs }: Lease): OpenWindow {
  return {
    id,
    kind,
    symbol,
    openedAt: new Date(openedAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  }
}

function unknownWindow(): AppError {
  return new AppError('unknown_window', 'expected an open window, was none: it may have ended; open it anew')
}

/** Names a tier that may have more, where there is one. */
function tooMany(open: readonly Lease[], limit: number, tier: Tier): AppError {
  const above = TIERS.find((other) => TIER_LIMITS[other].windows > TIER_LIMITS[tier].windows)
  return new AppError(
    'window_limit',
    `expected at most ${limit} open windows, were ${open.length}: close one`,
    {
      openWindows: open.map(shownWindow),
      ...(above === undefined ? {} : { requiredTier: above }),
    },
  )
}
