/** From a batch of ticks to a partner's endpoint: who watches a symbol is told what happens there. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { WebhookEventSchema, type WebhookEvent } from '#schemas/webhookEvents'
import { encoded, modelQuotes, NOW_MS, underlying } from '../symbol/testkit.ts'
import { holdClock, opened, pass, post, type Stub } from '../symbol/workerd.testkit.ts'

holdClock()

let received: WebhookEvent[] = []
beforeEach(() => {
  received = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    received.push(v.parse(WebhookEventSchema, JSON.parse(String(init?.body))))
    return new Response(null, { status: 204 })
  })
})

let second = 0
/** All that there is of a market, at this spot, and its frame. */
async function trade({ stub, symbol }: { stub: Stub; symbol: string }, sequence: number, spot: number) {
  const atMs = NOW_MS + ++second * 100
  vi.setSystemTime(atMs)
  const ticks = [...modelQuotes(atMs, spot), underlying(spot, atMs)]
  expect(await post(stub, encoded({ symbol, sequence, createdMs: atMs }, ticks))).toMatchObject({ ok: true })
  await pass(stub, 1_000)
}

async function watched(owner = env.WEBHOOKS.getByName(crypto.randomUUID())) {
  const market = await opened('live')
  const events = ['level.crossed' as const]
  const made = await owner.create({
    url: 'https://hooks.partner.com/',
    events,
    symbols: [market.symbol],
    description: '',
  })
  if (made === null) throw new Error('expected room for a webhook')
  await runDurableObjectAlarm(owner)
  await trade(market, 2, 6_020)
  const levels = await market.stub.readLevels()
  const callWall = levels?.data.callWall ?? 0
  expect(callWall).toBeGreaterThan(6_020)
  return { ...market, owner, id: made.webhook.id, callWall }
}

function untold(stub: Stub): Promise<number> {
  return runInDurableObject(
    stub,
    (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM untold').one().n,
  )
}

function rename(owner: DurableObjectStub, from: string, to: string): Promise<void> {
  return runInDurableObject(owner, (_, { storage }) => {
    storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`)
  })
}

describe('a level that spot crosses', () => {
  it('is told to who watches the symbol, with its quality', async () => {
    const market = await watched()
    await trade(market, 3, market.callWall + 10)
    await runDurableObjectAlarm(market.stub)
    await runDurableObjectAlarm(market.owner)
    const crossing = received.find(({ type, data }) => type === 'level.crossed' && data.level === 'callWall')
    expect(crossing?.data).toMatchObject({
      symbol: market.symbol,
      side: 'above',
      movedBy: 'spot',
      spotPrice: market.callWall + 10,
      previous: { spotPrice: 6_020, price: market.callWall },
      meta: { feed: 'live', quality: { freshness: 'fresh' } },
    })
    expect(await untold(market.stub)).toBe(0)
  })

  it('is told after an eviction of the symbol, and not twice', async () => {
    const market = await watched()
    await trade(market, 3, market.callWall + 10)
    await evictDurableObject(market.stub)
    await trade(market, 4, market.callWall + 11)
    await runDurableObjectAlarm(market.stub)
    await runDurableObjectAlarm(market.owner)
    const walls = received.filter(({ type, data }) => type === 'level.crossed' && data.level === 'callWall')
    expect(walls).toHaveLength(1)
  })

  it('waits in the symbol while the object of the watcher fails', async () => {
    const market = await watched()
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    await trade(market, 3, market.callWall + 10)
    const count = await untold(market.stub)
    expect(count).toBeGreaterThan(0)
    await rename(market.owner, 'endpoints', 'away')
    await runDurableObjectAlarm(market.stub)
    expect(log.mock.calls.flat().join()).toContain('tell_failed')
    expect(await untold(market.stub)).toBe(count)
    await rename(market.owner, 'away', 'endpoints')
    vi.setSystemTime(Date.now() + 60_000)
    await runDurableObjectAlarm(market.stub)
    expect(await untold(market.stub)).toBe(0)
  })

  it('is watched, also while another symbol can not be asked', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const [broken, sound] = [await opened('live'), await opened('live')]
    await runInDurableObject(broken.stub, (_, { storage }) => {
      storage.sql.exec('DROP TABLE watchers')
    })
    const owner = env.WEBHOOKS.getByName(crypto.randomUUID())
    const symbols = [broken.symbol, sound.symbol]
    await owner.create({ url: 'https://a.com/', events: ['regime.changed'], symbols, description: '' })
    await runDurableObjectAlarm(owner)
    expect(log.mock.calls.flat().join()).toContain('watch_failed')
    const watchers = await runInDurableObject(sound.stub, (_, { storage }) =>
      storage.sql.exec('SELECT * FROM watchers').toArray(),
    )
    expect(watchers).toHaveLength(1)
  })

  it('is nothing to who stopped watching, or was never told that there is anybody', async () => {
    const market = await watched()
    await market.owner.change(market.id, { symbols: [], events: ['key.rotated'] })
    await runDurableObjectAlarm(market.owner)
    await trade(market, 3, market.callWall + 10)
    expect(await untold(market.stub)).toBe(0)
  })
})
