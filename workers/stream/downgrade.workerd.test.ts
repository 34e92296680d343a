/** What becomes of an open socket when its caller may no longer have what it carries. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { FeedKind } from '#schemas/feed'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import type { Tier } from '#schemas/tiers'
import { batchFor, postBatch, seedSymbol, send, tokenFor } from '../testing/requests.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

async function open(path: string, token: string) {
  const response = await send(`${path}?token=${token}`, { headers: { upgrade: 'websocket' } })
  const socket = response.webSocket
  if (!socket) throw new Error(`expected a socket, was ${response.status}`)
  const closes: number[] = []
  let messages = 0
  socket.addEventListener('message', () => void messages++)
  socket.addEventListener('close', ({ code }) => void closes.push(code))
  socket.accept()
  return { socket, closes, messages: () => messages }
}

const openAs = async (path: string, tier: Tier) => open(path, await tokenFor(tier, `${tier}-${path}`))

/** The same source goes on with a market of another kind. */
async function continueAs(symbol: string, feed: FeedKind): Promise<void> {
  const next = { feed, epoch: SAMPLE_BATCH.epoch + 1, sequence: 1, createdMs: Date.now() }
  const response = await postBatch(symbol, batchFor(symbol, next))
  expect(await response.text()).toContain('applied')
}

describe('a synthetic market that becomes a live one', () => {
  it.each(['/ws/gamma-compact/', '/ws/greeks/'])(
    'closes sockets of %s whose tier does not include it, 4403, and no others',
    async (path) => {
      const symbol = path.includes('greeks') ? 'TURNGREEKS' : 'TURN'
      await seedSymbol(symbol, 'synthetic')
      const guest = await openAs(path + symbol, 'guest')
      const pro = await openAs(path + symbol, 'pro')
      await vi.waitFor(() => expect(Math.min(guest.messages(), pro.messages())).toBeGreaterThan(0), PATIENT)
      const [before, beforePro] = [guest.messages(), pro.messages()]
      await continueAs(symbol, 'live')
      await vi.waitFor(() => expect(guest.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
      await vi.waitFor(() => expect(pro.messages()).toBeGreaterThan(beforePro), PATIENT)
      expect(guest.messages()).toBe(before)
      expect(pro.closes).toEqual([])
      pro.socket.close(1000)
    },
  )

  it('closes 4403 a socket let in while the Worker still took the market for synthetic', async () => {
    await seedSymbol('TURNFAST', 'synthetic')
    const early = await openAs('/ws/gamma-compact/TURNFAST', 'guest')
    await continueAs('TURNFAST', 'live')
    await vi.waitFor(() => expect(early.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
    const late = await openAs('/ws/gamma-compact/TURNFAST', 'guest')
    await vi.waitFor(() => expect(late.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
    expect(late.messages()).toBe(0)
  })
})

describe('a caller who is of a lower tier than before', () => {
  it('has what the token in hand says until it ends, and is told 4403 with the next one', async () => {
    await seedSymbol('LOWERED', 'live')
    const subscribe = JSON.stringify({ op: 'subscribe', channels: ['gamma.LOWERED'] })
    const before = await open('/ws/v1', await tokenFor('pro', 'lowered'))
    const after = await open('/ws/v1', await tokenFor('free', 'lowered'))
    for (const { socket } of [before, after]) socket.send(subscribe)
    await vi.waitFor(() => expect(after.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
    await vi.waitFor(() => expect(before.messages()).toBeGreaterThan(2), PATIENT)
    expect(before.closes).toEqual([])
    before.socket.close(1000)
  })
})
