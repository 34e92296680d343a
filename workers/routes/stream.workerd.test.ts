import { applyD1Migrations, createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readCaller, STREAM_CALLER_HEADERS } from '#durable-objects/fanout/caller'
import { decodeGammaFrame } from '#schemas/frame/codec'
import { GammaFrameSchema } from '#schemas/frame/gamma'
import { HealthSchema } from '#schemas/rest/models'
import { GreeksUpdateSchema, PcrUpdateSchema } from '#schemas/stream/greeksUpdate'
import { STREAM_SUBPROTOCOLS, SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import { createApp } from '../app.ts'
import { symbolStub } from '../symbol/symbolObject.ts'
import { envWithObjects, platformError } from '../testing/brokenObjects.ts'
import { ORIGIN, problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

const path = '/ws/gamma-compact/STREAM'
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('STREAM')
})

/** The first message of an accepted socket. */
function firstMessage(response: Response): Promise<string | ArrayBuffer> {
  const socket = response.webSocket
  if (!socket) throw new Error(`expected a socket, was ${response.status}`)
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      resolve(data as string | ArrayBuffer)
      socket.close(1000)
    })
    socket.accept()
  })
}

describe('a socket', () => {
  it('opens with the token in the query and gets the newest frame', async () => {
    const response = await send(`${path}?token=${await tokenFor('free')}`, {
      headers: { upgrade: 'websocket' },
    })
    expect(response.status).toBe(101)
    const frame = v.parse(GammaFrameSchema, JSON.parse(String(await firstMessage(response))))
    expect(frame).toMatchObject({ symbol: 'STREAM', feed: 'synthetic' })
  })

  it('opens with the token in the header, in the sub-protocol it asks for', async () => {
    const authorization = `Bearer ${await tokenFor('free')}`
    const open = (protocol: string) =>
      send(path, { headers: { upgrade: 'websocket', authorization, 'sec-websocket-protocol': protocol } })
    const binary = await open(SUBPROTOCOL_BINARY)
    expect(binary.headers.get('sec-websocket-protocol')).toBe(SUBPROTOCOL_BINARY)
    const bytes = new Uint8Array((await firstMessage(binary)) as ArrayBuffer)
    expect(decodeGammaFrame(bytes).symbol).toBe('STREAM')
    const json = await open(SUBPROTOCOL_JSON)
    expect(json.headers.get('sec-websocket-protocol')).toBe(SUBPROTOCOL_JSON)
    await firstMessage(json)
  })

  it('is 426 without an upgrade', async () => {
    const response = await send(`${path}?token=${await tokenFor('free')}`)
    expect(response.headers.get('upgrade')).toBe('websocket')
    expect(await problemOf(response)).toMatchObject({ status: 426, code: 'upgrade_expected' })
  })

  it('opens for our own pages and for programs, not for the pages of others', async () => {
    const token = await tokenFor('free')
    const open = (origin: string) =>
      send(`${path}?token=${token}`, { headers: { upgrade: 'websocket', origin } })
    const ours = await open(ORIGIN)
    expect(ours.status).toBe(101)
    await firstMessage(ours)
    for (const origin of ['https://evil.test', 'null', `${ORIGIN}.evil.test`, 'http://flipwire.test'])
      expect(await problemOf(await open(origin))).toMatchObject({
        status: 403,
        code: 'origin_not_allowed',
        errors: [{ field: 'Origin' }],
      })
  })
})

/** Messages of an accepted socket, as they come. */
function listen(response: Response) {
  const socket = response.webSocket
  if (!socket) throw new Error(`expected a socket, was ${response.status}`)
  const messages: unknown[] = []
  socket.addEventListener('message', ({ data }) => void messages.push(JSON.parse(String(data))))
  socket.accept()
  const has = (fields: object) =>
    vi.waitFor(() => expect(messages).toContainEqual(expect.objectContaining(fields)))
  return { socket, messages, has }
}

describe('a token among the sub-protocols', () => {
  const open = async (at: string, others: string) =>
    send(at, {
      headers: { upgrade: 'websocket', 'sec-websocket-protocol': `${others}bearer.${await tokenFor('pro')}` },
    })

  it.each([
    ['/ws/v1', STREAM_SUBPROTOCOLS.binary],
    ['/ws/v1', STREAM_SUBPROTOCOLS.json],
    [path, SUBPROTOCOL_BINARY],
    ['/ws/greeks/STREAM', STREAM_SUBPROTOCOLS.json],
    ['/ws/status', STREAM_SUBPROTOCOLS.json],
  ])('opens %s as %s, and only that is echoed', async (at, protocol) => {
    const response = await open(at, `${protocol}, `)
    expect(response.headers.get('sec-websocket-protocol')).toBe(protocol)
    await firstMessage(response)
  })

  it('may stand alone; then nothing is echoed', async () => {
    const response = await open('/ws/v1', '')
    expect(response.headers.get('sec-websocket-protocol')).toBeNull()
    await firstMessage(response)
  })

  it('that is none is refused', async () => {
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'bearer.x' }
    expect(await problemOf(await send('/ws/v1', { headers }))).toMatchObject({ status: 401 })
  })
})

