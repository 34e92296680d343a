import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import type { OpenAPIV3_1 } from 'openapi-types'
import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { ProblemSchema } from '#schemas/problem'
import { createApp } from '../app.ts'
import { read, seedSymbol, send, tokenFor } from '../testing/requests.ts'
import { GUARDED_CALLS, ROUTE_CALLS } from '../testing/routes.ts'
import { COMPONENTS, type ComponentName } from './components.ts'
import { EXAMPLES } from './examples.ts'
import { GLOSSARY } from './glossary.ts'

let text: string
let document: OpenAPIV3_1.Document

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  for (const feed of ['synthetic', 'live'] as const) await seedSymbol(feed.toUpperCase(), feed)
  text = await (await send('/openapi.json')).text()
  document = JSON.parse(text)
})

const inDocument = (pattern: string) => pattern.replace(/:(\w+)/g, '{$1}')

function operation(method: string, pattern: string): OpenAPIV3_1.OperationObject {
  const found = document.paths?.[inDocument(pattern)]?.[method as 'get']
  if (found === undefined) throw new Error(`expected ${method} ${pattern} in the document, was nothing`)
  return found
}

describe('the document', () => {
  it('lists every route of the app and no other', () => {
    const routes = createApp()
      .routes.filter(({ path }) => path !== '/*')
      .map(({ method, path }) => `${method} ${inDocument(path)}`)
    const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual([...new Set(routes)].sort())
  })

  it.each(ROUTE_CALLS)('lets into $route whom the table of access lets in', ({ method, pattern, access }) => {
    const { security = [], description } = operation(method.toLowerCase(), pattern)
    const ways = security.flatMap((way) => Object.keys(way))
    const expected = { public: undefined, signed: 'bridgeKeyId', operator: 'operatorTimestamp' }
    expect(ways[0]).toBe(access in expected ? expected[access as keyof typeof expected] : 'accessToken')
    expect(/Scope `(\w+)`/.exec(description ?? '')?.[1]).toBe(access in expected ? undefined : access)
  })

  it('says 304 of reads that carry an ETag, and of no other', () => {
    const statuses = (method: string, pattern: string) =>
      Object.keys(operation(method, pattern).responses ?? {})
    expect(statuses('get', '/v1/levels/:symbol')).toContain('304')
    for (const [method, pattern] of [
      ['get', '/v1/keys'],
      ['put', '/v1/windows/:id'],
      ['post', '/v1/ws-ticket'],
    ] as const)
      expect(statuses(method, pattern)).not.toContain('304')
  })

  it.each(['/v1/keys', '/v1/keys/:id/rotate', '/v1/windows'])(
    'says that %s takes an Idempotency-Key',
    (pattern) => {
      const { parameters = [], responses } = operation('post', pattern)
      expect(parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'Idempotency-Key' }))
      expect(JSON.stringify(responses?.['400'])).toContain('/invalid_parameter"')
    },
  )

  it('refers to nothing it does not hold', () => {
    const dangling = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].filter(
      ([, kind = '', name = '']) =>
        (document.components as Record<string, Record<string, unknown>>)[kind]?.[name] === undefined,
    )
    expect(dangling).toEqual([])
  })

  it('explains no field that is not there', () => {
    expect(Object.keys(GLOSSARY).filter((name) => !text.includes(`"${name}":{`))).toEqual([])
  })
})

describe('an example', () => {
  it.each(Object.keys(EXAMPLES) as ComponentName[])('of %s is one of its model', (name) => {
    expect(v.safeParse(COMPONENTS[name], EXAMPLES[name]).issues).toBeUndefined()
  })
})

describe('what a route answers', () => {
  const reads = GUARDED_CALLS.filter(({ method, status }) => method === 'GET' && status === 200)

  it.each(reads)('$pattern is the model the document names', async ({ pattern, path }) => {
    for (const shape of ['rows', 'columns']) {
      const response = await read(`${path('SYNTHETIC')}?shape=${shape}`, 'partner')
      const success = operation('get', pattern).responses?.['200'] as OpenAPIV3_1.ResponseObject
      const always = Object.keys(success.headers ?? {}).filter((name) => name !== 'Link')
      expect(always.filter((name) => !response.headers.has(name))).toEqual([])
      const body: unknown = await response.json()
      const models = modelsOf(operation('get', pattern), '200')
      expect(models.length).toBeGreaterThan(0)
      expect(models.map((name) => v.safeParse(COMPONENTS[name], body).success)).toContain(true)
    }
  })

  it.each(GUARDED_CALLS)('$route is refused only as the document says', async (route) => {
    const { method, pattern, path, isSocket } = route
    const headers = isSocket ? { upgrade: 'websocket' } : {}
    const authorized = async (tier: 'free' | 'pro') => ({
      ...headers,
      authorization: `Bearer ${await tokenFor(tier)}`,
    })
    const tries = [
      send(path('LIVE'), { method, headers }),
      send(path('LIVE'), { method, headers: { ...headers, authorization: 'Bearer x' } }),
      send(path('LIVE'), { method, headers: await authorized('free') }),
      send(path('NODATA'), { method, headers: await authorized('pro') }),
      send(path('no-symbol'), { method, headers: await authorized('pro') }),
      send(`${path('LIVE')}?at=2020-01-01T00:00:00Z&cursor=!`, { method, headers: await authorized('pro') }),
      send(`${path('LIVE')}?at=x&limit=0&shape=x&day=x`, { method, headers: await authorized('pro') }),
      send(path('LIVE'), {
        method,
        headers: { authorization: (await authorized('pro')).authorization, origin: 'https://e' },
      }),
    ]
    const undocumented: string[] = []
    for (const response of await Promise.all(tries)) {
      response.webSocket?.accept()
      response.webSocket?.close(1000)
      if (response.status < 400) continue
      const { code, status } = v.parse(ProblemSchema, await response.json())
      const documented = operation(method.toLowerCase(), pattern).responses?.[String(status)]
      if (!JSON.stringify(documented ?? '').includes(`"${code}"`)) undocumented.push(`${status} ${code}`)
    }
    expect(undocumented).toEqual([])
  })

  function modelsOf({ responses }: OpenAPIV3_1.OperationObject, status: string): ComponentName[] {
    const names = JSON.stringify(responses?.[status]).matchAll(/"#\/components\/schemas\/(\w+)"/g)
    return [...names].map(([, name]) => name as ComponentName)
  }
})
