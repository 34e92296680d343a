/** Every route × method × tier × feed, and what is refused before any of them. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations, createExecutionContext } from 'cloudflare:test'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { FEED_KINDS } from '#schemas/feed'
import { TIERS, type Tier } from '#schemas/tiers'
import { ACCESS } from './access.ts'
import { createApp } from './app.ts'
import { attackTokens } from './auth/attackTokens.ts'
import { generateEd25519Key } from './auth/generateKey.ts'
import { authKeys, importAuthKeys } from './auth/authKeys.ts'
import { problemOf, seedSymbol, send, tokenFor } from './testing/requests.ts'
import { GUARDED_CALLS, ROUTE_CALLS } from './testing/routes.ts'

/** Written out, so that the tables of the code cannot change by themselves: what each tier adds on a real market. */
const ADDED_BY: Readonly<Record<Tier, readonly string[]>> = {
  guest: [
    'GET /v1/symbols',
    'GET /v1/usage',
    'GET /v1/usage/daily',
    'GET /v1/windows',
    'POST /v1/windows',
    'PUT /v1/windows/:id',
    'DELETE /v1/windows/:id',
    'POST /v1/ws-ticket',
    'GET /v1/levels/:symbol',
    'GET /ws/v1',
    'GET /ws/status',
  ],
  free: [
    'GET /v1/chain/:symbol',
    'GET /v1/snapshots/:symbol',
    'GET /v1/snapshots/:symbol/:id',
    'GET /v1/account',
    'DELETE /v1/account',
    'GET /v1/account/export',
    'GET /v1/account/passkeys',
    'POST /v1/account/passkeys',
    'POST /v1/account/passkey-options',
    'DELETE /v1/account/passkeys/:id',
    'GET /v1/account/sessions',
    'DELETE /v1/account/sessions/:id',
  ],
  pro: [
    'GET /v1/exposure/:symbol',
    'GET /v1/exposure/:symbol/strikes',
    'GET /v1/exposure/:symbol/timeline',
    'GET /v1/volatility/:symbol',
    'GET /v1/metrics/:symbol',
    'GET /v1/explain/:symbol/:metric',
    'GET /ws/gamma-compact/:symbol',
    'GET /ws/greeks/:symbol',
  ],
  partner: [
    'GET /v1/keys',
    'POST /v1/keys',
    'POST /v1/keys/:id/rotate',
    'DELETE /v1/keys/:id',
    'GET /v1/webhooks',
    'POST /v1/webhooks',
    'PATCH /v1/webhooks/:id',
    'DELETE /v1/webhooks/:id',
    'POST /v1/webhooks/:id/rotate',
    'POST /v1/webhooks/:id/test',
    'POST /v1/webhooks/:id/replay',
    'GET /v1/webhooks/:id/deliveries',
  ],
}
/** Of a live market: what a tier has only once it is old enough, which nothing is right after the first batch. */
const DELAYED_FOR: Readonly<Record<Tier, readonly string[]>> = {
  guest: [],
  free: ['GET /v1/chain/:symbol'],
  pro: [],
  partner: [],
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

async function callAs(tier: Tier | null, method: string, path: string, isSocket: boolean): Promise<Response> {
  const headers: Record<string, string> = isSocket ? { upgrade: 'websocket' } : {}
  // A caller of its own for every call, so that no quota is in the way.
  if (tier !== null) headers['authorization'] = `Bearer ${await tokenFor(tier, crypto.randomUUID())}`
  const response = await send(path, { method, headers })
  response.webSocket?.accept()
  response.webSocket?.close(1000)
  return response
}

/** The status, and of a problem its code. */
async function inShort(response: Response): Promise<string> {
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  const code = isProblem && response.body !== null ? ` ${(await problemOf(response)).code}` : ''
  return `${response.status}${code}`
}

describe('the table of access', () => {
  it('names every route and no other', () => {
    const registered = createApp()
      .routes.filter(({ path }) => path !== '/*')
      .map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(registered)].sort()).toEqual(Object.keys(ACCESS).sort())
  })

  it('is what the tiers are written down to have', () => {
    const guarded = GUARDED_CALLS.map(({ route }) => route)
    expect(guarded.sort()).toEqual(Object.values(ADDED_BY).flat().sort())
  })

  it('opens to an operator and to bridges what is written down, and no more', () => {
    const openTo = (kind: string) => Object.keys(ACCESS).filter((route) => ACCESS[route] === kind)
    expect(openTo('operator')).toEqual(['POST /v1/operator/tier'])
    expect(openTo('signed')).toEqual([
      'POST /v1/ingest/:symbol',
      'POST /v1/ingest/:symbol/lease',
      'POST /v1/ingest/:symbol/drain',
    ])
  })

  it('closes what it does not name, handler or not', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = createApp()
    const handler = vi.fn<() => Response>(() => new Response('open'))
    app.get('/v1/forgotten', handler)
    const response = await app.request('/v1/forgotten', {}, env, createExecutionContext())
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'unknown_route' })
    expect(handler).not.toHaveBeenCalled()
    expect(log.mock.calls.flat().join()).toContain('route without access')
    log.mockRestore()
  })
})

describe('every route', () => {
  it.each(GUARDED_CALLS)('$route answers 401 without a token, known symbol or not', async (call) => {
    const response = await callAs(null, call.method, call.path('NOBODY'), call.isSocket)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="flipwire"')
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'missing_token' })
  })

  it.each(GUARDED_CALLS.filter(({ pattern }) => pattern.includes(':symbol')))(
    '$route answers 404 for a symbol without data and 400 for no symbol',
    async ({ method, path, isSocket }) => {
      expect(await inShort(await callAs('partner', method, path('NODATA'), isSocket))).toBe(
        '404 unknown_symbol',
      )
      const problem = await problemOf(await callAs('partner', method, path('no-symbol'), isSocket))
      expect(problem).toMatchObject({ code: 'invalid_symbol', errors: [{ field: 'symbol' }] })
    },
  )
})

