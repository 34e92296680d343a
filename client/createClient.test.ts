import { describe, expect, test, vi } from 'vitest'
import type { GuestToken } from '#schemas/claims'
import { createClient } from './createClient.ts'
import { createGuestToken } from './guestToken.ts'
import { ApiProblem } from './rest/apiProblem.ts'
import type { GetToken, Transport } from './rest/request.ts'
import { fakeNetwork, settled } from './stream/fakeNetwork.testkit.ts'
import type { StreamState } from './stream/streamState.ts'

type Reply = Response | Error

/** Answers in the order given, the last one for ever; remembers the requests. */
function scripted(...replies: Reply[]) {
  const requests: { url: string; authorization: string | null; method: string }[] = []
  const bodies: unknown[] = []
  const sleeps: number[] = []
  const transport: Transport = {
    fetch: async (url, init) => {
      const authorization = new Headers(init.headers).get('authorization')
      requests.push({ url, authorization, method: init.method ?? 'GET' })
      bodies.push(init.body ?? null)
      const reply = replies[Math.min(requests.length, replies.length) - 1]
      if (reply instanceof Response) return reply.clone()
      throw reply
    },
    sleep: async (ms) => {
      sleeps.push(ms)
    },
    random: () => 0.5,
  }
  return { transport, requests, bodies, sleeps }
}

