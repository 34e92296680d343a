import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MeterEvent } from './meterEvents.ts'
import { reportUsage } from './reportUsage.ts'
import { stripeBilling } from './stripe.ts'

const DAY_MS = 86_400_000
const limits = { unitsPerMinute: 1_000, unitsPerDay: 1_000 }
/** Far ahead, so that no alarm rings by itself. */
const firstDayMs = Date.UTC(2046, 10, 20, 12)

let nowMs = firstDayMs
let owner = ''
beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
beforeEach(async () => {
  nowMs = firstDayMs
  owner = crypto.randomUUID()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  await env.DB.exec('DELETE FROM billing_customers')
  await customer(owner)
})
afterEach(() => vi.restoreAllMocks())

async function customer(name: string): Promise<void> {
  await env.DB.prepare('INSERT INTO billing_customers VALUES (?, ?)').bind(name, `cus_${name}`).run()
}

async function use(units: number, route = 'GET /a', by = owner): Promise<void> {
  const lines = [{ route, keyId: '', calls: 1, units }]
  await env.ACCOUNT.getByName(by).charge({ id: crypto.randomUUID(), address: '', lines }, limits)
}

function provider(fail: () => boolean = () => false) {
  const events: MeterEvent[] = []
  const report = (event: MeterEvent) => {
    if (fail()) return Promise.reject(new Error('down'))
    events.push(event)
    return Promise.resolve()
  }
  return { events, report }
}

describe('the report of usage', () => {
  it('is one event a closed day, once', async () => {
    await use(2, 'GET /a')
    await use(3, 'GET /b')
    nowMs += DAY_MS
    await use(7)
    const billing = provider()
    for (let hour = 0; hour < 3; hour++) await reportUsage(env, billing, nowMs)
    expect(billing.events).toEqual([
      {
        event_name: 'flipwire_units',
        identifier: `2046-11-20:${owner}`,
        timestamp: Date.UTC(2046, 10, 20, 23, 59, 59) / 1000,
        payload: { stripe_customer_id: `cus_${owner}`, value: '5' },
      },
    ])
    nowMs += DAY_MS
    await reportUsage(env, billing, nowMs)
    expect(billing.events.map(({ payload }) => payload.value)).toEqual(['5', '7'])
  })

  it('is asked again under the same name until it is taken, and keeps nobody else waiting', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const other = crypto.randomUUID()
    await customer(other)
    await use(1)
    await use(4, 'GET /a', other)
    nowMs += DAY_MS
    let calls = 0
    const billing = provider(() => calls++ === 0)
    await reportUsage(env, billing, nowMs)
    expect(billing.events).toHaveLength(1)
    await reportUsage(env, billing, nowMs)
    expect(log).toHaveBeenCalledTimes(1)
    expect(billing.events.map(({ payload }) => payload.value).sort()).toEqual(['1', '4'])
  })

  it('says nothing of the sandbox, nor of who is no customer', async () => {
    await use(1, 'GET /a', `sandbox:${owner}`)
    await use(1, 'GET /a', crypto.randomUUID())
    nowMs += DAY_MS
    const billing = provider()
    await reportUsage(env, billing, nowMs)
    expect(billing.events).toEqual([])
  })
})

describe('to Stripe', () => {
  const event: MeterEvent = {
    event_name: 'flipwire_units',
    identifier: '2046-11-20:desk',
    timestamp: 1,
    payload: { stripe_customer_id: 'cus_1', value: '5' },
  }

  it('an event goes as a form, and a refusal is an error', async () => {
    const request = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() =>
      Promise.resolve(Response.json({})),
    )
    await stripeBilling('sk_test', request).report(event)
    const [url, init] = request.mock.calls[0] ?? []
    expect(url).toBe('https://api.stripe.com/v1/billing/meter_events')
    expect(init?.headers).toMatchObject({ authorization: 'Bearer sk_test' })
    expect(Object.fromEntries(new URLSearchParams(String(init?.body)))).toEqual({
      event_name: 'flipwire_units',
      identifier: '2046-11-20:desk',
      timestamp: '1',
      'payload[stripe_customer_id]': 'cus_1',
      'payload[value]': '5',
    })
    request.mockResolvedValue(new Response('{}', { status: 400 }))
    await expect(stripeBilling('sk_test', request).report(event)).rejects.toThrow('was 400')
  })
})
