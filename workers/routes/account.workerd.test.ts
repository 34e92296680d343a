/** What concerns the caller: guest tokens, their public keys, and the symbols there are. */
import { createExecutionContext, applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { GuestTokenSchema, TOKEN_ISSUER, TOKEN_KINDS } from '#schemas/claims'
import { HealthSchema, SymbolsSchema } from '#schemas/rest/models'
import { createApp } from '../app.ts'
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
