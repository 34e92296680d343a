/** Tokens, tickets, keys and sockets that are ended before their time. */
import {
  applyD1Migrations,
  createExecutionContext,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { REVOCATION_KEPT_MS } from '#durable-objects/account/revocation'
import { SocketTicketSchema } from '#schemas/claims'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import type { Tier } from '#schemas/tiers'
import { createApp } from '../app.ts'
import { authKeys } from './authKeys.ts'
import { issueToken } from './issueToken.ts'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'
import { revokeCredential, revokeSubject } from './revocation.ts'
import { REVOCATIONS_KNOWN_FOR_MS } from './revocationMemory.ts'

const app = createApp()
/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('REVOKED', 'live')
})

let subject = ''
beforeEach(() => {
  subject = `user:${crypto.randomUUID()}`
})
afterEach(() => vi.restoreAllMocks())

const tokenOf = (tier: Tier = 'pro', who = subject) => tokenFor(tier, who)

async function call(path: string, token: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext()
  const headers = { authorization: `Bearer ${token}`, ...init.headers }
  const response = await app.request(path, { ...init, headers }, env, context)
  await waitOnExecutionContext(context)
  return response
}
/** A read that is not counted, which would take a second. */
const read = (token: string) => call('/v1/windows', token)
const statusOf = async (token: string) => (await read(token)).status

async function ticketFor(token: string): Promise<string> {
  const response = await call('/v1/ws-ticket', token, { method: 'POST' })
  return v.parse(SocketTicketSchema, await response.json()).ticket
}

function idOf(token: string): string {
  const [, claims = ''] = token.split('.')
  const json = atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
  return v.parse(v.object({ jti: v.string() }), JSON.parse(json)).jti
}

async function open(path: string, init: RequestInit = {}) {
  const headers = { upgrade: 'websocket', ...init.headers }
  const { status, webSocket } = await send(path, { ...init, headers })
  if (!webSocket) throw new Error(`expected a socket, was ${status}`)
  const closes: number[] = []
  webSocket.addEventListener('close', ({ code }) => void closes.push(code))
  webSocket.accept()
  return { socket: webSocket, closes }
}

const PATHS = ['/ws/v1', '/ws/gamma-compact/REVOKED', '/ws/greeks/REVOKED']
/** The object behind each path asks to be told right after it has taken the socket. */
const isWatched = (places: number) =>
  vi.waitFor(async () => {
    const count = await runInDurableObject(
      env.ACCOUNT.getByName(subject),
      (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM socketPlaces').one().n,
    )
    expect(count).toBe(places)
  }, PATIENT)

describe('a subject that is revoked', () => {
  it('is refused with every token issued until then, and let in with the next', async () => {
    const [first, second] = [await tokenOf('pro'), await tokenOf('free')]
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200])
    await revokeSubject(env, subject, Date.now())
    for (const token of [first, second]) {
      const problem = await problemOf(await read(token))
      expect(problem).toMatchObject({ status: 401, code: 'expired_token' })
    }
    // Within the same second, of which `iat` tells the milliseconds.
    const nowMs = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 2)
    expect(await statusOf(await tokenOf())).toBe(200)
  })

  it('is no other, and no guest', async () => {
    const other = await tokenOf('pro', `${subject}-2`)
    const guest = await tokenOf('guest', 'guest:1')
    await revokeSubject(env, subject, Date.now())
    await revokeSubject(env, 'guest:1', Date.now())
    expect(await statusOf(other)).toBe(200)
    expect(await statusOf(guest)).toBe(200)
  })

  it('is refused with a ticket it asked for before', async () => {
    const ticket = await ticketFor(await tokenOf())
    await revokeSubject(env, subject, Date.now())
    const response = await send(`/ws/v1?token=${ticket}`, { headers: { upgrade: 'websocket' } })
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'expired_token' })
  })

  it('loses its sockets of every kind, 4401, and nobody else does', async () => {
    const [token, other] = [await tokenOf(), await tokenOf('pro', `${subject}-2`)]
    const mine = await Promise.all(PATHS.map((path) => open(`${path}?token=${token}`)))
    mine.push(await open(`/ws/v1?token=${await ticketFor(token)}`))
    const theirs = await Promise.all(PATHS.map((path) => open(`${path}?token=${other}`)))
    await isWatched(2)
    await revokeSubject(env, subject, Date.now())
    for (const { closes } of mine)
      await vi.waitFor(() => expect(closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
    for (const { closes, socket } of theirs) {
      expect(closes).toEqual([])
      socket.close(1000)
    }
  })

  it('stays so when its object has slept, for longer than a token lives and no longer', async () => {
    const account = env.ACCOUNT.getByName(subject)
    const nowMs = Date.now()
    await revokeSubject(env, subject, nowMs)
    await evictDurableObject(account)
    expect(await account.readRevocations()).toEqual({ notBeforeMs: nowMs + 1, ended: [] })
    expect(await account.revoke('k', nowMs + REVOCATION_KEPT_MS)).toEqual({ notBeforeMs: 0, ended: ['k'] })
  })

  it('is not said to be when its object cannot be reached', async () => {
    const down = { ...env, ACCOUNT: { getByName: () => fail() } }
    await expect(revokeSubject(down, subject, Date.now())).rejects.toMatchObject({ code: 'unavailable' })
    expect(await statusOf(await tokenOf())).toBe(200)
  })
})

