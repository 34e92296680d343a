/** Tickets of API keys: a partner's server hands one to a browser, which opens a socket with it and never sees the key. */
import { applyD1Migrations, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { attachmentOf } from '#durable-objects/fanout/caller'
import { SocketTicketSchema } from '#schemas/claims'
import { NewKeyAnswerSchema, type KeyRequest } from '#schemas/rest/keys'
import { DailyUsageSchema } from '#schemas/rest/models'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { revokeSubject } from '../auth/revocation.ts'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }
const LIVE = 'TICKETLIVE'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol(LIVE, 'live')
  await seedSymbol('TICKETSYN', 'synthetic')
})

let owner = ''
beforeEach(() => {
  owner = `user:${crypto.randomUUID()}`
})
afterEach(() => vi.restoreAllMocks())

const asOwner = async (method: string, path: string, body?: object) =>
  send(path, {
    method,
    headers: { authorization: `Bearer ${await tokenFor('partner', owner)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

async function makeKey(request: Partial<KeyRequest> = {}) {
  const response = await asOwner('POST', '/v1/keys', { name: 'desk', ...request })
  return v.parse(NewKeyAnswerSchema, await response.json()).data
}

const ask = (key: string) => send('/v1/ws-ticket', { method: 'POST', headers: { 'x-api-key': key } })
async function ticketFor(key: string): Promise<string> {
  const response = await ask(key)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return v.parse(SocketTicketSchema, await response.json()).ticket
}

const upgrade = (path: string, ticket: string, headers: Record<string, string> = {}) =>
  send(`${path}?token=${ticket}`, { headers: { upgrade: 'websocket', ...headers } })

async function open(path: string, ticket: string, headers: Record<string, string> = {}) {
  const { status, webSocket } = await upgrade(path, ticket, headers)
  if (!webSocket) throw new Error(`expected a socket, was ${status}`)
  const closes: number[] = []
  const types: string[] = []
  webSocket.addEventListener('close', ({ code }) => void closes.push(code))
  webSocket.addEventListener('message', ({ data }) => void types.push(String(JSON.parse(String(data)).type)))
  webSocket.accept()
  return { socket: webSocket, closes, types }
}

const compact = (symbol: string) => `/ws/gamma-compact/${symbol}`

describe('the ticket of an API key', () => {
  it('opens a socket on a live market in a browser of another origin, booked to the key', async () => {
    const { key, id } = await makeKey()
    const ticket = await ticketFor(key)
    expect(ticket).not.toContain(key)
    const { socket, types } = await open('/ws/v1', ticket, { origin: 'https://partner.example' })
    socket.send(JSON.stringify({ op: 'subscribe', channels: [`gamma.${LIVE}`] }))
    await vi.waitFor(() => expect(types).toContain('snapshot'), PATIENT)
    socket.close(1000)
    const usage = await send('/v1/usage/daily', { headers: { 'x-api-key': key } })
    expect(v.parse(DailyUsageSchema, await usage.json()).data).toMatchObject([
      { route: 'GET /ws/v1', key: id, calls: 1, units: 1 },
    ])
  })

  it('is good once, for a minute, and for sockets alone', async () => {
    const { key } = await makeKey()
    const ticket = await ticketFor(key)
    const { iat = NaN, exp } = decodeJwt(ticket)
    expect(exp).toBe(Math.floor(iat) + 60)
    const headers = { authorization: `Bearer ${ticket}` }
    for (const [method, path] of [
      ['GET', '/v1/symbols'],
      ['POST', '/v1/ws-ticket'],
    ] as const)
      expect((await send(path, { method, headers })).status).toBe(401)
    const { socket } = await open(compact(LIVE), ticket)
    socket.close(1000)
    expect(await problemOf(await upgrade(compact(LIVE), ticket))).toMatchObject({ code: 'invalid_token' })
  })

  it('gives its socket the key, and the life a socket of a key has', async () => {
    await seedSymbol('TICKETLIFE', 'live')
    const { key, id } = await makeKey()
    const { socket } = await open(compact('TICKETLIFE'), await ticketFor(key))
    const [attachment] = await runInDurableObject(env.SYMBOL.getByName('TICKETLIFE'), (_, state) =>
      state.getWebSockets().map((each) => attachmentOf(each)),
    )
    expect(attachment).toMatchObject({ subject: owner, tier: 'partner', credential: { account: owner, id } })
    const lifeMs = Number(attachment?.expiresAtMs) - Date.now()
    expect(lifeMs).toBeGreaterThan(800_000)
    expect(lifeMs).toBeLessThanOrEqual(900_000)
    socket.close(1000)
  })

  it('ends with the key: what it opened is closed, and what it has not is refused', async () => {
    const { key, id } = await makeKey()
    const other = await makeKey()
    const mine = await Promise.all(
      ['/ws/v1', compact(LIVE), `/ws/greeks/${LIVE}`].map(async (path) => open(path, await ticketFor(key))),
    )
    const theirs = await open(compact(LIVE), await ticketFor(other.key))
    const unused = await ticketFor(key)
    expect((await asOwner('DELETE', `/v1/keys/${id}`)).status).toBe(204)
    for (const { closes } of mine)
      await vi.waitFor(() => expect(closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
    expect(await problemOf(await upgrade(compact(LIVE), unused))).toMatchObject({ code: 'expired_token' })
    expect((await ask(key)).status).toBe(401)
    expect(theirs.closes).toEqual([])
    theirs.socket.close(1000)
  })

  it('ends with its account’s tokens, as when the tier of the owner is changed', async () => {
    const { key } = await makeKey()
    const mine = await open(compact(LIVE), await ticketFor(key))
    const unused = await ticketFor(key)
    await revokeSubject(env, owner, Date.now())
    await vi.waitFor(() => expect(mine.closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
    expect(await problemOf(await upgrade(compact(LIVE), unused))).toMatchObject({ code: 'expired_token' })
    // The key itself goes on, as nothing is wrong with it.
    const nowMs = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 5)
    const again = await open(compact(LIVE), await ticketFor(key))
    expect(again.closes).toEqual([])
    again.socket.close(1000)
  })

  it('needs the scope of streams, and opens no more than the key does', async () => {
    const without = await makeKey({ scopes: ['levels', 'socket'] })
    expect(await problemOf(await ask(without.key))).toMatchObject({ status: 403, code: 'missing_scope' })
    const { key } = await makeKey({ scopes: ['levels', 'stream'] })
    expect(decodeJwt(await ticketFor(key))['key']).toMatchObject({ scopes: ['stream'] })
    for (const path of ['/ws/v1', '/ws/status'])
      expect(await problemOf(await upgrade(path, await ticketFor(key)))).toMatchObject({
        code: 'missing_scope',
      })
    const { socket } = await open(compact(LIVE), await ticketFor(key))
    socket.close(1000)
  })

  it('counts for the quota of its key', async () => {
    const { key } = await makeKey({ unitsPerDay: 1 })
    const { socket } = await open(compact(LIVE), await ticketFor(key))
    socket.close(1000)
    expect(await problemOf(await upgrade(compact(LIVE), await ticketFor(key)))).toMatchObject({
      status: 429,
      code: 'quota_exceeded',
    })
  })
})

describe('the ticket of a sandbox key', () => {
  it('opens the synthetic market and no other, and is of the sandbox', async () => {
    const { key } = await makeKey({ mode: 'test' })
    const ticket = await ticketFor(key)
    expect(decodeJwt(ticket)).toMatchObject({ sub: `sandbox:${owner}`, tier: 'guest' })
    const { socket } = await open(compact('TICKETSYN'), ticket)
    socket.close(1000)
    expect(await problemOf(await upgrade(compact(LIVE), await ticketFor(key)))).toMatchObject({
      status: 404,
      code: 'unknown_symbol',
    })
    const all = await open('/ws/v1', await ticketFor(key))
    all.socket.send(JSON.stringify({ op: 'subscribe', channels: [`gamma.${LIVE}`] }))
    await vi.waitFor(() => expect(all.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
  })

  it('is one of an owner with the longest name there is', async () => {
    owner = 'o'.repeat(64)
    const { key } = await makeKey({ mode: 'test' })
    const { socket, closes } = await open(compact('TICKETSYN'), await ticketFor(key))
    expect(closes).toEqual([])
    socket.close(1000)
  })
})

describe('the ticket of an access token', () => {
  it('is shown by our own pages only', async () => {
    const headers = { authorization: `Bearer ${await tokenFor('pro', owner)}` }
    const answer = await send('/v1/ws-ticket', { method: 'POST', headers })
    const { ticket } = v.parse(SocketTicketSchema, await answer.json())
    const response = await upgrade(compact(LIVE), ticket, { origin: 'https://partner.example' })
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'origin_not_allowed' })
  })
})
