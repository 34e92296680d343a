/** Every kind of credential at every door of the Worker: each opens its own and no other. */
import { applyD1Migrations, createExecutionContext, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { attachmentOf } from '#durable-objects/fanout/caller'
import { SocketTicketSchema } from '#schemas/claims'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import { createApp } from '../app.ts'
import type { Env } from '#durable-objects/env'
import { batchFor, problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'
import { authKeys } from './authKeys.ts'
import { issueTicket } from './issueToken.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('DOORS')
})

const SOCKET = '/ws/gamma-compact/DOORS'
const upgrade = { upgrade: 'websocket' }

/** By name, so that the table below reads as what it means. */
const DOORS = {
  'a read': (token: string) => send('/v1/symbols', { headers: { authorization: `Bearer ${token}` } }),
  'the query of a read': (token: string) => send(`/v1/symbols?token=${token}`),
  'the desk of tickets': (token: string) =>
    send('/v1/ws-ticket', { method: 'POST', headers: { authorization: `Bearer ${token}` } }),
  'the header of a socket': (token: string) =>
    send(SOCKET, { headers: { ...upgrade, authorization: `Bearer ${token}` } }),
  'the query of a socket': (token: string) => send(`${SOCKET}?token=${token}`, { headers: upgrade }),
  'a sub-protocol': (token: string) =>
    send(SOCKET, { headers: { ...upgrade, 'sec-websocket-protocol': `bearer.${token}` } }),
  'a bridge’s post': (token: string) =>
    send('/v1/ingest/DOORS', {
      method: 'POST',
      body: batchFor('DOORS'),
      headers: { authorization: `Bearer ${token}` },
    }),
} as const
type Door = keyof typeof DOORS

const CREDENTIALS = {
  'access token': () => tokenFor('partner'),
  'socket ticket': () => newTicket(),
  'API key': () => newKey(),
  'ticket of an API key': async () => newTicket('pro', await newKey()),
  'signing key': async () => encodeURIComponent(env.TEST_INGEST_PRIVATE_JWK),
  nothing: async () => '',
} as const
type Credential = keyof typeof CREDENTIALS

const OPENS: Readonly<Record<Credential, readonly Door[]>> = {
  'access token': [
    'a read',
    'the desk of tickets',
    'the header of a socket',
    'the query of a socket',
    'a sub-protocol',
  ],
  'socket ticket': ['the query of a socket', 'a sub-protocol'],
  'API key': ['a read', 'the desk of tickets', 'the header of a socket'],
  'ticket of an API key': ['the query of a socket', 'a sub-protocol'],
  'signing key': [],
  nothing: [],
}

