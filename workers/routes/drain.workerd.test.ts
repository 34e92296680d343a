import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it, vi } from 'vitest'
import type { Drained } from '#schemas/ingest/drain'
import { signPost } from '../ingest/signPost.ts'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('DRAINA')
  await seedSymbol('DRAINB')
})

let lastTimestampMs = 0

async function signedPost(symbol: string, request: unknown) {
  const path = `/v1/ingest/${symbol}/drain`
  const body = new TextEncoder().encode(JSON.stringify(request))
  lastTimestampMs = Math.max(Date.now(), lastTimestampMs + 1)
  const headers = await signPost(env.TEST_INGEST_PRIVATE_JWK, path, body, lastTimestampMs)
  return () => send(path, { method: 'POST', body, headers })
}

async function drain(symbol: string, request: unknown): Promise<Response> {
  return (await signedPost(symbol, request))()
}

/** A viewer who has all of these. */
async function viewerOf(...symbols: readonly string[]) {
  const token = await tokenFor('pro', `viewer of ${symbols.join()}`)
  const response = await send(`/ws/v1?token=${token}`, { headers: { upgrade: 'websocket' } })
  const socket = response.webSocket
  if (!socket) throw new Error(`expected a socket, was ${response.status}`)
  const types: string[] = []
  const reconnects: unknown[] = []
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { type: string }
    types.push(message.type)
    if (message.type === 'reconnect') reconnects.push(message)
  })
  socket.accept()
  socket.send(JSON.stringify({ op: 'subscribe', channels: symbols.map((symbol) => `gamma.${symbol}`) }))
  const count = () => types.filter((type) => type === 'snapshot').length
  await vi.waitFor(() => expect(count()).toBe(symbols.length), PATIENT)
  return { socket, reconnects }
}

it('viewers are told once when to be back, whoever of their symbols is drained', async () => {
  const { socket, reconnects } = await viewerOf('DRAINA', 'DRAINB')
  const first = await (await drain('DRAINA', { delayMs: 30_000 })).json<Drained>()
  expect(first).toEqual({ ok: true, relays: 1, unreachable: 0, viewers: 1 })
  const second = await (await drain('DRAINB', { delayMs: 30_000 })).json<Drained>()
  expect(second).toEqual({ ok: true, relays: 1, unreachable: 0, viewers: 0 })
  await vi.waitFor(() => expect(reconnects).toEqual([{ type: 'reconnect', delayMs: 30_000 }]), PATIENT)
  socket.close(1000)
})

it('a symbol that nobody watches has nobody to send away', async () => {
  const answer = await (await drain('DRAINNONE', { delayMs: 0 })).json()
  expect(answer).toEqual({ ok: true, relays: 0, unreachable: 0, viewers: 0 })
})

it.each([[{}], [{ delayMs: -1 }], [{ delayMs: 60_001 }], [{ delayMs: '10' }]])(
  'a request of %j is refused',
  async (request) => {
    const problem = await problemOf(await drain('DRAINA', request))
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'delayMs' }] })
  },
)

it('only who holds a key of a bridge may ask, and each time anew', async () => {
  const unsigned = await send('/v1/ingest/DRAINA/drain', { method: 'POST', body: '{"delayMs":0}' })
  expect(await problemOf(unsigned)).toMatchObject({ status: 401, code: 'missing_signature' })
  const post = await signedPost('DRAINNONE', { delayMs: 0 })
  expect((await post()).status).toBe(200)
  expect(await problemOf(await post())).toMatchObject({ status: 409, code: 'replayed_request' })
})
