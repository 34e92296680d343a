/** What keeps an endpoint from being sent to: an owner who is no partner any more, and a secret that cannot be opened. */
import {
  applyD1Migrations,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tier } from '#schemas/tiers'
import type { NamedEvent } from '#schemas/webhookEvents'
import { Endpoints } from './endpoints.ts'
import { HELD_MS } from './pause.ts'
import { isSealed, seal, sealingKeys, type SealingSecrets } from './sealing.ts'
import { Secrets } from './secrets.ts'

/** Far ahead, so that no alarm rings by itself. */
const START_MS = Date.UTC(2046, 10, 20, 12)
const LOOK_MS = 15 * 60_000
const START = new Date(START_MS).toISOString()
const NOT_PARTNER = 'not sent: the account is free, webhooks need partner'
const NO_SECRET = 'not sent: the secret cannot be opened any more, rotate it'

let nowMs = START_MS
let received: { id: string; headers: Record<string, string>; body: string }[] = []
let account = ''
let owner = env.WEBHOOKS.getByName('')
beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
beforeEach(async () => {
  nowMs = START_MS
  received = []
  account = crypto.randomUUID()
  owner = env.WEBHOOKS.getByName(`user:${account}`)
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init = {}) => {
    const headers = init.headers as Record<string, string>
    received.push({ id: headers['webhook-id'] ?? '', headers, body: String(init.body) })
    return new Response(null, { status: 204 })
  })
  await env.DB.prepare('INSERT INTO accounts VALUES (?, ?, ?, 0)').bind(account, account, 'partner').run()
})
afterEach(() => vi.restoreAllMocks())

const setTier = (tier: Tier) =>
  env.DB.prepare('UPDATE accounts SET tier = ? WHERE id = ?').bind(tier, account).run()

async function register() {
  const request = { url: 'https://hooks.partner.com/a', events: ['key.rotated' as const], symbols: [] }
  const made = await owner.create({ ...request, description: '' })
  if (made === null) throw new Error('expected room for a webhook')
  return { id: made.webhook.id, secret: made.secret }
}

function rotated(key: string): NamedEvent {
  const data = { key, name: 'desk', successor: 'next', endsAt: START }
  return { id: `evt_key-${key}`, event: { type: 'key.rotated', timestamp: START, data } }
}

async function ringAfter(ms: number) {
  nowMs += ms
  await runDurableObjectAlarm(owner)
}

const ids = () => received.map(({ id }) => id)
const rowsOf = async (id: string) => (await owner.deliveries(id, { limit: 100 }))?.rows
const pausedOf = async () => (await owner.list()).map(({ paused }) => paused)
const paused = (reason: string, detail: string, since = START) => [{ reason, detail, since }]

describe('an owner who is no partner any more', () => {
  it('is sent nothing, is told why, and gets it all once the tier is back', async () => {
    const { id } = await register()
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    await setTier('free')
    await owner.tell([rotated('k2')])
    // The tier is remembered for half a minute.
    await ringAfter(30_000)
    const since = new Date(nowMs).toISOString()
    expect(ids()).toEqual(['evt_key-k1'])
    expect(await pausedOf()).toEqual(paused('tier', NOT_PARTNER, since))
    await owner.tell([rotated('k3')])
    expect(await rowsOf(id)).toMatchObject([
      { id: 'evt_key-k3', state: 'queued', attempts: 0, nextAttemptAt: null, lastError: NOT_PARTNER },
      { id: 'evt_key-k2', state: 'queued', attempts: 0, nextAttemptAt: null, lastError: NOT_PARTNER },
      { id: 'evt_key-k1', state: 'delivered' },
    ])
    await ringAfter(LOOK_MS)
    expect(ids()).toEqual(['evt_key-k1'])
    await setTier('partner')
    // Nobody asks for anything: its alarm alone finds out, and the next brings.
    await ringAfter(LOOK_MS)
    await ringAfter(0)
    expect(ids()).toEqual(['evt_key-k1', 'evt_key-k2', 'evt_key-k3'])
    expect(await rowsOf(id)).toMatchObject(Array.from({ length: 3 }, () => ({ lastError: null })))
    expect(await pausedOf()).toEqual([null])
  })

  it('is sent nothing after an eviction either', async () => {
    await register()
    await setTier('pro')
    await owner.tell([rotated('k1')])
    await evictDurableObject(owner)
    await ringAfter(0)
    await evictDurableObject(owner)
    await ringAfter(LOOK_MS)
    expect(ids()).toEqual([])
    await setTier('partner')
    // Whoever looks at the list sees it as it is.
    nowMs += 30_000
    expect(await pausedOf()).toEqual([null])
    await ringAfter(0)
    expect(ids()).toEqual(['evt_key-k1'])
  })

  it('has what waits given up after three days, can have it replayed, and is watched for no longer', async () => {
    const { id } = await register()
    await owner.change(id, { events: ['level.crossed', 'key.rotated'], symbols: ['PAUSED'] })
    await ringAfter(0)
    const symbols = async () => runInDurableObject(owner, (_, { storage }) => watched(storage.sql))
    expect(await symbols()).toEqual(['PAUSED'])
    await setTier('free')
    nowMs += 30_000
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    await ringAfter(HELD_MS)
    await ringAfter(0)
    await owner.tell([rotated('k2')])
    expect(await rowsOf(id)).toMatchObject([{ id: 'evt_key-k1', state: 'dead', lastError: NOT_PARTNER }])
    expect(await symbols()).toEqual([])
    await setTier('partner')
    await ringAfter(3_600_000)
    await ringAfter(0)
    expect(await symbols()).toEqual(['PAUSED'])
    expect(await owner.replay(id, { since: START, delivered: false })).toBe(1)
    await ringAfter(0)
    expect(ids()).toEqual(['evt_key-k1'])
  })

  it('who is not there any more is sent nothing', async () => {
    await register()
    await env.DB.prepare('DELETE FROM accounts WHERE id = ?').bind(account).run()
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    expect(ids()).toEqual([])
  })

  it('whose tier cannot be asked is sent nothing until it can, and no attempt is counted', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { id } = await register()
    await owner.tell([rotated('k1')])
    const database = Object.getPrototypeOf(env.DB) as D1Database
    const down = vi.spyOn(database, 'prepare').mockImplementation(() => {
      throw new Error('D1 is down')
    })
    await ringAfter(0)
    expect(ids()).toEqual([])
    expect(await rowsOf(id)).toMatchObject([{ state: 'queued', attempts: 0, lastError: null }])
    expect(await pausedOf()).toEqual([null])
    expect(log).toHaveBeenCalled()
    // It rests, and does not ask in a circle.
    const asked = down.mock.calls.length
    await ringAfter(14_999)
    expect(down).toHaveBeenCalledTimes(asked)
    down.mockRestore()
    await ringAfter(1)
    expect(ids()).toEqual(['evt_key-k1'])
  })
})

