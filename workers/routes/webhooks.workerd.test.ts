/** `/v1/webhooks` from outside: who may, what is refused, and what the account itself tells its webhooks. */
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import {
  DeliveryAnswerSchema,
  DeliveryListSchema,
  NewWebhookSchema,
  ReplayAnswerSchema,
  WebhookAnswerSchema,
  WebhookListSchema,
} from '#schemas/rest/webhooks'
import { createApp } from '../app.ts'
import { problemOf, seedSymbol, tokenFor } from '../testing/requests.ts'

const app = createApp()
const HOOK = { url: 'https://hooks.partner.com/x', events: ['key.rotated'] }

let owner = ''
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('HOOK', 'live')
})
// Alarms ring here as they do, and nothing may leave the machine.
beforeAll(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(null))
})
afterAll(() => vi.restoreAllMocks())
beforeEach(() => {
  owner = crypto.randomUUID()
})

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await tokenFor('partner', owner)}`
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const init = { method, headers: 'x-api-key' in headers ? headers : { authorization, ...headers }, ...json }
  const context = createExecutionContext()
  const response = await app.request(path, init, env, context)
  await waitOnExecutionContext(context)
  return response
}

async function register(changes: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const response = await call('POST', '/v1/webhooks', { ...HOOK, ...changes }, headers)
  return v.parse(NewWebhookSchema, await response.json()).data
}

const listed = async () => v.parse(WebhookListSchema, await (await call('GET', '/v1/webhooks')).json()).data

async function deliveriesOf(id: string, query = '') {
  const response = await call('GET', `/v1/webhooks/${id}/deliveries${query}`)
  return v.parse(DeliveryListSchema, await response.json())
}

describe('a webhook', () => {
  it('is made with a secret that is shown once, listed, changed and removed', async () => {
    const { id, secret, ...shown } = await register()
    expect(secret).toMatch(/^whsec_/)
    expect(shown).toMatchObject({ ...HOOK, symbols: [], enabled: true, queued: 0 })
    expect(await listed()).toEqual([{ id, ...shown }])
    const change = { url: 'https://new.partner.com/', description: 'desk', enabled: false }
    const changed = await call('PATCH', `/v1/webhooks/${id}`, change)
    const { data } = v.parse(WebhookAnswerSchema, await changed.json())
    expect(data).toMatchObject({ ...change, disabledReason: 'owner' })
    const everything = await Promise.all(
      [`/v1/webhooks`, `/v1/webhooks/${id}/deliveries`].map(async (path) => (await call('GET', path)).text()),
    )
    expect(everything.join()).not.toContain('whsec_')
    expect((await call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
    expect(await listed()).toEqual([])
  })

  it('is made once for one Idempotency-Key', async () => {
    const once = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [await register({}, once), await register({}, once)]
    expect(again).toEqual(first)
    expect(await listed()).toHaveLength(1)
  })

  it('has a new secret after a rotation, and the old one for a day', async () => {
    const { id, secret } = await register()
    const response = await call('POST', `/v1/webhooks/${id}/rotate`)
    const { data } = v.parse(NewWebhookSchema, await response.json())
    expect(data.secret).not.toBe(secret)
    expect(Date.parse(data.oldSecretUntil ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000)
  })

  it('is refused beyond ten', async () => {
    for (let i = 0; i < 10; i++) await register()
    expect(await problemOf(await call('POST', '/v1/webhooks', HOOK))).toMatchObject({ code: 'webhook_limit' })
  })
})

describe('the request for a webhook', () => {
  it.each([
    ['no address', { url: undefined }, '/url'],
    ['an address of a private network', { url: 'https://10.0.0.1/' }, '/url'],
    ['plain http', { url: 'http://hooks.partner.com/' }, '/url'],
    ['this machine', { url: 'http://127.0.0.1:9000/' }, '/url'],
    ['this service itself', { url: 'https://flipwire.app/v1/health' }, '/url'],
    ['no event', { events: [] }, '/events'],
    ['an event there is not', { events: ['everything'] }, '/events/0'],
    ['the test as an event', { events: ['webhook.test'] }, '/events/0'],
    ['levels of no symbol', { events: ['level.crossed'] }, '/symbols'],
    ['no symbol', { symbols: ['no-symbol'] }, '/symbols/0'],
    ['a secret of its own choice', { secret: 'whsec_x' }, '/secret'],
    ['an owner', { owner: 'other' }, '/owner'],
  ])('with %s is refused by name', async (_, changes, field) => {
    const authorization = `Bearer ${await tokenFor('partner', owner)}`
    const response = await app.request(
      'https://flipwire.app/v1/webhooks',
      { method: 'POST', headers: { authorization }, body: JSON.stringify({ ...HOOK, ...changes }) },
      env,
      createExecutionContext(),
    )
    expect(await problemOf(response)).toMatchObject({ code: 'invalid_body', errors: [{ field }] })
    expect(await listed()).toEqual([])
  })

  it('names symbols that have had data', async () => {
    const request = { ...HOOK, events: ['level.crossed'], symbols: ['HOOK', 'NODATA'] }
    expect((await problemOf(await call('POST', '/v1/webhooks', request))).code).toBe('unknown_symbol')
    expect(await register({ ...request, symbols: ['HOOK'] })).toMatchObject({ symbols: ['HOOK'] })
  })

  it('is as strict when it changes one', async () => {
    const { id } = await register()
    const change = (body: unknown) => call('PATCH', `/v1/webhooks/${id}`, body)
    expect(await problemOf(await change({ url: 'https://localhost/' }))).toMatchObject({
      errors: [{ field: '/url' }],
    })
    expect(await problemOf(await change({ events: ['regime.changed'] }))).toMatchObject({
      errors: [{ field: '/symbols' }],
    })
    expect(await problemOf(await change({ symbols: ['NODATA'] }))).toMatchObject({ code: 'unknown_symbol' })
    expect(await listed()).toMatchObject([HOOK])
  })
})

describe('webhooks of others', () => {
  it('can not be seen, changed, tried or replayed', async () => {
    const { id } = await register()
    const mine = owner
    owner = crypto.randomUUID()
    expect(await listed()).toEqual([])
    const tries = [
      call('PATCH', `/v1/webhooks/${id}`, { enabled: false }),
      call('DELETE', `/v1/webhooks/${id}`),
      call('POST', `/v1/webhooks/${id}/rotate`),
      call('POST', `/v1/webhooks/${id}/test`),
      call('POST', `/v1/webhooks/${id}/replay`, { since: '2026-01-01T00:00:00Z' }),
      call('GET', `/v1/webhooks/${id}/deliveries`),
    ]
    for (const response of await Promise.all(tries))
      expect(await problemOf(response)).toMatchObject({ status: 404, code: 'unknown_webhook' })
    owner = mine
    expect(await listed()).toMatchObject([{ id, enabled: true }])
  })

  it('can be read with a key that was made for it, and changed with none', async () => {
    const keyFor = async (scopes: string[]) => {
      const response = await call('POST', '/v1/keys', { name: 'desk', scopes })
      return { 'x-api-key': v.parse(NewKeyAnswerSchema, await response.json()).data.key }
    }
    const reader = await keyFor(['webhooks'])
    expect((await call('GET', '/v1/webhooks', undefined, reader)).status).toBe(200)
    const other = await keyFor(['levels'])
    expect((await problemOf(await call('GET', '/v1/webhooks', undefined, other))).code).toBe('missing_scope')
    expect((await problemOf(await call('POST', '/v1/webhooks', HOOK, reader))).code).toBe('missing_scope')
    const asked = await call('POST', '/v1/keys', { name: 'desk', scopes: ['endpoints'] })
    expect(await problemOf(asked)).toMatchObject({ errors: [{ field: '/scopes/0' }] })
  })
})

describe('an owner who is no partner any more', () => {
  it('is refused with a key and with a token of today, and sees with one of before that all is paused', async () => {
    const account = crypto.randomUUID()
    owner = `user:${account}`
    await env.DB.prepare("INSERT INTO accounts VALUES (?1, ?1, 'partner', 0)").bind(account).run()
    await register()
    const made = await call('POST', '/v1/keys', { name: 'desk', scopes: ['webhooks'] })
    const key = v.parse(NewKeyAnswerSchema, await made.json()).data.key
    await env.DB.prepare("UPDATE accounts SET tier = 'free' WHERE id = ?").bind(account).run()
    const authorization = `Bearer ${await tokenFor('free', owner)}`
    for (const headers of [{ 'x-api-key': key }, { authorization }])
      expect(await problemOf(await call('GET', '/v1/webhooks', undefined, headers))).toMatchObject({
        status: 403,
        code: 'upgrade_required',
        requiredTier: 'partner',
      })
    expect(await listed()).toMatchObject([{ enabled: true, paused: { reason: 'tier' } }])
  })
})

describe('deliveries', () => {
  it('come in pages, newest first, and by state', async () => {
    const { id } = await register()
    const made: string[] = []
    for (let i = 0; i < 5; i++) {
      const response = await call('POST', `/v1/webhooks/${id}/test`)
      expect(response.status).toBe(201)
      made.unshift(v.parse(DeliveryAnswerSchema, await response.json()).data.id)
    }
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null && page < 9; page++) {
      const query: string = `?limit=2${cursor && `&cursor=${cursor}`}`
      const { data, nextCursor } = await deliveriesOf(id, query)
      seen.push(...data.map((row) => row.id))
      cursor = nextCursor
    }
    expect(seen).toEqual(made)
    expect((await deliveriesOf(id, '?state=dead')).data).toEqual([])
    const csv = await call('GET', `/v1/webhooks/${id}/deliveries`, undefined, { accept: 'text/csv' })
    expect((await csv.text()).split('\n')[0]).toContain('id,type,state')
  })

  it.each(['?state=gone', '?limit=0', '?cursor=!', `?cursor=${btoa('1 OR 1=1').replace(/=+$/, '')}`])(
    'are refused for %s',
    async (query) => {
      const { id } = await register()
      const response = await call('GET', `/v1/webhooks/${id}/deliveries${query}`)
      expect((await problemOf(response)).code).toBe('invalid_parameter')
    },
  )

  it('of tests are ten a minute at most: the address need not be the own', async () => {
    const { id } = await register()
    const tries = Array.from({ length: 15 }, () => call('POST', `/v1/webhooks/${id}/test`))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(10)
    const response = await call('POST', `/v1/webhooks/${id}/test`)
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it('are replayed one by one or since an instant, of a webhook that is on', async () => {
    const { id } = await register()
    const response = await call('POST', `/v1/webhooks/${id}/test`)
    const delivery = v.parse(DeliveryAnswerSchema, await response.json()).data.id
    const replay = (body: unknown) => call('POST', `/v1/webhooks/${id}/replay`, body)
    const queued = async (body: unknown) =>
      v.parse(ReplayAnswerSchema, await (await replay(body)).json()).data.queued
    expect(await queued({ delivery })).toBe(1)
    expect(await queued({ since: '2026-01-01T00:00:00Z' })).toBe(0)
    expect((await problemOf(await replay({ delivery: 'evt_other' }))).code).toBe('unknown_delivery')
    for (const body of [
      {},
      { since: 'yesterday' },
      { since: '2026-02-30T00:00:00Z' },
      { delivery, since: '' },
    ])
      expect((await problemOf(await replay(body))).code).toBe('invalid_body')
    await call('PATCH', `/v1/webhooks/${id}`, { enabled: false })
    expect((await problemOf(await replay({ delivery }))).code).toBe('webhook_disabled')
    expect((await problemOf(await call('POST', `/v1/webhooks/${id}/test`))).code).toBe('webhook_disabled')
  })

  it('are replayed ten times a minute at most, as the address need not be the caller’s', async () => {
    const { id } = await register()
    const replay = () => call('POST', `/v1/webhooks/${id}/replay`, { since: '2026-01-01T00:00:00Z' })
    for (let i = 0; i < 10; i++) expect((await replay()).status).toBe(200)
    const response = await replay()
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited' })
  })
})

describe('an account tells its webhooks', () => {
  it('that a key has a successor', async () => {
    const { id } = await register()
    const made = await call('POST', '/v1/keys', { name: 'desk' })
    const key = v.parse(NewKeyAnswerSchema, await made.json()).data.id
    const next = await call('POST', `/v1/keys/${key}/rotate`)
    const successor = v.parse(NewKeyAnswerSchema, await next.json()).data.id
    expect((await deliveriesOf(id)).data).toMatchObject([{ id: `evt_key-${successor}`, type: 'key.rotated' }])
  })

  it('that most of the day is used, and that all of it is, once each', async () => {
    const { id } = await register({ events: ['usage.threshold'] })
    const limits = { unitsPerMinute: 1_000, unitsPerDay: 10 }
    for (let i = 0; i < 12; i++) {
      const lines = [{ route: 'GET /v1/levels/:symbol', keyId: '', calls: 1, units: 1 }]
      await env.ACCOUNT.getByName(owner).charge({ id: `call-${i}`, address: 'a', lines }, limits)
    }
    const ids = async () => (await deliveriesOf(id)).data.map((row) => row.id.slice(-3))
    await expect.poll(ids).toEqual(['100', '-80'])
  })
})