describe('the other sockets', () => {
  const open = async (at: string) =>
    listen(await send(`${at}?token=${await tokenFor('pro')}`, { headers: { upgrade: 'websocket' } }))

  it('/ws/v1 serves channels from a relay', async () => {
    const { socket, messages, has } = await open('/ws/v1')
    socket.send(JSON.stringify({ op: 'subscribe', channels: ['gamma.STREAM'] }))
    await has({ type: 'snapshot', channel: 'gamma.STREAM' })
    expect(messages[0]).toMatchObject({ type: 'hello' })
    socket.close(1000)
  })

  it('/ws/greeks tells the contracts of the front expiry and the put-call ratio', async () => {
    const { socket, messages, has } = await open('/ws/greeks/STREAM')
    await has({ type: 'pcr_update' })
    const schema = v.union([GreeksUpdateSchema, PcrUpdateSchema])
    expect(messages.filter((message) => !v.is(schema, message))).toEqual([])
    socket.close(1000)
  })

  it('/ws/status says how the service and each symbol is', async () => {
    const { socket, messages, has } = await open('/ws/status')
    await has({ type: 'status' })
    const [{ data }] = messages as [{ data: unknown }]
    expect(v.parse(HealthSchema, data)).toMatchObject({ version: env.VERSION })
    socket.close(1000)
  })
})

describe('what the object is told', () => {
  async function forwarded(search: string, headers: Record<string, string>): Promise<Request> {
    const real = symbolStub(env, 'STREAM')
    const seen: Request[] = []
    const spying = envWithObjects(() => ({
      readFeed: () => real.readFeed(),
      fetch: async (input: RequestInfo | URL) => {
        seen.push(new Request(input))
        return new Response(null, { status: 204 })
      },
    }))
    const init = { headers: { upgrade: 'websocket', ...headers } }
    await createApp().request(`${ORIGIN}${path}${search}`, init, spying, createExecutionContext())
    const [request] = seen
    if (!request) throw new Error('expected the object to be called')
    return request
  }

  it('is who calls, by the token and not by headers of the client', async () => {
    const token = await tokenFor('pro', 'desk-1')
    const request = await forwarded(`?token=${token}`, {
      [STREAM_CALLER_HEADERS.subject]: 'admin',
      [STREAM_CALLER_HEADERS.tier.toUpperCase()]: 'partner',
      [STREAM_CALLER_HEADERS.expiresAtMs]: '99999999999999',
    })
    expect(request.headers.get(STREAM_CALLER_HEADERS.subject)).toBe('desk-1')
    expect(request.headers.get(STREAM_CALLER_HEADERS.tier)).toBe('pro')
    const lifeMs = Number(request.headers.get(STREAM_CALLER_HEADERS.expiresAtMs)) - Date.now()
    expect(lifeMs).toBeGreaterThan(590_000)
    expect(lifeMs).toBeLessThanOrEqual(600_000)
  })

  it('says what can be revoked, by the token too; of a guest nothing can', async () => {
    const forged = { [STREAM_CALLER_HEADERS.credential]: '%7B%22account%22%3A%22another%22%7D' }
    const mine = await forwarded(`?token=${await tokenFor('pro', 'Zoë')}`, forged)
    expect(readCaller(mine.headers)?.credential).toMatchObject({ account: 'Zoë' })
    const guest = await forwarded(`?token=${await tokenFor('pro', 'guest:1')}`, forged)
    expect(guest.headers.get(STREAM_CALLER_HEADERS.credential)).toBeNull()
    expect(readCaller(guest.headers)?.subject).toBe('guest:1')
  })

  it('is not the token', async () => {
    const token = await tokenFor('pro')
    const request = await forwarded(`?token=${token}&x=1`, {
      authorization: `Bearer ${token}`,
      cookie: 'session=1',
    })
    const everything = request.url + JSON.stringify([...request.headers])
    expect(everything).not.toContain(token)
    expect(everything).not.toContain('session=1')
    expect(request.headers.get('upgrade')).toBe('websocket')
  })

  it('is a subject that fits a header, whatever the token says', async () => {
    const request = await forwarded('', { authorization: `Bearer ${await tokenFor('pro', 'Zoë\n𝄞')}` })
    expect(request.headers.get(STREAM_CALLER_HEADERS.subject)).toBe('Zo%C3%AB%0A%F0%9D%84%9E')
  })

  it('is 503 to the caller when it cannot be told', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const real = symbolStub(env, 'STREAM')
    const broken = envWithObjects(() => ({
      readFeed: () => real.readFeed(),
      fetch: () => Promise.reject(platformError('too much', { overloaded: true })),
    }))
    const init = { headers: { upgrade: 'websocket', authorization: `Bearer ${await tokenFor('pro')}` } }
    const response = await createApp().request(path, init, broken, createExecutionContext())
    log.mockRestore()
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
  })
})
