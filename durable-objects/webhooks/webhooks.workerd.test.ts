/** Deliveries: what arrives, what is tried again, what is given up, and what outlives the process. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NamedEvent } from '#schemas/webhookEvents'
import { MAX_ENDPOINTS, MAX_QUEUED, SECRET_OVERLAP_MS } from './contract.ts'
import { RETRY_DELAYS_MS } from './schedule.ts'

/** Far ahead, so that no alarm rings by itself. */
const START_MS = Date.UTC(2046, 10, 20, 12)
const DAY_MS = 86_400_000
/** With jitter, and whatever rest an endpoint is given. */
const AFTER_ANY_DELAY_MS = 2 * DAY_MS

interface Received {
  readonly url: string
  readonly id: string
  readonly headers: Record<string, string>
  readonly body: string
  readonly redirect: string | undefined
}

let nowMs = START_MS
let received: Received[] = []
let answer: (request: Received) => Response | Promise<Response> = () => new Response(null, { status: 204 })
beforeEach(() => {
  nowMs = START_MS
  received = []
  answer = () => new Response(null, { status: 204 })
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init = {}) => {
    const headers = init.headers as Record<string, string>
    const request = {
      url: String(input),
      id: headers['webhook-id'] ?? '',
      headers,
      body: String(init.body),
      redirect: init.redirect,
    }
    received.push(request)
    return answer(request)
  })
})
afterEach(() => vi.restoreAllMocks())

const newOwner = () => env.WEBHOOKS.getByName(crypto.randomUUID())
type Owner = ReturnType<typeof newOwner>

async function register(owner: Owner, url = 'https://hooks.partner.com/a') {
  const made = await owner.create({ url, events: ['key.rotated'], symbols: [], description: '' })
  if (made === null) throw new Error('expected room for a webhook')
  return { id: made.webhook.id, secret: made.secret }
}

function rotated(key: string): NamedEvent {
  const data = { key, name: 'desk', successor: 'next', endsAt: '2046-11-21T12:00:00.000Z' }
  return {
    id: `evt_key-${key}`,
    event: { type: 'key.rotated', timestamp: new Date(nowMs).toISOString(), data },
  }
}

/** Runs the alarm, if there is one. */
const ring = (owner: Owner) => runDurableObjectAlarm(owner)

async function ringAfter(owner: Owner, ms: number) {
  nowMs += ms
  await ring(owner)
}

async function statesOf(owner: Owner, id: string) {
  const page = await owner.deliveries(id, { limit: 100 })
  return page?.rows.map(({ state, attempts }) => `${state} ${attempts}`)
}

describe('an event', () => {
  it('arrives once, signed, in the form of Standard Webhooks', async () => {
    const owner = newOwner()
    const { id, secret } = await register(owner)
    await owner.tell([rotated('k1')])
    await ring(owner)
    expect(received).toHaveLength(1)
    const [{ url = '', headers = {}, body = '', redirect = '' } = {}] = received
    expect({ url, redirect, type: headers['content-type'] }).toEqual({
      url: 'https://hooks.partner.com/a',
      redirect: 'manual',
      type: 'application/json',
    })
    expect(new Webhook(secret).verify(body, headers)).toEqual(rotated('k1').event)
    expect(await statesOf(owner, id)).toEqual(['delivered 1'])
    await ringAfter(owner, AFTER_ANY_DELAY_MS)
    expect(received).toHaveLength(1)
  })

  it('that is told twice arrives once', async () => {
    const owner = newOwner()
    await register(owner)
    await owner.tell([rotated('k1'), rotated('k1')])
    await ring(owner)
    await owner.tell([rotated('k1')])
    await ring(owner)
    expect(received).toHaveLength(1)
  })

  it('outlives an eviction between being told and being brought', async () => {
    const owner = newOwner()
    await register(owner)
    await owner.tell([rotated('k1')])
    await evictDurableObject(owner)
    expect(received).toEqual([])
    await ring(owner)
    expect(received.map(({ id }) => id)).toEqual(['evt_key-k1'])
  })

  it('goes to endpoints that asked for its type, and to nobody else', async () => {
    const owner = newOwner()
    await register(owner)
    await owner.create({
      url: 'https://other.com/',
      events: ['usage.threshold'],
      symbols: [],
      description: '',
    })
    await owner.tell([rotated('k1')])
    await ring(owner)
    expect(received.map(({ url }) => url)).toEqual(['https://hooks.partner.com/a'])
  })

  it('is brought to one endpoint while another does not answer', async () => {
    const owner = newOwner()
    await register(owner, 'https://slow.com/')
    await owner.tell([rotated('k1')])
    const slow = Promise.withResolvers<Response>()
    answer = ({ url }) => (url === 'https://slow.com/' ? slow.promise : new Response(null))
    const run = ring(owner)
    await vi.waitFor(() => expect(received).toHaveLength(1))
    await register(owner, 'https://quick.com/')
    await owner.tell([rotated('k2')])
    await vi.waitFor(() => expect(received.map(({ url }) => url)).toContain('https://quick.com/'))
    slow.resolve(new Response(null))
    await run
  })
})