describe('revoked by another isolate, without Redis', () => {
  it('is known after half a minute', async () => {
    const token = await tokenOf()
    expect(await statusOf(token)).toBe(200)
    const nowMs = Date.now()
    await env.ACCOUNT.getByName(subject).revoke(null, nowMs)
    expect(await statusOf(token)).toBe(200)
    const clock = vi.spyOn(Date, 'now').mockReturnValue(nowMs + REVOCATIONS_KNOWN_FOR_MS)
    // Asked in the background of this read.
    await read(token)
    clock.mockReturnValue(nowMs + REVOCATIONS_KNOWN_FOR_MS + 1)
    expect(await statusOf(token)).toBe(401)
  })

  it('is let in, and counted on its token’s end, while nobody can be asked', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const context = createExecutionContext()
    const down = { ...env, ACCOUNT: { getByName: () => fail() } as unknown as typeof env.ACCOUNT }
    const headers = { authorization: `Bearer ${await tokenOf()}` }
    expect((await app.request('/v1/windows', { headers }, down, context)).status).toBe(200)
    await waitOnExecutionContext(context)
    expect(log).toHaveBeenCalled()
  })
})

describe('one credential', () => {
  it('is revoked by its id: that token, what came of it, and no other', async () => {
    const [lost, kept] = [await tokenOf(), await tokenOf()]
    const socket = await open(`/ws/v1?token=${lost}`)
    const other = await open(`/ws/v1?token=${kept}`)
    await isWatched(1)
    await revokeCredential(env, subject, idOf(lost), Date.now())
    expect(await statusOf(lost)).toBe(401)
    expect(await statusOf(kept)).toBe(200)
    await vi.waitFor(() => expect(socket.closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
    expect(other.closes).toEqual([])
    other.socket.close(1000)
  })

  it('is a session: its tokens, tickets and sockets, and nothing of another or of before sessions were said', async () => {
    const keys = await authKeys(env)
    const inSession = async (sessionId?: string) => {
      const grant = { subject, tier: 'pro', lifeSeconds: 600, ...(sessionId ? { sessionId } : {}) } as const
      return (await issueToken(grant, keys, Date.now())).token
    }
    const [ended, kept, old] = [await inSession('one'), await inSession('two'), await inSession()]
    const tickets = [await ticketFor(ended), await ticketFor(ended)]
    const openAll = async (token: string, ticket: string) => [
      ...(await Promise.all(PATHS.map((path) => open(`${path}?token=${token}`)))),
      await open(`/ws/v1?token=${ticket}`),
    ]
    const mine = await openAll(ended, tickets[0] ?? '')
    const others = [...(await openAll(kept, await ticketFor(kept))), await open(`/ws/v1?token=${old}`)]
    await isWatched(2)
    await revokeCredential(env, subject, 'one', Date.now())
    expect(await Promise.all([ended, kept, old].map(statusOf))).toEqual([401, 200, 200])
    const late = await send(`/ws/v1?token=${tickets[1]}`, { headers: { upgrade: 'websocket' } })
    expect(await problemOf(late)).toMatchObject({ status: 401, code: 'expired_token' })
    for (const { closes } of mine)
      await vi.waitFor(() => expect(closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
    expect(others.flatMap(({ closes }) => closes)).toEqual([])
    // All of them are ended together still, those without a session too.
    await revokeSubject(env, subject, Date.now())
    expect(await Promise.all([kept, old].map(statusOf))).toEqual([401, 401])
    for (const { closes } of others)
      await vi.waitFor(() => expect(closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
  })

  it.each(['live', 'test'] as const)(
    'is an API key of mode %s: refused at once, its sockets closed',
    async (mode) => {
      const body = JSON.stringify({ name: 'desk', mode })
      const owner = await tokenOf('partner')
      const made = await call('/v1/keys', owner, { method: 'POST', body })
      const { key, id } = v.parse(NewKeyAnswerSchema, await made.json()).data
      const withKey = async () => (await call('/v1/windows', key)).status
      expect(await withKey()).toBe(200)
      const mine = await open('/ws/v1', { headers: { 'x-api-key': key } })
      const owners = await open(`/ws/v1?token=${owner}`)
      if (mode === 'test') subject = `sandbox:${subject}`
      await isWatched(1)
      expect((await call(`/v1/keys/${id}`, owner, { method: 'DELETE' })).status).toBe(204)
      expect(await withKey()).toBe(401)
      await vi.waitFor(() => expect(mine.closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)
      expect(owners.closes).toEqual([])
      owners.socket.close(1000)
    },
  )
})

function fail(): never {
  throw new Error('out of reach')
}
