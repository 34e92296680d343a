import { describe, expect, test, vi } from 'vitest'
import { createClient } from './createClient.ts'
import { createGuestToken } from './guestToken.ts'
import { ApiProblem } from './rest/apiProblem.ts'
import type { GetToken, Transport } from './rest/request.ts'
import type { StreamEnvironment } from './stream/environment.ts'

const NO_STREAM: StreamEnvironment = {
  openSocket: () => ({ send: () => {}, close: () => {} }),
  setTimer: () => () => {},
  nowMs: () => 0,
  random: () => 0,
  onWakeUp: () => () => {},
}

type Reply = Response | Error

/** Answers in the order given, the last one for ever; remembers the requests. */
function scripted(...replies: Reply[]) {
  const requests: { url: string; authorization: string | null; method: string }[] = []
  const sleeps: number[] = []
  const transport: Transport = {
    fetch: async (url, init) => {
      const authorization = new Headers(init.headers).get('authorization')
      requests.push({ url, authorization, method: init.method ?? 'GET' })
      const reply = replies[Math.min(requests.length, replies.length) - 1]
      if (reply instanceof Response) return reply.clone()
      throw reply
    },
    sleep: async (ms) => {
      sleeps.push(ms)
    },
    random: () => 0.5,
  }
  return { transport, requests, sleeps }
}

function clientWith(...replies: Reply[]) {
  const script = scripted(...replies)
  const getToken = vi.fn<GetToken>(async (options) => (options?.renew ? 'renewed' : 'held'))
  const client = createClient({
    baseUrl: 'https://f',
    getToken,
    transport: script.transport,
    environment: NO_STREAM,
  })
  return { client, ...script }
}

const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)
const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
  json(
    {
      type: 'https://f/problems',
      title: 'T',
      status,
      detail: 'D',
      instance: '/v1/x',
      code,
      requestId: 'r-1',
      ...more,
    },
    { status, headers },
  )
const guest = (token: string, expiresAt: string) => json({ token, tier: 'free', expiresAt })
const SYMBOLS = { data: [] }

async function problemOf(promise: Promise<unknown>): Promise<ApiProblem> {
  const outcome: unknown = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (outcome instanceof ApiProblem) return outcome
  throw new Error(`expected an ApiProblem, was ${String(outcome)}`)
}

describe('requests', () => {
  test('carry the token and address the routes', async () => {
    const { client, requests } = clientWith(json({ data: [], nextCursor: null }))
    await client.snapshots('BRK.B', { cursor: 'a b' })
    expect(requests).toEqual([
      { url: 'https://f/v1/snapshots/BRK.B?cursor=a+b', authorization: 'Bearer held', method: 'GET' },
    ])
  })

  test('an answer about volatility is checked field by field', async () => {
    const { client, requests } = clientWith(
      json({ data: { spotPrice: 1, fittedAsOf: null, expiries: [{}] }, meta: {} }),
    )
    const broken = await problemOf(client.volatility('BRK.B'))
    expect(requests[0]?.url).toBe('https://f/v1/volatility/BRK.B')
    expect(broken.problem.detail).toContain('data.expiries.0.expiry')
  })

  test('a refused token is renewed once', async () => {
    const { client, requests } = clientWith(problem(401, 'expired_token'), json(SYMBOLS))
    await expect(client.symbols()).resolves.toEqual(SYMBOLS)
    expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer held', 'Bearer renewed'])
  })

  test('a token refused twice is a problem', async () => {
    const { client, requests } = clientWith(problem(401, 'invalid_token'))
    expect((await problemOf(client.symbols())).code).toBe('invalid_token')
    expect(requests).toHaveLength(2)
  })

  test('what may pass is tried three times, as long apart as the server asks', async () => {
    const busy = problem(503, 'unavailable', {}, { 'retry-after': '2' })
    const { client, sleeps } = clientWith(busy, new TypeError('fetch failed'), json(SYMBOLS))
    await client.symbols()
    expect(sleeps).toEqual([2_000, 800])
  })

  test('what passes later than a caller waits is a problem at once', async () => {
    const { client, requests } = clientWith(problem(429, 'rate_limited', {}, { 'retry-after': '3600' }))
    expect((await problemOf(client.symbols())).code).toBe('rate_limited')
    expect(requests).toHaveLength(1)
  })

  test.each([
    [403, 'upgrade_required'],
    [404, 'unknown_symbol'],
    [500, 'internal'],
  ])('%i is not repeated', async (status, code) => {
    const { client, requests } = clientWith(problem(status, code))
    await problemOf(client.levels('SPX'))
    expect(requests).toHaveLength(1)
  })
})