describe('an event that does not arrive', () => {
  const failing = () => new Response('x'.repeat(1_000_000), { status: 500 })

  it('is tried ten times under one id with fresh signatures, then is dead, and can be replayed', async () => {
    const owner = newOwner()
    const { id, secret } = await register(owner)
    answer = failing
    await owner.tell([rotated('k1')])
    await ring(owner)
    for (const delayMs of RETRY_DELAYS_MS) {
      const before = received.length
      await ringAfter(owner, delayMs - 1)
      expect(received).toHaveLength(before)
      // An endpoint that has failed often rests for longer than the next delay.
      await ringAfter(owner, 300_001)
      expect(received).toHaveLength(before + 1)
    }
    expect(new Set(received.map(({ id: event }) => event))).toEqual(new Set(['evt_key-k1']))
    expect(new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
    expect(await statesOf(owner, id)).toEqual(['dead 10'])
    answer = () => new Response(null)
    expect(await owner.replay(id, { delivery: 'evt_key-k1' })).toBe(1)
    await ringAfter(owner, 300_001)
    const { body = '', headers = {} } = received.at(-1) ?? {}
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(received[0]?.body ?? ''))
    expect(await statesOf(owner, id)).toEqual(['delivered 1'])
  })

  it.each([
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } }),
      '302: redirects are not followed',
    ],
    ['no connection', () => Promise.reject(new TypeError('connect to 10.1.2.3 refused')), 'no connection'],
    ['no answer', () => Promise.reject(new DOMException('late', 'TimeoutError')), 'no answer within 15 s'],
  ] as const)('because of %s says so, and no more', async (_, given, lastError) => {
    const owner = newOwner()
    const { id } = await register(owner)
    answer = given
    await owner.tell([rotated('k1')])
    await ring(owner)
    const page = await owner.deliveries(id, { limit: 1 })
    expect(page?.rows).toMatchObject([{ state: 'queued', lastError }])
    expect(received).toHaveLength(1)
  })

  it('waits for as long as it was asked to, and so do the others', async () => {
    const owner = newOwner()
    await register(owner)
    answer = () => new Response(null, { status: 429, headers: { 'retry-after': '3600' } })
    await owner.tell([rotated('k1')])
    await ring(owner)
    await owner.tell([rotated('k2')])
    await ringAfter(owner, 3_599_999)
    expect(received).toHaveLength(1)
    answer = () => new Response(null)
    await ringAfter(owner, 1)
    expect(received.map(({ id }) => id)).toEqual(['evt_key-k1', 'evt_key-k2'])
    // A fifth later, so that all who were told the same do not come at once.
    await ringAfter(owner, 720_000)
    expect(received.map(({ id }) => id)).toEqual(['evt_key-k1', 'evt_key-k2', 'evt_key-k1'])
  })

  it('is sent again with all that were given up since an instant', async () => {
    const owner = newOwner()
    const { id } = await register(owner)
    await owner.tell([rotated('arrived')])
    await ring(owner)
    nowMs += 1_000
    const since = new Date(nowMs).toISOString()
    await owner.tell([rotated('k1'), rotated('k2')])
    await owner.change(id, { enabled: false })
    expect(await statesOf(owner, id)).toEqual(['dead 0', 'dead 0', 'delivered 1'])
    expect(await owner.replay(id, { since, delivered: false })).toBe('disabled')
    await owner.change(id, { enabled: true })
    expect(await owner.replay(id, { since, delivered: false })).toBe(2)
    await ring(owner)
    expect(received.map(({ id: event }) => event)).toEqual(['evt_key-arrived', 'evt_key-k1', 'evt_key-k2'])
    expect(await owner.replay(id, { since: '2046-11-20T00:00:00Z', delivered: true })).toBe(3)
  })
})

