import { env } from 'cloudflare:workers'
import { createExecutionContext } from 'cloudflare:test'
import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import type { Env } from '#durable-objects/env'
import { ProblemSchema } from '#schemas/problem'
import { createApp } from '../../app.ts'
import { problemOf, send, tokenFor } from '../../testing/requests.ts'

describe('a problem', () => {
  it('is an RFC 9457 document with the request id, never cached, hardened', async () => {
    const response = await send('/v1/nothing', { headers: { 'x-request-id': 'my-id-1' } })
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': 'my-id-1',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    expect(v.parse(ProblemSchema, await response.json())).toEqual({
      type: 'urn:flipwire:problem:unknown_route',
      title: 'No such route',
      status: 404,
      detail: 'expected a known route, was /v1/nothing',
      instance: '/v1/nothing',
      code: 'unknown_route',
      requestId: 'my-id-1',
    })
  })

  it.each(['a b', '<script>', 'x'.repeat(65)])('does not echo the hostile request id %s', async (id) => {
    const response = await send('/v1/nothing', { headers: { 'x-request-id': id } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('never repeats a query, which may hold a token', async () => {
    const text = await (await send('/ws/nothing/SPX?token=secret-token')).text()
    expect(text).not.toContain('secret-token')
  })
})

describe('a refusal for the tier', () => {
  const refused = async (settings: Partial<Env>) => {
    const init = { headers: { authorization: `Bearer ${await tokenFor('free')}` } }
    return problemOf(
      await createApp().request('/v1/keys', init, { ...env, ...settings }, createExecutionContext()),
    )
  }

  it('leads to the table of tiers, or to a page of the operator', async () => {
    expect(await refused({})).toMatchObject({ requiredTier: 'partner', upgradeUrl: '/?upgrade' })
    const own = 'https://example.com/prices'
    expect(await refused({ UPGRADE_URL: own })).toMatchObject({ requiredTier: 'partner', upgradeUrl: own })
  })
})

describe('a method the route does not have', () => {
  it.each([
    ['DELETE', '/v1/levels/SPX', 'GET, HEAD'],
    ['POST', '/v1/symbols', 'GET, HEAD'],
    ['GET', '/v1/auth/guest', 'POST'],
    ['GET', '/v1/ingest/SPX', 'POST'],
    ['PUT', '/v1/health', 'GET, HEAD'],
  ])('%s %s is 405 with Allow: %s', async (method, path, allow) => {
    const response = await send(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' })
  })

  it('HEAD is GET without a body', async () => {
    const response = await send('/.well-known/jwks.json', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('a failure of ours', () => {
  it('is logged with its stack and answered without it', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const broken = { ...env, AUTH_PRIVATE_JWK: '{"d":"private-part"}' }
    const response = await createApp().request(
      '/v1/auth/guest?token=secret-token',
      { method: 'POST' },
      broken,
      createExecutionContext(),
    )
    const text = await response.text()
    const logged = log.mock.calls.flat().join()
    log.mockRestore()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 })
    expect(text).not.toMatch(/AUTH_PRIVATE_JWK| at |private-part|secret-token/)
    expect(logged).toContain('AUTH_PRIVATE_JWK')
    expect(logged).not.toMatch(/private-part|secret-token/)
  })
})