function clientWith(...replies: Reply[]) {
  const script = scripted(...replies)
  const getToken = vi.fn<GetToken>(async (options) => (options?.renew ? 'renewed' : 'held'))
  const client = createClient({
    baseUrl: 'https://f',
    getToken,
    transport: script.transport,
    environment: fakeNetwork().environment,
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

describe('a stream', () => {
  const ticket = (name: string) => json({ ticket: name, expiresAt: '2026-11-20T14:01:00Z' })

  /** A stream of SPX; every socket that is opened is refused at once, and the next try is made when told. */
  function streamWith(getTicket: (() => Promise<string | null>) | undefined, ...replies: Reply[]) {
    const script = scripted(...replies)
    const network = fakeNetwork()
    const states: StreamState[] = []
    const client = createClient({
      baseUrl: 'https://f',
      getToken: async (options) => (options?.renew ? 'renewed' : 'held'),
      transport: script.transport,
      environment: network.environment,
      ...(getTicket === undefined ? {} : { getTicket }),
    })
    const channels = ['gamma.SPX']
    client.stream({ channels, onFrame: () => {}, onState: (_, state) => void states.push(state) })
    return { ...script, network, states }
  }

  test('asks for a ticket before every dial, and puts nothing else into the address', async () => {
    const { network, requests } = streamWith(undefined, ticket('t 1'), ticket('t2'))
    await settled()
    network.last().closed(1006)
    await network.advance(3_000)
    expect(network.sockets.map(({ url, protocol }) => [url, protocol])).toEqual([
      ['wss://f/ws/v1?token=t%201', 'flipwire.v1.binary'],
      ['wss://f/ws/v1?token=t2', 'flipwire.v1.binary'],
    ])
    const asked = { url: 'https://f/v1/ws-ticket', method: 'POST', authorization: 'Bearer held' }
    expect(requests).toEqual([asked, asked])
  })

  test('asks with a fresh token after it was closed for the old one', async () => {
    const { network, requests } = streamWith(undefined, ticket('t1'), ticket('t2'))
    await settled()
    network.last().closed(4401)
    await network.advance(3_000)
    expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer held', 'Bearer renewed'])
  })

  test('ends when no token earns a ticket, and goes on trying while none can be had', async () => {
    const refused = streamWith(undefined, problem(401, 'invalid_token'))
    await settled()
    expect(refused.states.at(-1)).toMatchObject({ kind: 'closed', reason: 'unauthorized' })
    expect(refused.network.timers()).toBe(0)
    const waiting = streamWith(undefined, problem(503, 'unavailable'))
    await settled()
    expect(waiting.states.at(-1)).toMatchObject({ kind: 'connecting', attempt: 1 })
  })

  test('without tickets, asks why it was refused where the answer can be read', async () => {
    const missing = problem(403, 'missing_scope')
    const { network, requests, states } = streamWith(async () => null, missing)
    await settled()
    expect(network.last().url).toBe('wss://f/ws/v1')
    expect(requests).toEqual([])
    network.last().closed(1006)
    await network.advance(3_000)
    expect(requests.map(({ url }) => url)).toEqual(['https://f/ws/v1'])
    expect(network.sockets).toHaveLength(1)
    expect(states.at(-1)).toMatchObject({ kind: 'closed', reason: 'forbidden', upgrade: null })
  })

  test('without tickets, tries again when nothing is wrong with the caller', async () => {
    const { network } = streamWith(async () => null, problem(426, 'upgrade_expected'))
    await settled()
    network.last().closed(1006)
    await network.advance(3_000)
    expect(network.sockets).toHaveLength(2)
  })
})

describe('windows', () => {
  const window = { id: 'w 1', kind: 'desk', symbol: 'SPX', openedAt: '', expiresAt: '' }

  test('are taken, renewed and given back', async () => {
    const { client, requests, bodies } = clientWith(json({ data: window }, { status: 201 }))
    const { data } = await client.openWindow({ kind: 'desk', symbol: 'SPX' }, { idempotencyKey: 'k' })
    await client.renewWindow(data.id)
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://f/v1/windows',
      'PUT https://f/v1/windows/w%201',
    ])
    expect(bodies).toEqual(['{"kind":"desk","symbol":"SPX"}', null])
    const closing = clientWith(new Response(null, { status: 204 }))
    expect(await closing.client.closeWindow('w 1', { keepalive: true })).toBeNull()
    expect(closing.requests[0]?.method).toBe('DELETE')
  })

  test('beyond the limit are refused once, with those that are open', async () => {
    const { client, requests } = clientWith(problem(409, 'window_limit', { openWindows: [window] }))
    const refused = await problemOf(client.openWindow({ kind: 'desk', symbol: 'SPX' }))
    expect(refused.problem.openWindows).toEqual([window])
    expect(requests).toHaveLength(1)
  })
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

describe('a ticket', () => {
  test('is asked for with the token or key, to be handed on', async () => {
    const answer = { ticket: 't', expiresAt: '2026-11-20T14:01:00Z' }
    const { client, requests } = clientWith(problem(401, 'expired_token'), json(answer))
    await expect(client.ticket()).resolves.toEqual(answer)
    expect(requests.map(({ method, url, authorization }) => [method, url, authorization])).toEqual([
      ['POST', 'https://f/v1/ws-ticket', 'Bearer held'],
      ['POST', 'https://f/v1/ws-ticket', 'Bearer renewed'],
    ])
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
    // The next one of the same guest.
    expect(requests).toEqual([
      { method: 'POST', url: 'https://f/v1/auth/guest', authorization: null },
      { method: 'POST', url: 'https://f/v1/auth/guest', authorization: 'Bearer a' },
    ])
  })

  test('is one for all who share where it is kept', async () => {
    let held: GuestToken | null = null
    const store = {
      read: () => held,
      write: (token: GuestToken) => {
        held = token
      },
    }
    const { transport, requests } = scripted(
      guest('a', '2026-11-20T14:15:00Z'),
      guest('b', '2026-11-20T14:15:00Z'),
    )
    const [one, other] = [1, 2].map(() => createGuestToken({ baseUrl: '', transport, nowMs: () => 0, store }))
    expect([await one?.(), await other?.()]).toEqual(['a', 'a'])
    expect(await other?.({ renew: true })).toBe('b')
    expect(await one?.()).toBe('b')
    expect(requests).toHaveLength(2)
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
