/** What a webhook was sent: looking at it, sending it again, and trying it out. */
import { Hono } from 'hono'
import { REPLAYS_PER_MINUTE, TESTS_PER_MINUTE } from '#durable-objects/webhooks/contract'
import { DeliveriesQuerySchema, DeliveryRowSchema, ReplayRequestSchema } from '#schemas/rest/webhooks'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { webhooksOf } from '../partner/webhooks.ts'
import { limitBody, readBody } from './body.ts'
import { guardUncounted } from './guard.ts'
import { listAnswer } from './listAnswer.ts'
import { decodeCursor, encodeCursor, readQuery } from './parameters.ts'
import { unknownWebhook } from './webhooks.ts'

const CURSOR_PATTERN = /^\d{1,15}$/
const WHAT = 'the deliveries of this webhook'

export const webhookDeliveries = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listDeliveries',
  tag: 'Webhooks',
  summary: 'What a webhook was and will be sent, newest first',
  description: 'Kept for 7 days once it arrived, for 30 once it was given up.',
  access: 'webhooks',
  query: DeliveriesQuerySchema,
  answer: ['DeliveryList', 'DeliveryListColumns'],
  problems: ['unknown_webhook'],
})

webhookDeliveries.get('/v1/webhooks/:id/deliveries', aboutList, guardUncounted('webhooks'), async (c) => {
  const { state, limit, cursor, shape } = readQuery(c, DeliveriesQuerySchema)
  const before = cursor === undefined ? {} : { before: Number(decodeCursor(cursor, CURSOR_PATTERN)) }
  const query = { limit, ...before, ...(state === undefined ? {} : { state }) }
  const page = await orUnavailable(WHAT, async () => webhooksOf(c).deliveries(c.req.param('id'), query))
  if (page === null) throw unknownWebhook()
  const nextCursor = page.next === null ? null : encodeCursor(String(page.next))
  return listAnswer(c, DeliveryRowSchema, page.rows, { shape, page: { nextCursor } })
})

const aboutTest = describe({
  id: 'testWebhook',
  tag: 'Webhooks',
  summary: 'Sends `webhook.test`; its delivery shows what came of it',
  access: 'endpoints',
  answer: 'Delivery',
  status: 201,
  problems: ['unknown_webhook', 'webhook_disabled'],
})

webhookDeliveries.post('/v1/webhooks/:id/test', aboutTest, guardUncounted('endpoints'), async (c) => {
  const data = await orUnavailable(WHAT, async () => webhooksOf(c).sendTest(c.req.param('id')))
  if (data === null) throw unknownWebhook()
  if (data === 'disabled') throw disabled()
  if (data === 'too_many') throw tooMany(TESTS_PER_MINUTE, 'tests')
  return c.json({ data }, 201)
})

const aboutReplay = describe({
  id: 'replayDeliveries',
  tag: 'Webhooks',
  summary: 'Sends one event again, or those given up since an instant',
  description: 'Under the same `webhook-id`. `"delivered": true` sends those that arrived, too.',
  access: 'endpoints',
  body: 'ReplayRequest',
  answer: 'Replay',
  problems: ['unknown_webhook', 'unknown_delivery', 'webhook_disabled'],
})

webhookDeliveries.post(
  '/v1/webhooks/:id/replay',
  aboutReplay,
  guardUncounted('endpoints'),
  limitBody,
  async (c) => {
    const request = await readBody(c, ReplayRequestSchema)
    const queued = await orUnavailable(WHAT, async () => webhooksOf(c).replay(c.req.param('id'), request))
    if (queued === null) throw unknownWebhook()
    if (queued === 'disabled') throw disabled()
    if (queued === 'too_many') throw tooMany(REPLAYS_PER_MINUTE, 'replays')
    if (queued === 'unknown_delivery')
      throw new AppError('unknown_delivery', 'expected the id of a delivery of this webhook, was another')
    return c.json({ data: { queued } })
  },
)

function tooMany(limit: number, what: string): AppError {
  return new AppError('rate_limited', `expected at most ${limit} ${what} a minute: wait for one`, {
    headers: { 'Retry-After': '60' },
  })
}

function disabled(): AppError {
  return new AppError(
    'webhook_disabled',
    'expected a webhook that is on: turn it on with {"enabled": true} first',
  )
}