describe('route, method, tier and feed', () => {
  const symbolOf = (feed: string) => `TIER-${feed.slice(0, 7).toUpperCase()}`
  beforeAll(async () => {
    for (const feed of FEED_KINDS) await seedSymbol(symbolOf(feed), feed)
  })

  const mayOnRealData = (tier: Tier, route: string) =>
    TIERS.slice(0, TIERS.indexOf(tier) + 1).some((lower) => ADDED_BY[lower].includes(route))

  const cells = GUARDED_CALLS.flatMap((call) => TIERS.map((tier) => ({ ...call, tier })))
  /** The status, and of a refusal what it says about tiers. */
  async function outcomeOf(response: Response): Promise<Record<string, unknown>> {
    if (response.status !== 403 && response.status !== 409) return { status: response.status }
    const { status, code, requiredTier, upgradeUrl } = await problemOf(response)
    return { status, code, requiredTier, upgradeUrl }
  }

  it.each(cells)('$tier calls $route', async ({ tier, route, method, path, status, isSocket }) => {
    const requiredTier = TIERS.find((known) => ADDED_BY[known].includes(route))
    for (const feed of FEED_KINDS) {
      const isOpenMarket = feed === 'synthetic' && route.includes(':symbol')
      const isAllowed = isOpenMarket || mayOnRealData(tier, route)
      const isTooEarly = feed === 'live' && DELAYED_FOR[tier].includes(route)
      const upgradeUrl = '/?upgrade'
      const refused = { feed, status: 403, code: 'upgrade_required', requiredTier, upgradeUrl }
      const early = { feed, status: 409, code: 'too_early', requiredTier: 'pro', upgradeUrl }
      const allowed = isTooEarly ? early : { feed, status }
      const expected = isAllowed ? allowed : refused
      const response = await callAs(tier, method, path(symbolOf(feed)), isSocket)
      expect({ feed, ...(await outcomeOf(response)) }).toEqual(expected)
    }
  })

  it.each(ROUTE_CALLS.filter(({ access }) => access === 'public'))('anybody calls $route', async (call) => {
    for (const tier of [null, ...TIERS]) {
      expect((await callAs(tier, call.method, call.path('X'), false)).status).toBe(call.status)
    }
  })

  const bySignature = ['signed', 'operator']
  it.each(ROUTE_CALLS.filter(({ access }) => bySignature.includes(access)))(
    'no token opens $route',
    async (call) => {
      for (const tier of [null, ...TIERS]) {
        const response = await callAs(tier, call.method, call.path(symbolOf('live')), false)
        expect(await inShort(response)).toBe('401 missing_signature')
      }
    },
  )

  const patterns = [...new Set(ROUTE_CALLS.map(({ pattern }) => pattern))]
  it.each(patterns)('no tier calls %s by a method it does not have', async (pattern) => {
    const calls = ROUTE_CALLS.filter((call) => call.pattern === pattern)
    const [first] = calls
    if (first === undefined) throw new Error('expected a call')
    const had = calls.map(({ method }) => method)
    if (had.includes('GET')) had.push('HEAD')
    for (const method of METHODS.filter((other) => !had.includes(other))) {
      for (const tier of [null, ...TIERS]) {
        const { status } = await callAs(tier, method, first.path(symbolOf('live')), false)
        expect({ method, tier, status }).toEqual({ method, tier, status: 405 })
      }
    }
  })

  it.each(GUARDED_CALLS.filter(({ method }) => method === 'GET'))(
    'HEAD is as closed as $route',
    async ({ route, path, isSocket }) => {
      const statusOf = async (tier: Tier | null) =>
        (await callAs(tier, 'HEAD', path(symbolOf('live')), isSocket)).status
      const isOpen = mayOnRealData('guest', route)
      expect([await statusOf(null), (await statusOf('guest')) === 403]).toEqual([401, !isOpen])
      expect(await statusOf('partner')).toBeLessThan(500)
    },
  )
})

describe('tokens at the door', () => {
  it('are all refused with 401 when they are attacks, in the header and in the query of a socket', async () => {
    const keys = await authKeys(env)
    const { privateJwk } = await generateEd25519Key()
    const stranger = await importAuthKeys({ AUTH_PRIVATE_JWK: JSON.stringify(privateJwk) })
    const attacks = await attackTokens(keys, stranger, Date.now())
    expect(attacks.length).toBeGreaterThan(60)
    const wrong: string[] = []
    for (const { name, token } of attacks) {
      // HTTP trims a header's value, so what differs only there cannot come that way.
      const bearer = token.trim() === token ? `Bearer ${token}`.trim() : 'Bearer'
      const byHeader = await send('/v1/symbols', { headers: { authorization: bearer } })
      const bySocket = await send(`/ws/gamma-compact/SPX?token=${encodeURIComponent(token)}`, {
        headers: { upgrade: 'websocket' },
      })
      if (byHeader.status !== 401 || bySocket.status !== 401)
        wrong.push(`${name}: ${byHeader.status} ${bySocket.status}`)
    }
    expect(wrong).toEqual([])
  })

  it('are named expired when that is all that is wrong', async () => {
    const keys = await authKeys(env)
    const attacks = await attackTokens(keys, keys, Date.now())
    const expired = attacks.find(({ name }) => name === 'signed, payload expired')?.token ?? ''
    const response = await send('/v1/symbols', { headers: { authorization: `Bearer ${expired}` } })
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await problemOf(response)).code).toBe('expired_token')
  })
})
