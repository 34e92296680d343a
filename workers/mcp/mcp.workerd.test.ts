import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Explanation, Methods } from '#schemas/rest/metrics'
import type { Exposure } from '#schemas/rest/models'
import { problemOf, read, seedSymbol, send, tokenFor } from '../testing/requests.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('MODEL')
  await seedSymbol('MODELLIVE', 'live')
})

interface ToolAnswer {
  readonly result: {
    readonly isError: boolean
    readonly content: readonly { readonly type: string; readonly text: string }[]
    readonly structuredContent?: unknown
  }
}

const post = (body: object, headers: Record<string, string> = {}) =>
  send('/mcp', { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', ...body }), headers })

async function call(name: string, given: object, token: string | null): Promise<ToolAnswer['result']> {
  const response = await post(
    { id: 1, method: 'tools/call', params: { name, arguments: given } },
    token === null ? {} : { authorization: `Bearer ${token}` },
  )
  expect(response.status).toBe(200)
  return (await response.json<ToolAnswer>()).result
}

describe('a client without hand-shake', () => {
  const ask = (method: string, params: object, name?: string) =>
    post(
      {
        id: 1,
        method,
        params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
      },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...(name ? { 'mcp-name': name } : {}) },
    )

  it('discovers, lists and calls, each by itself', async () => {
    const found = await ask('server/discover', {})
    expect(await found.json()).toMatchObject({
      result: {
        resultType: 'complete',
        supportedVersions: expect.arrayContaining(['2026-07-28', '2025-11-25']),
      },
    })
    const listed = await ask('tools/list', {})
    expect(await listed.json()).toMatchObject({
      result: { resultType: 'complete', ttlMs: expect.any(Number), cacheScope: 'public' },
    })
    const called = await ask(
      'tools/call',
      { name: 'list_methods', arguments: { family: 'gammaPulse' } },
      'list_methods',
    )
    expect([called.status, await called.json()]).toMatchObject([
      200,
      { result: { resultType: 'complete', isError: false } },
    ])
  })

  it('is told 404 of a method there is not, and 400 of headers that say something else', async () => {
    expect((await ask('ping', {})).status).toBe(404)
    const forged = await ask(
      'tools/call',
      { name: 'get_levels', arguments: { symbol: 'MODEL' } },
      'list_methods',
    )
    expect([forged.status, await forged.json()]).toMatchObject([400, { error: { code: -32020 } }])
  })
})

describe('the door', () => {
  it('goes through the hand-shake of a client', async () => {
    const hello = await post({ id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18' } })
    expect(await hello.json()).toMatchObject({ id: 0, result: { protocolVersion: '2025-06-18' } })
    const ready = await post(
      { method: 'notifications/initialized' },
      { 'mcp-protocol-version': '2025-06-18' },
    )
    expect([ready.status, await ready.text()]).toEqual([202, ''])
    const list = await post({ id: 1, method: 'tools/list' })
    const { result } = await list.json<{ result: { tools: { name: string; inputSchema: object }[] } }>()
    expect(result.tools.map(({ name }) => name)).toEqual([
      'list_symbols',
      'get_levels',
      'get_exposure',
      'explain_metric',
      'list_methods',
    ])
    expect(result.tools[2]?.inputSchema).toMatchObject({
      type: 'object',
      required: ['symbol'],
      properties: { strikes: { type: 'integer', minimum: 1, maximum: 200, default: 20 } },
    })
  })

  it('is closed to pages of elsewhere, other versions and long messages', async () => {
    const ping = { id: 1, method: 'ping' }
    expect((await problemOf(await post(ping, { origin: 'https://elsewhere' }))).code).toBe(
      'origin_not_allowed',
    )
    const unknown = await post(ping, { 'mcp-protocol-version': '1999-01-01' })
    expect([unknown.status, await unknown.json()]).toMatchObject([400, { error: { code: -32022 } }])
    expect((await problemOf(await post({ ...ping, params: { text: 'x'.repeat(20_000) } }))).status).toBe(400)
    expect((await send('/mcp')).status).toBe(405)
    expect((await send('/mcp', { method: 'POST', body: '{' })).status).toBe(400)
  })
})

describe('a tool', () => {
  it('answers what its route answers', async () => {
    const token = await tokenFor('free')
    const { structuredContent, content, isError } = await call('get_levels', { symbol: 'MODEL' }, token)
    const levels = await (await read('/v1/levels/MODEL', 'free')).json()
    expect(isError).toBe(false)
    expect(structuredContent).toEqual(levels)
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(levels)
  })

  it('shows the strikes nearest to spot only', async () => {
    const all = await (await read('/v1/exposure/MODEL')).json<Exposure>()
    const { structuredContent } = await call(
      'get_exposure',
      { symbol: 'MODEL', strikes: 1 },
      await tokenFor('pro'),
    )
    const { data } = structuredContent as Exposure & { data: { strikesInAll: number } }
    const { strike } = all.data.strikes
    const spot = all.data.spotPrice ?? 0
    expect(data.strikes.strike).toEqual([
      strike.toSorted((a, b) => Math.abs(a - spot) - Math.abs(b - spot))[0],
    ])
    expect(data.strikesInAll).toBe(strike.length)
    expect(data.netGex).toBe(all.data.netGex)
  })

  it('explains, and says what figures mean', async () => {
    const token = await tokenFor('pro')
    const given = { symbol: 'MODEL', metric: 'gammaPulse.netGex' }
    const explained = (await call('explain_metric', given, token)).structuredContent as Explanation
    expect(explained.data.id).toBe('gammaPulse.netGex')
    const methods = (await call('list_methods', { family: 'flipTrack' }, null)).structuredContent as Methods
    expect(new Set(methods.data.map(({ family }) => family))).toEqual(new Set(['flipTrack']))
  })

  it.each([
    ['list_symbols', {}, null, 'missing_token'],
    ['get_exposure', { symbol: 'MODELLIVE' }, 'free', 'upgrade_required'],
    ['get_levels', { symbol: 'NODATA' }, 'pro', 'unknown_symbol'],
    ['explain_metric', { symbol: 'MODEL', metric: 'no.such' }, 'pro', 'unknown_metric'],
  ] as const)('%s %j of %s is refused as its route does: %s', async (name, given, tier, code) => {
    const { isError, content } = await call(name, given, tier === null ? null : await tokenFor(tier))
    expect(isError).toBe(true)
    expect(content[0]?.text).toContain(`"code":"${code}"`)
  })

  it.each([
    ['get_levels', { symbol: '../keys' }, 'symbol: expected 1-12 capitals'],
    ['explain_metric', { symbol: 'SPX', metric: '../../v1/keys' }, 'metric: expected an id'],
    ['get_exposure', { symbol: 'SPX', strikes: 1e9 }, 'strikes: '],
    ['list_methods', {}, 'family: '],
  ])('%s tells what is wrong with %j', async (name, given, detail) => {
    const { isError, content } = await call(name, given, await tokenFor('pro'))
    expect([isError, content[0]?.text.startsWith(detail)]).toEqual([true, true])
  })

  it('costs what its route costs', async () => {
    const subject = 'model-user'
    const token = await tokenFor('partner', subject)
    await call('get_levels', { symbol: 'MODEL' }, token)
    const usage = await send('/v1/usage', { headers: { authorization: `Bearer ${token}` } })
    expect(await usage.json()).toMatchObject({ data: { byRoute: { 'GET /v1/levels/:symbol': 1 } } })
  })
})