test('a stream is one address for all symbols, with the token', async () => {
  const openSocket = vi.fn<StreamEnvironment['openSocket']>(() => ({ send: () => {}, close: () => {} }))
  const client = createClient({
    baseUrl: 'https://f',
    getToken: async () => 'a b',
    transport: scripted(json(SYMBOLS)).transport,
    environment: { ...NO_STREAM, openSocket },
  })
  client.streamGamma('SPX', { onFrame: () => {}, onStatus: () => {} })
  await vi.waitFor(() => expect(openSocket).toHaveBeenCalled())
  expect(openSocket.mock.lastCall?.slice(0, 2)).toEqual(['wss://f/ws/v1?token=a%20b', 'flipwire.v1.binary'])
})

describe('problems', () => {
  test('keep what the server said', async () => {
    const { client } = clientWith(
      problem(403, 'upgrade_required', { requiredTier: 'pro', upgradeUrl: '/pricing' }),
    )
    const refused = await problemOf(client.exposure('SPX'))
    expect(refused).toMatchObject({ code: 'upgrade_required', status: 403, requestId: 'r-1' })
    expect(refused.problem).toMatchObject({ requiredTier: 'pro', upgradeUrl: '/pricing' })
  })

  test('no answer', async () => {
    const { client } = clientWith(new TypeError('fetch failed'))
    expect(await problemOf(client.symbols())).toMatchObject({ code: 'unavailable', status: 0, requestId: '' })
  })

  test('an answer that is no problem document', async () => {
    const html = new Response('<h1>Bad gateway</h1>', { status: 500, headers: { 'x-request-id': 'r-9' } })
    const { client } = clientWith(html)
    expect(await problemOf(client.symbols())).toMatchObject({
      code: 'internal',
      status: 500,
      requestId: 'r-9',
    })
  })

  test('an answer that breaks its schema names the field', async () => {
    const { client } = clientWith(json({ data: [{ symbol: 'SPX' }] }))
    const broken = await problemOf(client.symbols())
    expect(broken.code).toBe('internal')
    expect(broken.problem.detail).toContain('data.0.name')
  })
})

describe('guest token', () => {
  test('is shared by concurrent callers and replaced a minute before it expires', async () => {
    let nowMs = Date.parse('2026-11-20T14:00:00Z')
    const { transport, requests } = scripted(
      guest('a', '2026-11-20T14:15:00Z'),
      guest('b', '2026-11-20T14:30:00Z'),
    )
    const getToken = createGuestToken({ baseUrl: 'https://f', transport, nowMs: () => nowMs })
    expect(await Promise.all([getToken(), getToken()])).toEqual(['a', 'a'])
    nowMs = Date.parse('2026-11-20T14:13:59Z')
    expect(await getToken()).toBe('a')
    nowMs = Date.parse('2026-11-20T14:14:00Z')
    expect(await getToken()).toBe('b')
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://f/v1/auth/guest',
      'POST https://f/v1/auth/guest',
    ])
  })

  test('a refused one is replaced, and a failure does not stick', async () => {
    const { transport } = scripted(
      guest('a', '2026-11-20T14:15:00Z'),
      problem(500, 'internal'),
      guest('b', '2026-11-20T14:15:00Z'),
    )
    const getToken = createGuestToken({ baseUrl: '', transport, nowMs: () => 0 })
    expect(await getToken()).toBe('a')
    expect((await problemOf(getToken({ renew: true }))).code).toBe('internal')
    expect(await getToken({ renew: true })).toBe('b')
  })
})
