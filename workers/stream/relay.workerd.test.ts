import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Env } from '#durable-objects/env'
import { createApp } from '../app.ts'
import { symbolStub } from '../symbol/symbolObject.ts'
import { envWithObjects } from '../testing/brokenObjects.ts'
import { seedSymbol, tokenFor } from '../testing/requests.ts'
import { openOnRelay } from './relay.ts'

beforeAll(() => seedSymbol('CROWD'))

describe('a socket that needs a relay', () => {
  /** Relays of which these have no room; remembers who was asked. */
  function relays(shards: number, full: readonly string[]) {
    const asked: string[] = []
    const hints = new Set<unknown>()
    const getByName = (name: string, options?: { locationHint?: string }) => ({
      readShards: async () => shards,
      fetch: async () => {
        asked.push(name)
        hints.add(options?.locationHint)
        return new Response(null, { status: full.includes(name) ? 503 : 200 })
      },
    })
    return { asked, hints, env: { RELAY: { getByName } as unknown as Env['RELAY'] } }
  }
  const upgrade = (continent: string) =>
    new Request('https://flipwire.test/ws/v1', { cf: { continent, longitude: '10' } } as RequestInit)

  it('gets one of its region, the same for the same caller', async () => {
    const group = relays(8, [])
    for (let i = 0; i < 3; i++) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await openOnRelay(group.env, upgrade('EU'), null, 'someone')
    }
    expect(new Set(group.asked).size).toBe(1)
    expect(group.asked[0]).toMatch(/^relay:weur:[0-7]$/)
    expect([...group.hints]).toEqual(['weur'])
  })

  it('gets the newest one when its own is full, then a new one, and no further', async () => {
    const group = relays(1, ['relay:SPX:sam:0'])
    expect((await openOnRelay(group.env, upgrade('SA'), 'SPX', 'someone')).status).toBe(200)
    expect(group.asked).toEqual(['relay:SPX:sam:0', 'relay:SPX:sam:1'])
    const names = [0, 1, 2, 3].map((shard) => `relay:SPX:oc:${shard}`)
    const crowded = relays(3, [])
    const callers = Array.from({ length: 20 }, (_, i) => `caller ${i}`)
    for (const caller of callers) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await openOnRelay(crowded.env, upgrade('OC'), 'SPX', caller)
    }
    const caller = callers[crowded.asked.indexOf('relay:SPX:oc:0')] ?? ''
    const busy = relays(3, names.slice(0, 2))
    expect((await openOnRelay(busy.env, upgrade('OC'), 'SPX', caller)).status).toBe(200)
    expect(busy.asked).toEqual(['relay:SPX:oc:0', 'relay:SPX:oc:2'])
    const full = relays(3, names)
    expect((await openOnRelay(full.env, upgrade('OC'), 'SPX', caller)).status).toBe(503)
    expect(full.asked).toEqual(['relay:SPX:oc:0', 'relay:SPX:oc:2', 'relay:SPX:oc:3'])
  })
})

it('a symbol whose object is full is served by its relay, on the same path', async () => {
  const real = symbolStub(env, 'CROWD')
  const crowded = envWithObjects(() => ({
    readFeed: () => real.readFeed(),
    fetch: async () => new Response(null, { status: 503 }),
  }))
  const path = `/ws/gamma-compact/CROWD?token=${await tokenFor('pro')}`
  const init = { headers: { upgrade: 'websocket' } }
  const response = await createApp().request(path, init, crowded, createExecutionContext())
  const socket = response.webSocket
  if (!socket) throw new Error(`expected a socket, was ${response.status}`)
  const message = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)))
  socket.accept()
  expect(JSON.parse(String(await message))).toMatchObject({ symbol: 'CROWD' })
  socket.close(1000)
})
