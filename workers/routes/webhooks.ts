/**
 * `/v1/webhooks`: a partner's endpoints. A key may read them, if it was made for that; only a token changes them, because an
 * endpoint outlives the key. A secret is shown in the answer that makes it and nowhere else.
 */
import { Hono, type Context } from 'hono'
import { endpointUrl } from '#durable-objects/webhooks/endpointUrl'
import { MAX_ENDPOINTS } from '#durable-objects/webhooks/contract'
import {
  WebhookChangeSchema,
  WebhookRequestSchema,
  type Webhook,
  type WebhookChange,
} from '#schemas/rest/webhooks'
import { MARKET_EVENTS } from '#schemas/webhookEvents'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { idempotent } from '../middleware/idempotency/idempotent.ts'
import { describe } from '../openapi/describe.ts'
import { feedOf } from '../symbol/feedOf.ts'
import { webhooksOf } from '../partner/webhooks.ts'
import { limitBody, readBody } from './body.ts'
import { guardUncounted } from './guard.ts'

export const webhooks = new Hono<AppEnv>()

const WHAT = 'the list of webhooks'

const aboutList = describe({
  id: 'listWebhooks',
  tag: 'Webhooks',
  summary: 'The webhooks of this account, oldest first',
  access: 'webhooks',
  answer: 'WebhookList',
})

webhooks.get('/v1/webhooks', aboutList, guardUncounted('webhooks'), async (c) => {
  const data: Webhook[] = await orUnavailable(WHAT, async () => webhooksOf(c).list())
  c.header('Cache-Control', 'no-store')
  return c.json({ data })
})

const aboutCreate = describe({
  id: 'createWebhook',
  tag: 'Webhooks',
  summary: 'Registers an address that is told of events; this answer alone holds its secret',
  description:
    'The address is https on a public host name, port 443 or one from 1024. `level.crossed` and `regime.changed` need `symbols`.',
  access: 'endpoints',
  body: 'WebhookRequest',
  answer: 'NewWebhook',
  status: 201,
  problems: [
    'webhook_limit',
    'unknown_symbol',
    'invalid_parameter',
    'idempotency_mismatch',
    'idempotency_busy',
  ],
})

webhooks.post('/v1/webhooks', aboutCreate, guardUncounted('endpoints'), limitBody, idempotent, async (c) => {
  const request = await readBody(c, WebhookRequestSchema)
  const { events, symbols } = request
  const url = checkedUrl(c, request.url)
  checkSymbols(events, symbols)
  await checkKnown(c, symbols)
  const made = await orUnavailable(WHAT, async () => webhooksOf(c).create({ ...request, url }))
  if (made === null)
    throw new AppError('webhook_limit', `expected at most ${MAX_ENDPOINTS} webhooks: delete one`)
  return withSecret(c, made)
})

const aboutChange = describe({
  id: 'changeWebhook',
  tag: 'Webhooks',
  summary: 'Changes a webhook, or turns it off and on',
  description: 'What is on its way to one that is turned off is given up; it can be replayed.',
  access: 'endpoints',
  body: 'WebhookChange',
  answer: 'WebhookAnswer',
  problems: ['unknown_webhook', 'unknown_symbol'],
})

webhooks.patch('/v1/webhooks/:id', aboutChange, guardUncounted('endpoints'), limitBody, async (c) => {
  const asked = await readBody(c, WebhookChangeSchema)
  const id = c.req.param('id')
  const change: WebhookChange = asked.url === undefined ? asked : { ...asked, url: checkedUrl(c, asked.url) }
  const held = (await orUnavailable(WHAT, async () => webhooksOf(c).list())).find((known) => known.id === id)
  if (held === undefined) throw unknownWebhook()
  checkSymbols(change.events ?? held.events, change.symbols ?? held.symbols)
  await checkKnown(c, change.symbols ?? [])
  const data = await orUnavailable(WHAT, async () => webhooksOf(c).change(id, change))
  if (data === null) throw unknownWebhook()
  c.header('Cache-Control', 'no-store')
  return c.json({ data })
})

const aboutRemove = describe({
  id: 'removeWebhook',
  tag: 'Webhooks',
  summary: 'Removes a webhook and all that was sent or is on its way to it',
  access: 'endpoints',
  answer: 'none',
  problems: ['unknown_webhook'],
})

webhooks.delete('/v1/webhooks/:id', aboutRemove, guardUncounted('endpoints'), async (c) => {
  const isRemoved = await orUnavailable(WHAT, async () => webhooksOf(c).remove(c.req.param('id')))
  if (!isRemoved) throw unknownWebhook()
  return c.body(null, 204)
})

const aboutRotate = describe({
  id: 'rotateWebhookSecret',
  tag: 'Webhooks',
  summary: 'Makes a new secret; for 24 hours messages are signed with the old one, too',
  access: 'endpoints',
  answer: 'NewWebhook',
  status: 201,
  idempotent: true,
  problems: ['unknown_webhook'],
})

webhooks.post(
  '/v1/webhooks/:id/rotate',
  aboutRotate,
  guardUncounted('endpoints'),
  limitBody,
  idempotent,
  async (c) => {
    const made = await orUnavailable(WHAT, async () => webhooksOf(c).rotate(c.req.param('id')))
    if (made === null) throw unknownWebhook()
    return withSecret(c, made)
  },
)

export function unknownWebhook(): AppError {
  return new AppError('unknown_webhook', 'expected the id of a webhook of yours, was another')
}

function withSecret(c: Context<AppEnv>, { webhook, secret }: { webhook: Webhook; secret: string }): Response {
  c.header('Cache-Control', 'no-store')
  return c.json({ data: { ...webhook, secret } }, 201)
}

/** @throws AppError 400 */
function checkedUrl(c: Context<AppEnv>, text: string): string {
  const ownHost = new URL(c.req.url).hostname
  const verdict = endpointUrl(text, { ownHost, allowLoopback: c.env.WEBHOOKS_TO_LOOPBACK === '1' })
  if (verdict.ok) return verdict.url
  throw invalidField('/url', verdict.detail)
}

/** @throws AppError 400 */
function checkSymbols(events: readonly string[], symbols: readonly string[]): void {
  if (symbols.length === 0 && events.some((type) => MARKET_EVENTS.includes(type)))
    throw invalidField('/symbols', `expected at least one for ${MARKET_EVENTS.join(' and ')}`)
}

/** @throws AppError 404 */
async function checkKnown(c: Context<AppEnv>, symbols: readonly string[]): Promise<void> {
  const feeds = await Promise.all(symbols.map((symbol) => feedOf(c.env, symbol)))
  const unknown = symbols.find((_, i) => feeds[i] === null)
  if (unknown !== undefined)
    throw new AppError('unknown_symbol', `expected symbols that have had data, was ${unknown}`)
}

function invalidField(field: string, detail: string): AppError {
  return new AppError('invalid_body', `${field}: ${detail}`, { errors: [{ field, detail }] })
}
