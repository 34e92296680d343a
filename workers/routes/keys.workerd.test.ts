/** API keys: made, used, rotated and revoked, by who may. */
import { createExecutionContext, waitOnExecutionContext, applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { apiKeyMode } from '#schemas/apiKey'
import { KeyListSchema, KeyRequestSchema, NewKeyAnswerSchema } from '#schemas/rest/keys'
import { DailyUsageSchema } from '#schemas/rest/models'
import { createApp } from '../app.ts'
import { problemOf, seedSymbol, tokenFor } from '../testing/requests.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('KEY-SYN', 'synthetic')
  await seedSymbol('KEY-LIVE', 'live')
})

const app = createApp()
const DAY_MS = 86_400_000

let owner = ''
let nowMs = 0
beforeEach(() => {
  owner = crypto.randomUUID()
  nowMs = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext()
  const response = await app.request(path, init, env, context)
  await waitOnExecutionContext(context)
  return response
}

async function asOwner(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await tokenFor('partner', owner)}`
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  return call(path, { method, headers: { authorization, ...headers }, ...json })
}

async function makeKey(changes: Partial<v.InferInput<typeof KeyRequestSchema>> = {}) {
  const response = await asOwner('POST', '/v1/keys', { name: 'desk', ...changes })
  return v.parse(NewKeyAnswerSchema, await response.json()).data
}

const withKey = (key: string, path = '/v1/levels/KEY-LIVE') => call(path, { headers: { 'x-api-key': key } })
const listed = async () => v.parse(KeyListSchema, await (await asOwner('GET', '/v1/keys')).json()).data

describe('a key', () => {
  it('is shown once, stored as a hash, and good in two headers', async () => {
    const { key, id, prefix } = await makeKey()
    expect(apiKeyMode(key)).toBe('live')
    expect(key.startsWith(prefix)).toBe(true)
    expect((await withKey(key)).status).toBe(200)
    expect((await call('/v1/levels/KEY-LIVE', { headers: { authorization: `Bearer ${key}` } })).status).toBe(
      200,
    )
    const again = await asOwner('GET', '/v1/keys')
    expect(await again.text()).not.toContain(key)
    const row = await env.DB.prepare('SELECT * FROM api_keys WHERE id = ?').bind(id).first()
    expect(JSON.stringify(row)).not.toContain(key.slice(prefix.length))
  })

  it('with a quota of its own is refused beyond it, to the unit, while the account goes on', async () => {
    const { key, unitsPerDay } = await makeKey({ unitsPerDay: 5 })
    expect(unitsPerDay).toBe(5)
    const answers = await Promise.all(Array.from({ length: 12 }, () => withKey(key)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(7)
    expect(await problemOf(refused[0] as Response)).toMatchObject({
      code: 'quota_exceeded',
      'violated-policies': ['day'],
    })
    const served = answers.find(({ ok }) => ok)
    expect(served?.headers.get('ratelimit-policy')).toContain('"day";q=5;')
    expect((await withKey((await makeKey()).key)).status).toBe(200)
    nowMs += DAY_MS
    expect((await withKey(key)).status).toBe(200)
  })

  it('of the sandbox takes no quota of its own', async () => {
    const response = await asOwner('POST', '/v1/keys', { name: 'desk', mode: 'test', unitsPerDay: 5 })
    expect(await problemOf(response)).toMatchObject({
      code: 'invalid_body',
      errors: [{ field: '/unitsPerDay' }],
    })
  })

  it('is refused within half a minute once its owner is no partner any more, and good again after', async () => {
    const id = crypto.randomUUID()
    owner = `user:${id}`
    const setTier = (tier: string) =>
      env.DB.prepare('INSERT OR REPLACE INTO accounts (id, email, tier, created_ms) VALUES (?1, ?1, ?2, 0)')
        .bind(id, tier)
        .run()
    await setTier('partner')
    const { key } = await makeKey()
    expect((await withKey(key)).status).toBe(200)
    await setTier('pro')
    nowMs += 30_000
    expect(await problemOf(await withKey(key))).toMatchObject({
      status: 403,
      code: 'upgrade_required',
      requiredTier: 'partner',
    })
    await setTier('partner')
    nowMs += 30_000
    expect((await withKey(key)).status).toBe(200)
  })

  it('pays by the call, under its own id', async () => {
    const { key, id } = await makeKey()
    const response = await withKey(key)
    expect(response.headers.get('x-request-cost')).toBe('1')
    const usage = await withKey(key, '/v1/usage/daily')
    expect(v.parse(DailyUsageSchema, await usage.json()).data).toMatchObject([
      { key: id, calls: 1, units: 1 },
    ])
  })

  it.each(['api_key', 'token', 'anything'])('is refused in an address, as %s', async (name) => {
    const { key } = await makeKey()
    const response = await call(`/v1/levels/KEY-LIVE?${name}=${key}`)
    expect((await problemOf(response)).detail).toContain('never into an address')
  })

  it('that was never made, or is mistyped, is refused', async () => {
    const { key } = await makeKey()
    const typo = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
    expect(await problemOf(await withKey(typo))).toMatchObject({ status: 401, code: 'invalid_token' })
    await env.DB.prepare('DELETE FROM api_keys').run()
    expect(await problemOf(await withKey(key))).toMatchObject({ status: 401, code: 'invalid_token' })
  })

  it('opens what it was made for and nothing else', async () => {
    const { key } = await makeKey({ scopes: ['levels', 'socket'] })
    expect((await withKey(key)).status).toBe(200)
    expect(await problemOf(await withKey(key, '/v1/exposure/KEY-LIVE'))).toMatchObject({
      code: 'missing_scope',
    })
    const socket = await call('/ws/v1', { headers: { 'x-api-key': key, upgrade: 'websocket' } })
    expect((await problemOf(socket)).detail).toContain('stream')
  })

  it.each(['GET /v1/keys', 'POST /v1/keys'])('does not open %s', async (route) => {
    const { key } = await makeKey()
    const [method = '', path = ''] = route.split(' ')
    const response = await call(path, { method, headers: { 'x-api-key': key } })
    const problem = await problemOf(response)
    expect(problem).toMatchObject({ status: 403, code: 'missing_scope' })
    expect(problem.detail).toContain('expected an access token')
  })

  it('ends with its term', async () => {
    const { key } = await makeKey({ expiresInDays: 1 })
    nowMs += DAY_MS
    expect(await problemOf(await withKey(key))).toMatchObject({ status: 401, code: 'expired_token' })
    expect(await listed()).toMatchObject([{ active: false }])
  })

  it('says when it was used', async () => {
    const { key } = await makeKey()
    expect((await listed())[0]?.lastUsedAt).toBeNull()
    await withKey(key)
    expect((await listed())[0]?.lastUsedAt).toBe(new Date(nowMs).toISOString())
  })
})

describe('a key of the sandbox', () => {
  it('sees every route of the synthetic market, no other market, and pays nothing', async () => {
    const { key } = await makeKey({ mode: 'test' })
    expect((await withKey(key, '/v1/exposure/KEY-SYN')).status).toBe(200)
    expect((await problemOf(await withKey(key, '/v1/levels/KEY-LIVE'))).code).toBe('unknown_symbol')
    const symbols = await withKey(key, '/v1/symbols')
    expect(await symbols.text()).not.toContain('KEY-LIVE')
    const mine = await asOwner('GET', '/v1/usage')
    expect(await mine.json()).toMatchObject({ data: { calls: 0, units: 0 } })
  })
})

describe('a revocation', () => {
  it('holds within a minute', async () => {
    const { key, id } = await makeKey()
    expect((await withKey(key)).status).toBe(200)
    expect((await asOwner('DELETE', `/v1/keys/${id}`)).status).toBe(204)
    nowMs += 60_000
    expect(await problemOf(await withKey(key))).toMatchObject({ status: 401, code: 'expired_token' })
    expect((await problemOf(await asOwner('DELETE', `/v1/keys/${id}`))).code).toBe('unknown_api_key')
  })
})

describe('a rotation', () => {
  it('leaves both keys good for a day, then the new one', async () => {
    const old = await makeKey({ scopes: ['levels'] })
    const response = await asOwner('POST', `/v1/keys/${old.id}/rotate`)
    const next = v.parse(NewKeyAnswerSchema, await response.json()).data
    expect(next).toMatchObject({ name: 'desk', scopes: ['levels'], lineage: old.lineage })
    expect([(await withKey(old.key)).status, (await withKey(next.key)).status]).toEqual([200, 200])
    nowMs += DAY_MS
    expect([(await withKey(old.key)).status, (await withKey(next.key)).status]).toEqual([401, 200])
  })

  it('of one key is made once at a time, however many ask', async () => {
    const { id } = await makeKey()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => asOwner('POST', `/v1/keys/${id}/rotate`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
    expect((await listed()).filter(({ active }) => active)).toHaveLength(2)
  })
})

describe('keys of others', () => {
  it('can not be seen, rotated or revoked', async () => {
    const { id, key } = await makeKey()
    owner = crypto.randomUUID()
    expect(await listed()).toEqual([])
    expect((await problemOf(await asOwner('POST', `/v1/keys/${id}/rotate`))).code).toBe('unknown_api_key')
    expect((await problemOf(await asOwner('DELETE', `/v1/keys/${id}`))).code).toBe('unknown_api_key')
    expect((await withKey(key)).status).toBe(200)
  })

  it.each(['guest', 'free', 'pro'] as const)('can not be made by a %s', async (tier) => {
    const headers = { authorization: `Bearer ${await tokenFor(tier, owner)}` }
    const response = await call('/v1/keys', { method: 'POST', headers, body: '{"name":"x"}' })
    expect(await problemOf(response)).toMatchObject({ code: 'upgrade_required', requiredTier: 'partner' })
  })
})

describe('the request for a key', () => {
  it.each([
    ['no JSON', '{', '/'],
    ['no name', '{}', '/name'],
    ['a scope there is not', '{"name":"x","scopes":["everything"]}', '/scopes/0'],
    ['the scope of keys', '{"name":"x","scopes":["keys"]}', '/scopes/0'],
    ['a tier of its own choice', '{"name":"x","tier":"partner"}', '/tier'],
    ['an owner', '{"name":"x","owner":"other"}', '/owner'],
    ['ten years', '{"name":"x","expiresInDays":3650}', '/expiresInDays'],
  ])('with %s is refused by name', async (_, body, field) => {
    const headers = { authorization: `Bearer ${await tokenFor('partner', owner)}` }
    const response = await call('/v1/keys', { method: 'POST', headers, body })
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      code: 'invalid_body',
      errors: [{ field }],
    })
    expect(await listed()).toEqual([])
  })

  it('is refused beyond twenty active keys, however many ask', async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => asOwner('POST', '/v1/keys', { name: 'x' })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20)
    expect(await listed()).toHaveLength(20)
  })
})

describe('an Idempotency-Key', () => {
  const once = { 'idempotency-key': '6f1c2b9e-2f0e-4c0a-9d3b-0c8f3b0f8a11' }

  it('makes one key, and tells it again', async () => {
    const first = await asOwner('POST', '/v1/keys', { name: 'x' }, once)
    const again = await asOwner('POST', '/v1/keys', { name: 'x' }, once)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.text()).toBe(await first.text())
    expect(await listed()).toHaveLength(1)
  })

  it('makes one key of many asked for at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => asOwner('POST', '/v1/keys', { name: 'x' }, once)),
    )
    for (const { status } of answers) expect([201, 409]).toContain(status)
    expect(await listed()).toHaveLength(1)
  })

  it('is refused for another body, and for another caller is another key', async () => {
    await asOwner('POST', '/v1/keys', { name: 'x' }, once)
    const other = await asOwner('POST', '/v1/keys', { name: 'y' }, once)
    expect(await problemOf(other)).toMatchObject({ status: 409, code: 'idempotency_mismatch' })
    owner = crypto.randomUUID()
    expect(
      (await asOwner('POST', '/v1/keys', { name: 'y' }, once)).headers.get('idempotency-replayed'),
    ).toBeNull()
  })

  it('may be used again after a refusal, which changed nothing', async () => {
    expect((await asOwner('POST', '/v1/keys', {}, once)).status).toBe(400)
    expect((await asOwner('POST', '/v1/keys', { name: 'x' }, once)).status).toBe(201)
  })

  it('has to be one', async () => {
    const response = await asOwner('POST', '/v1/keys', { name: 'x' }, { 'idempotency-key': '1' })
    expect(await problemOf(response)).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] })
  })
})
