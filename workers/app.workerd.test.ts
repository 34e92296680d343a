import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { FEED_KINDS } from '#schemas/feed'
import { SCOPES, TIERS, type Scope } from '#schemas/tiers'
import { createApp } from './app.ts'
import { attackTokens } from './auth/attackTokens.ts'
import { generateEd25519Key } from './auth/generateKey.ts'
import { authKeys, importAuthKeys } from './auth/authKeys.ts'
import { problemOf, seedSymbol, send, tokenFor } from './testing/requests.ts'
import { GUARDED_ROUTES } from './testing/routes.ts'

const PUBLIC_ROUTES = [
  '/v1/health',
  '/v1/methods',
  '/v1/auth/guest',
  '/.well-known/jwks.json',
  '/openapi.json',
]
/** Written out, so that the table of scopes cannot change by itself. */
const PAID: readonly Scope[] = ['exposure', 'volatility', 'metrics', 'stream']
/** Lets bridges in by their signature and nobody by a token. */
const SIGNED_ROUTES = ['/v1/ingest/:symbol', '/v1/ingest/:symbol/lease']

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

describe('every route', () => {
  it('is public by name, signed, or listed as guarded', () => {
    const patterns = createApp()
      .routes.filter((route) => route.path !== '/*')
      .map((route) => route.path)
    const listed = [...PUBLIC_ROUTES, ...SIGNED_ROUTES, ...GUARDED_ROUTES.map((route) => route.pattern)]
    expect([...new Set(patterns)].sort()).toEqual(listed.sort())
  })

  it.each(GUARDED_ROUTES)(
    '$pattern answers 401 without a token, known symbol or not',
    async ({ path, isSocket }) => {
      const headers: Record<string, string> = isSocket ? { upgrade: 'websocket' } : {}
      const response = await send(path('NOBODY'), { headers })
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="flipwire"')
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'missing_token' })
    },
  )

  it.each(GUARDED_ROUTES.filter((route) => route.path('X') !== route.path('Y')))(
    '$pattern answers 404 for a symbol without data and 400 for no symbol',
    async ({ path, isSocket }) => {
      const headers: Record<string, string> = { authorization: `Bearer ${await tokenFor('partner')}` }
      if (isSocket) headers['upgrade'] = 'websocket'
      expect((await problemOf(await send(path('NODATA'), { headers }))).code).toBe('unknown_symbol')
      const problem = await problemOf(await send(path('no-symbol'), { headers }))
      expect(problem).toMatchObject({ code: 'invalid_symbol', errors: [{ field: 'symbol' }] })
    },
  )
})

describe('tier, route and feed', () => {
  const symbolOf = (feed: string) => `TIER-${feed.slice(0, 7).toUpperCase()}`
  beforeAll(async () => {
    for (const feed of FEED_KINDS) await seedSymbol(symbolOf(feed), feed)
  })

  const cells = GUARDED_ROUTES.flatMap((route) =>
    TIERS.flatMap((tier) => FEED_KINDS.map((feed) => ({ ...route, tier, feed }))),
  )
  it.each(cells)('$tier $pattern on $feed data', async (cell) => {
    const { tier, feed, scope, path, statusWhenAllowed, isSocket } = cell
    // Said again rather than computed by the code under test: only exposure and stream cost, and only on real data.
    const isAllowed = feed === 'synthetic' || tier !== 'free' || !PAID.includes(scope)
    const headers: Record<string, string> = { authorization: `Bearer ${await tokenFor(tier)}` }
    if (isSocket) headers['upgrade'] = 'websocket'
    const response = await send(path(symbolOf(feed)), { headers })
    const expected = isAllowed
      ? { status: statusWhenAllowed }
      : { status: 403, code: 'upgrade_required', requiredTier: SCOPES[scope], upgradeUrl: '/?upgrade' }
    expect(await outcomeOf(response)).toEqual(expected)
  })

  /** The status, and of a refusal what it says about tiers. */
  async function outcomeOf(response: Response): Promise<Record<string, unknown>> {
    response.webSocket?.accept()
    response.webSocket?.close(1000)
    if (response.status !== 403) return { status: response.status }
    const { status, code, requiredTier, upgradeUrl } = await problemOf(response)
    return { status, code, requiredTier, upgradeUrl }
  }
})

describe('tokens at the door', () => {
  it('are all refused with 401 when they are attacks, in the header and in the query of a socket', async () => {
    const keys = await authKeys(env.AUTH_PRIVATE_JWK)
    const stranger = await importAuthKeys(JSON.stringify((await generateEd25519Key()).privateJwk))
    const wrong: string[] = []
    for (const { name, token } of await attackTokens(keys, stranger, Date.now())) {
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

  it('are refused as a query parameter everywhere but on sockets', async () => {
    const response = await send(`/v1/symbols?token=${await tokenFor('pro')}`)
    expect((await problemOf(response)).code).toBe('missing_token')
  })

  it('are named expired when that is all that is wrong', async () => {
    const keys = await authKeys(env.AUTH_PRIVATE_JWK)
    const attacks = await attackTokens(keys, keys, Date.now())
    const expired = attacks.find(({ name }) => name === 'signed, payload expired')?.token ?? ''
    const response = await send('/v1/symbols', { headers: { authorization: `Bearer ${expired}` } })
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await problemOf(response)).code).toBe('expired_token')
  })
})