async function newKey(): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenFor('partner', crypto.randomUUID())}` }
  const made = await send('/v1/keys', { method: 'POST', headers, body: '{"name":"desk"}' })
  return v.parse(NewKeyAnswerSchema, await made.json()).data.key
}

async function newTicket(tier: 'guest' | 'pro' = 'pro', credential?: string): Promise<string> {
  const headers = { authorization: `Bearer ${credential ?? (await tokenFor(tier))}` }
  const response = await send('/v1/ws-ticket', { method: 'POST', headers })
  expect(response.headers.get('cache-control')).toBe('no-store')
  return v.parse(SocketTicketSchema, await response.json()).ticket
}

function hangUp(response: Response): Response {
  response.webSocket?.accept()
  response.webSocket?.close(1000)
  return response
}

describe('a credential at a door', () => {
  const cells = (Object.keys(CREDENTIALS) as Credential[]).flatMap((credential) =>
    (Object.keys(DOORS) as Door[]).map((door) => ({
      credential,
      door,
      isOpen: OPENS[credential].includes(door),
    })),
  )
  it.each(cells)('$credential at $door: $isOpen', async ({ credential, door, isOpen }) => {
    const response = hangUp(await DOORS[door](await CREDENTIALS[credential]()))
    const expected = isOpen ? [/socket|sub-protocol/.test(door) ? 101 : 200] : [401]
    expect(expected).toContain(response.status)
  })
})

describe('a service that takes no access tokens in addresses', () => {
  const open = async (path: string, headers: Record<string, string> = {}, setting = 'off') =>
    createApp().request(
      path,
      { headers: { ...upgrade, ...headers } },
      { ...env, ACCESS_TOKEN_IN_QUERY: setting },
      createExecutionContext(),
    )

  it.each([SOCKET, '/ws/v1', '/ws/status', '/ws/greeks/DOORS'])('refuses them at %s', async (path) => {
    const refused = await problemOf(await open(`${path}?token=${await tokenFor('partner')}`))
    expect(refused).toMatchObject({
      status: 401,
      code: 'invalid_token',
      detail: expect.stringContaining('ticket'),
    })
  })

  it('takes tickets there, and access tokens in headers', async () => {
    expect(hangUp(await open(`${SOCKET}?token=${await newTicket()}`)).status).toBe(101)
    const token = await tokenFor('partner')
    expect(hangUp(await open(SOCKET, { authorization: `Bearer ${token}` })).status).toBe(101)
    expect(hangUp(await open(SOCKET, { 'sec-websocket-protocol': `bearer.${token}` })).status).toBe(101)
  })

  it.each([
    ['on', 101],
    ['Off', 401],
    ['false', 401],
    ['', 401],
  ])('%j lets them in: %i', async (setting, status) => {
    const response = await open(`${SOCKET}?token=${await tokenFor('partner')}`, {}, setting)
    expect(hangUp(response).status).toBe(status)
  })
})

describe('a ticket', () => {
  const open = (ticket: string) => send(`${SOCKET}?token=${ticket}`, { headers: upgrade })

  it('opens one of twenty sockets that try it at once', async () => {
    const ticket = await newTicket()
    const responses = await Promise.all(Array.from({ length: 20 }, () => open(ticket)))
    const statuses = responses.map((response) => hangUp(response).status)
    expect(statuses.filter((status) => status === 101)).toHaveLength(1)
    expect(statuses.filter((status) => status === 401)).toHaveLength(19)
  })

  it('is used up by what comes to nothing', async () => {
    const ticket = await newTicket()
    expect((await send(`${SOCKET}?token=${ticket}`)).status).toBe(426)
    const again = await problemOf(await open(ticket))
    expect(again).toMatchObject({ code: 'invalid_token', detail: expect.stringContaining('has been used') })
  })

  it('gives its socket the life of the access token, not its own', async () => {
    await seedSymbol('DOORSLIFE')
    const path = `/ws/gamma-compact/DOORSLIFE?token=${await newTicket()}`
    const response = await send(path, { headers: upgrade })
    response.webSocket?.accept()
    expect(response.status).toBe(101)
    const ends = await runInDurableObject(env.SYMBOL.getByName('DOORSLIFE'), (_, state) =>
      state.getWebSockets().map((socket) => attachmentOf(socket)?.expiresAtMs),
    )
    expect(ends).toHaveLength(1)
    const lifeMs = Number(ends[0]) - Date.now()
    expect(lifeMs).toBeGreaterThan(500_000)
    expect(lifeMs).toBeLessThanOrEqual(600_000)
    response.webSocket?.close(1000)
  })

  it('is worth no more than its tier', async () => {
    await seedSymbol('DOORSLIVE', 'live')
    const response = await send(`/ws/gamma-compact/DOORSLIVE?token=${await newTicket('guest')}`, {
      headers: upgrade,
    })
    expect(await problemOf(response)).toMatchObject({ code: 'upgrade_required', requiredTier: 'pro' })
  })

  it('opens nothing while its use cannot be recorded', async () => {
    const caller = { subject: 'a', tier: 'pro', expiresAtMs: Date.now() + 600_000 } as const
    const { token } = await issueTicket(caller, await authKeys(env), Date.now())
    const down = () => ({ burnTicket: () => Promise.reject(new Error('down')) })
    const noAccounts = { ...env, ACCOUNT: { getByName: down } as unknown as Env['ACCOUNT'] }
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const response = await createApp().request(
      `${SOCKET}?token=${token}`,
      { headers: upgrade },
      noAccounts,
      createExecutionContext(),
    )
    log.mockRestore()
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
  })
})
