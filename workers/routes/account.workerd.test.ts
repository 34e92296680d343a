/** What concerns the caller: guest tokens, their public keys, the symbols there are, and the count of calls. */
import { createExecutionContext, waitOnExecutionContext, applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { usageOf } from '#durable-objects/usage/usageClient'
import { GuestTokenSchema, TOKEN_ISSUER, TOKEN_KINDS } from '#schemas/claims'
import { HealthSchema, SymbolsSchema, UsageSchema } from '#schemas/rest/models'
import { createApp } from '../app.ts'
import type { Env } from '#durable-objects/env'
import { utcDay } from '../middleware/usage/countUsage.ts'
import { envWithObjects, platformError } from '../testing/brokenObjects.ts'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('ACCOUNT')
})

describe('a guest token', () => {
  it('is good for reads, for a quarter of an hour, and for nobody else', async () => {
    const response = await send('/v1/auth/guest', { method: 'POST' })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { token, tier, expiresAt } = v.parse(GuestTokenSchema, await response.json())
    expect(tier).toBe('guest')
    const lifeMs = Date.parse(expiresAt) - Date.now()
    expect(lifeMs).toBeGreaterThan(890_000)
    expect(lifeMs).toBeLessThanOrEqual(900_000)
    const headers = { authorization: `Bearer ${token}` }
    expect((await send('/v1/levels/ACCOUNT', { headers })).status).toBe(200)
  })

  it.each([
    ['pro', 'pro'],
    ['partner', 'partner'],
    ['free', 'free'],
    ['emperor', 'guest'],
    ['', 'guest'],
  ])('with GUEST_TIER "%s" is of tier %s', async (configured, tier) => {
    const settings = { ...env, GUEST_TIER: configured }
    const response = await createApp().request('/v1/auth/guest', { method: 'POST' }, settings)
    expect(v.parse(GuestTokenSchema, await response.json()).tier).toBe(tier)
  })

  it('can be verified by anybody with the published keys', async () => {
    const { token } = v.parse(
      GuestTokenSchema,
      await (await send('/v1/auth/guest', { method: 'POST' })).json(),
    )
    const published = await send('/.well-known/jwks.json')
    const jwks = await published.json<JSONWebKeySet>()
    expect(JSON.stringify(jwks)).not.toContain('"d"')
    const options = { issuer: TOKEN_ISSUER, audience: TOKEN_KINDS.access.audience }
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), options)
    expect(payload.sub).toMatch(/^guest:/)
  })
})

describe('usage', () => {
  /** Through the app with a context of its own, so that the count is done when this resolves. */
  async function call(path: string, subject: string, bindings: Env = env): Promise<Response> {
    const context = createExecutionContext()
    const headers = { authorization: `Bearer ${await tokenFor('free', subject)}` }
    const response = await createApp().request(path, { headers }, bindings, context)
    await waitOnExecutionContext(context)
    return response
  }
  const usage = async (subject: string, query = '') =>
    v.parse(UsageSchema, await (await call(`/v1/usage${query}`, subject)).json()).data

  it('counts answered calls by route, for their caller only', async () => {
    expect(await usage('counted')).toMatchObject({ caller: 'counted', tier: 'free', calls: 0, byRoute: {} })
    for (let i = 0; i < 3; i++) await call('/v1/levels/ACCOUNT', 'counted')
    await call('/v1/chain/ACCOUNT', 'counted')
    await call('/v1/symbols', 'someone-else')
    expect(await usage('counted')).toMatchObject({
      day: utcDay(Date.now()),
      calls: 4,
      byRoute: { 'GET /v1/levels/:symbol': 3, 'GET /v1/chain/:symbol': 1 },
    })
  })

  it('does not count refusals, 304, or the question itself', async () => {
    await call('/v1/levels/NODATA', 'free-of-charge')
    await call('/v1/chain/ACCOUNT?limit=0', 'free-of-charge')
    const context = createExecutionContext()
    const headers = {
      authorization: `Bearer ${await tokenFor('free', 'free-of-charge')}`,
      'if-none-match': '*',
    }
    const unchanged = await createApp().request('/v1/levels/ACCOUNT', { headers }, env, context)
    await waitOnExecutionContext(context)
    expect(unchanged.status).toBe(304)
    expect((await usage('free-of-charge')).calls).toBe(0)
  })

  it('is kept by day', async () => {
    await usageOf(env.USAGE, 'yesterday').count('2026-11-19', 'GET /v1/symbols')
    expect(await usage('yesterday', '?day=2026-11-19')).toMatchObject({ day: '2026-11-19', calls: 1 })
    expect((await usage('yesterday')).calls).toBe(0)
    expect((await problemOf(await call('/v1/usage?day=yesterday', 'yesterday'))).code).toBe(
      'invalid_parameter',
    )
  })

  it('never makes a call fail', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const broken = {
      ...env,
      USAGE: {
        idFromName: () => {
          throw new Error('no meter')
        },
      } as unknown as DurableObjectNamespace,
    }
    const response = await call('/v1/levels/ACCOUNT', 'unlucky', broken)
    const asked = await call('/v1/usage', 'unlucky', broken)
    const logged = log.mock.calls.flat().join()
    log.mockRestore()
    expect(response.status).toBe(200)
    expect(logged).toContain('usage not counted')
    expect(await problemOf(asked)).toMatchObject({ status: 503, code: 'unavailable' })
  })
})