interface Stored extends Record<string, SqlStorageValue> {
  secret: string
  oldSecret: string | null
}
function watched(sql: SqlStorage): string[] {
  return sql
    .exec<{ symbol: string }>('SELECT symbol FROM watches')
    .toArray()
    .map(({ symbol }) => symbol)
}
const stored = () =>
  runInDurableObject(owner, (_, { storage }) =>
    storage.sql.exec<Stored>('SELECT secret, oldSecret FROM endpoints').one(),
  )
const store = (secret: string, oldSecret: string | null = null) =>
  runInDurableObject(owner, (_, { storage }) => {
    storage.sql.exec('UPDATE endpoints SET secret = ?, oldSecret = ?', secret, oldSecret)
  })

describe('a secret', () => {
  const newJwk = () => JSON.stringify({ d: `${crypto.randomUUID()}${crypto.randomUUID()}` })
  const place = (id: string) => `user:${account}\n${id}`

  function expectSigned(...secrets: string[]) {
    const { body = '', headers = {} } = received.at(-1) ?? {}
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeTruthy()
  }

  it('is stored sealed, also the one before it', async () => {
    const { id, secret } = await register()
    const next = (await owner.rotate(id))?.secret ?? ''
    const { secret: sealed, oldSecret } = await stored()
    expect([isSealed(sealed), isSealed(oldSecret ?? '')]).toEqual([true, true])
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    expectSigned(secret, next)
  })

  it('of before secrets were sealed is sealed at first use, and signs on', async () => {
    const { secret } = await register()
    const old = secret.replace(/^whsec_..../, 'whsec_AAAA')
    await store(secret, old)
    await runInDurableObject(owner, (_, { storage }) => {
      storage.sql.exec('UPDATE endpoints SET oldUntilMs = ?', START_MS + 1)
    })
    await evictDurableObject(owner)
    await owner.tell([rotated('k1')])
    expect(Object.values(await stored()).map((text) => isSealed(String(text)))).toEqual([true, true])
    await ringAfter(0)
    expectSigned(secret, old)
  })

  it('that was sealed with a former key is sealed anew while that is kept', async () => {
    const { id, secret } = await register()
    const before: SealingSecrets = { AUTH_PRIVATE_JWK: newJwk() }
    const foreign = await seal(secret, place(id), await sealingKeys(before))
    await store(foreign)
    const kept = {
      AUTH_PRIVATE_JWK: env.AUTH_PRIVATE_JWK,
      AUTH_FORMER_PRIVATE_JWKS: `{"keys":[${before.AUTH_PRIVATE_JWK}]}`,
    }
    await runInDurableObject(owner, (_, { storage }) =>
      new Secrets(`user:${account}`, new Endpoints(storage), () => sealingKeys(kept)).renew(),
    )
    expect((await stored()).secret).not.toBe(foreign)
    // The object itself has the key of now alone.
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    expectSigned(secret)
  })

  it('whose key is gone pauses its webhook until it is rotated; nothing is lost', async () => {
    const { id, secret } = await register()
    await store(await seal(secret, place(id), await sealingKeys({ AUTH_PRIVATE_JWK: newJwk() })))
    await evictDurableObject(owner)
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    expect(ids()).toEqual([])
    expect(await pausedOf()).toEqual(paused('secret', NO_SECRET))
    expect(await rowsOf(id)).toMatchObject([{ state: 'queued', attempts: 0, lastError: NO_SECRET }])
    const rotation = await owner.rotate(id)
    expect(rotation?.webhook.paused).toBeNull()
    await ringAfter(0)
    expect(ids()).toEqual(['evt_key-k1'])
    expectSigned(rotation?.secret ?? '')
  })

  it('of another endpoint does not open as its own', async () => {
    const { secret } = await register()
    await store(await seal(secret, place('other'), await sealingKeys(env)))
    await owner.tell([rotated('k1')])
    await ringAfter(0)
    expect([ids(), await pausedOf()]).toEqual([[], paused('secret', NO_SECRET)])
  })
})
