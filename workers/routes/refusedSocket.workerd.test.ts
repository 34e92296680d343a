/** An object says by a bare status that it takes no socket; callers get the problem that stands for it. */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import type { Env } from '#durable-objects/env'
import { createApp } from '../app.ts'
import { authKeys } from '../auth/authKeys.ts'
import { issueToken } from '../auth/issueToken.ts'
import { symbolStub } from '../symbol/symbolObject.ts'
import { envWithObjects } from '../testing/brokenObjects.ts'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

beforeAll(() => seedSymbol('REFUSED'))

const upgrade = { upgrade: 'websocket' }
const PATHS = ['/ws/v1', '/ws/gamma-compact/REFUSED', '/ws/greeks/REFUSED']

it.each(PATHS)('%s without room is 503 with the time to wait', async (path) => {
  const real = symbolStub(env, 'REFUSED')
  const full = async () => new Response(null, { status: 503, headers: { 'retry-after': '30' } })
  const relay = { getByName: () => ({ readShards: async () => 1, fetch: full }) }
  const crowded = {
    ...envWithObjects(() => ({ readFeed: () => real.readFeed(), fetch: full })),
    RELAY: relay as unknown as Env['RELAY'],
  }
  const address = `${path}?token=${await tokenFor('pro')}`
  const response = await createApp().request(address, { headers: upgrade }, crowded, createExecutionContext())
  expect(response.headers.get('retry-after')).toBe('30')
  expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
})

it.each(PATHS)(
  '%s with a token that ended a moment ago is 401, though a read still takes it',
  async (path) => {
    const issuedMs = Date.now() - 62_000
    const grant = { subject: 'late', tier: 'pro', lifeSeconds: 60 } as const
    const { token } = await issueToken(grant, await authKeys(env), issuedMs)
    const authorization = `Bearer ${token}`
    expect((await send('/v1/levels/REFUSED', { headers: { authorization } })).status).toBe(200)
    const response = await send(path, { headers: { ...upgrade, authorization } })
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'expired_token' })
  },
)