describe('an endpoint', () => {
  it('that is gone is turned off, and is sent nothing more until it is turned on', async () => {
    const owner = newOwner()
    const { id } = await register(owner)
    answer = () => new Response(null, { status: 410 })
    await owner.tell([rotated('k1')])
    await ring(owner)
    await owner.tell([rotated('k2')])
    await ringAfter(owner, AFTER_ANY_DELAY_MS)
    expect(received).toHaveLength(1)
    expect(await owner.list()).toMatchObject([{ enabled: false, disabledReason: 'gone' }])
    answer = () => new Response(null)
    await owner.change(id, { enabled: true })
    await owner.tell([rotated('k3')])
    await ring(owner)
    expect(received.map(({ id: event }) => event)).toEqual(['evt_key-k1', 'evt_key-k3'])
  })

  it('where nothing arrives for five days is turned off', async () => {
    const owner = newOwner()
    await register(owner)
    answer = () => new Response(null, { status: 500 })
    for (let day = 0; day < 5; day++) {
      await owner.tell([rotated(`k${day}`)])
      await ring(owner)
      expect(await owner.list()).toMatchObject([
        { enabled: true, failingSince: new Date(START_MS).toISOString() },
      ])
      nowMs += DAY_MS
    }
    await ring(owner)
    expect(await owner.list()).toMatchObject([{ enabled: false, disabledReason: 'failing', queued: 0 }])
  })

  it('is never called on this machine, also when it is registered already', async () => {
    const owner = newOwner()
    const { id } = await register(owner, 'http://127.0.0.1:9000/')
    await owner.tell([rotated('k1')])
    await ring(owner)
    expect(received).toEqual([])
    const page = await owner.deliveries(id, { limit: 1 })
    expect(page?.rows[0]?.lastError).toBe('address not allowed: expected an https address')
  })

  it('has ten beside it at most, however many are asked for at once', async () => {
    const owner = newOwner()
    const request = { url: 'https://a.com/', events: ['key.rotated' as const], symbols: [], description: '' }
    const made = await Promise.all(Array.from({ length: 25 }, () => owner.create(request)))
    expect(made.filter((one) => one !== null)).toHaveLength(MAX_ENDPOINTS)
  })

  it('takes what is on its way to it along when it is removed', async () => {
    const owner = newOwner()
    const { id } = await register(owner)
    await owner.tell([rotated('k1')])
    expect([await owner.remove(id), await owner.remove(id)]).toEqual([true, false])
    await ring(owner)
    expect(received).toEqual([])
    expect(await owner.deliveries(id, { limit: 1 })).toBeNull()
  })

  it('loses events, and counts them, beyond a hundred thousand that wait', async () => {
    const owner = newOwner()
    const { id } = await register(owner)
    await runInDurableObject(owner, (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)
         INSERT INTO deliveries (endpoint, event, type, body, createdMs, nextMs)
         SELECT ?, 'evt_' || n, 'key.rotated', '{}', 0, ? FROM i`,
        MAX_QUEUED - 1,
        id,
        START_MS + DAY_MS,
      )
    })
    await owner.tell([rotated('k1'), rotated('k2'), rotated('k3')])
    expect(await owner.list()).toMatchObject([{ queued: MAX_QUEUED, dropped: 2 }])
  })
})

describe('a secret', () => {
  it('that was rotated signs beside the new one for a day', async () => {
    const owner = newOwner()
    const { id, secret: old } = await register(owner)
    const next = (await owner.rotate(id))?.secret ?? ''
    const accepts = (secret: string) => {
      const { body = '', headers = {} } = received.at(-1) ?? {}
      try {
        return Boolean(new Webhook(secret).verify(body, headers))
      } catch {
        return false
      }
    }
    nowMs += SECRET_OVERLAP_MS - 1
    await owner.tell([rotated('k1')])
    await ring(owner)
    expect([accepts(old), accepts(next)]).toEqual([true, true])
    nowMs += 1
    await owner.tell([rotated('k2')])
    await ring(owner)
    expect([accepts(old), accepts(next)]).toEqual([false, true])
  })
})

describe('what has ended', () => {
  it('is let go of after a week if it arrived, after a month if it was given up', async () => {
    const owner = newOwner()
    const { id } = await register(owner)
    await owner.tell([rotated('k1')])
    await ring(owner)
    await owner.tell([rotated('k2')])
    await owner.change(id, { enabled: false })
    await ringAfter(owner, 7 * DAY_MS + 1)
    expect(await statesOf(owner, id)).toEqual(['dead 0'])
    await ringAfter(owner, 23 * DAY_MS + 1)
    expect(await statesOf(owner, id)).toEqual([])
  })
})