describe('symbols and health', () => {
  beforeAll(async () => {
    await env.DB.prepare(
      `INSERT OR REPLACE INTO symbols (symbol, name, currency, feed, source, first_seen_ms, last_seen_ms)
       VALUES ('ACCOUNT', 'Account index', 'USD', 'synthetic', 'sample', 0, 1000)`,
    ).run()
  })

  it('lists every symbol that had data', async () => {
    const headers = { authorization: `Bearer ${await tokenFor('free')}` }
    const { data } = v.parse(SymbolsSchema, await (await send('/v1/symbols', { headers })).json())
    expect(data.find(({ symbol }) => symbol === 'ACCOUNT')).toEqual({
      symbol: 'ACCOUNT',
      name: 'Account index',
      currency: 'USD',
      feed: 'synthetic',
      source: 'sample',
      lastSeen: '1970-01-01T00:00:01.000Z',
    })
  })

  it('is 503 while the directory is down', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const noD1 = { ...env, DB: {} as unknown as D1Database }
    const headers = { authorization: `Bearer ${await tokenFor('free')}` }
    const response = await createApp().request('/v1/symbols', { headers }, noD1, createExecutionContext())
    log.mockRestore()
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it('reports health without a token, as the objects see it', async () => {
    const response = await createApp().request('/v1/health', {}, { ...env })
    const health = v.parse(HealthSchema, await response.json())
    expect(health).toMatchObject({
      status: 'ok',
      version: env.VERSION,
      checks: { d1: 'ok', r2: 'ok', objects: 'ok', hotCache: 'memory' },
    })
    const account = health.symbols.find(({ symbol }) => symbol === 'ACCOUNT')
    expect(account?.feed).toBe('synthetic')
    expect(Date.now() - Date.parse(account?.lastSeen ?? '')).toBeLessThan(60_000)
  })

  it('is degraded, but answers, when a part is down', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const down = () => Promise.reject(platformError('down', { overloaded: true }))
    const noObjects = envWithObjects(() => ({ readFeed: down, readFrame: down }))
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_000)
    const objects = v.parse(
      HealthSchema,
      await (await createApp().request('/v1/health', {}, noObjects)).json(),
    )
    clock.mockRestore()
    const noD1 = { ...env, DB: { prepare: () => ({ all: down }) } as unknown as D1Database }
    const d1 = v.parse(HealthSchema, await (await createApp().request('/v1/health', {}, noD1)).json())
    log.mockRestore()
    expect(objects).toMatchObject({ status: 'degraded', checks: { d1: 'ok' } })
    expect(objects.checks['objects']).toContain('ACCOUNT')
    expect(objects.symbols.find(({ symbol }) => symbol === 'ACCOUNT')?.freshness).toBe('stale')
    expect(d1).toMatchObject({ status: 'degraded', symbols: [], checks: { d1: 'failed', r2: 'ok' } })
  })
})
