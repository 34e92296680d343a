/** How many sockets one caller may have open, so that none takes the room of all. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Tier } from '#schemas/tiers'
import { problemOf, seedSymbol, send, tokenFor } from '../testing/requests.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('MANY')
})

async function openMany(path: string, tier: Tier, subject: string, count: number) {
  const token = await tokenFor(tier, subject)
  const open = () => send(`${path}?token=${token}`, { headers: { upgrade: 'websocket' } })
  const responses = await Promise.all(Array.from({ length: count }, open))
  for (const { webSocket } of responses) webSocket?.accept()
  const sockets = responses.flatMap(({ webSocket }) => webSocket ?? [])
  const refused = responses.filter(({ webSocket }) => !webSocket)
  return { open, sockets, refused }
}

describe('sockets of one caller', () => {
  it.each(['/ws/v1', '/ws/gamma-compact/MANY', '/ws/greeks/MANY'])(
    'at %s are ten for a guest, be they asked for at once; others have room',
    async (path) => {
      const { sockets, refused } = await openMany(path, 'guest', `crowd-${path}`, 14)
      expect([sockets.length, refused.length]).toEqual([10, 4])
      for (const response of refused) {
        expect(response.headers.get('retry-after')).toBe('30')
        expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited' })
      }
      const other = await openMany(path, 'guest', `other-${path}`, 1)
      expect(other.sockets).toHaveLength(1)
      for (const socket of [...sockets, ...other.sockets]) socket.close(1000)
    },
  )

  it('have room again when one has ended', async () => {
    const path = '/ws/gamma-compact/MANY'
    const { open, sockets } = await openMany(path, 'guest', 'comes back', 10)
    expect((await open()).status).toBe(429)
    sockets[0]?.close(1000)
    await vi.waitFor(async () => {
      const again = await open()
      again.webSocket?.accept()
      again.webSocket?.close(1000)
      expect(again.status).toBe(101)
    }, PATIENT)
    for (const socket of sockets) socket.close(1000)
  })

  it.each([
    ['free', 10],
    ['pro', 50],
    ['partner', 60],
  ] as const)('of tier %s are %i of sixty', async (tier, allowed) => {
    const { sockets } = await openMany('/ws/gamma-compact/MANY', tier, `many-${tier}`, 60)
    expect(sockets).toHaveLength(allowed)
    for (const socket of sockets) socket.close(1000)
  })
})
