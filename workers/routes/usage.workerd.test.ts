/** What a caller has used: booked for what was answered, refused where there is no room, and told. */
import { createExecutionContext, waitOnExecutionContext, applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dayOf } from '#durable-objects/account/days'
import type { Env } from '#durable-objects/env'
import { DailyUsageSchema, UsageSchema } from '#schemas/rest/models'
import { TIER_LIMITS, type Tier } from '#schemas/tiers'
import { createApp } from '../app.ts'
import { problemOf, seedSymbol, tokenFor } from '../testing/requests.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('USAGE')
})

const app = createApp()
let subject = ''
beforeEach(() => {
  subject = crypto.randomUUID()
})

interface Call {
  readonly tier?: Tier
  readonly headers?: Record<string, string>
  readonly bindings?: Env
}

/** Through the app with a context of its own, so that everything is booked when this resolves. */
async function call(
  path: string,
  { tier = 'partner', headers = {}, bindings = env }: Call = {},
): Promise<Response> {
  const context = createExecutionContext()
  const authorization = `Bearer ${await tokenFor(tier, subject)}`
  const response = await app.request(path, { headers: { authorization, ...headers } }, bindings, context)
  await waitOnExecutionContext(context)
  return response
}

async function usage(query = '', tier: Tier = 'partner') {
  return v.parse(UsageSchema, await (await call(`/v1/usage${query}`, { tier })).json()).data
}

/** Leaves room for `units` in this minute. */
async function spendAllBut(units: number, tier: Tier = 'partner'): Promise<void> {
  const limits = TIER_LIMITS[tier]
  const lines = [{ route: 'GET /', keyId: '', calls: 1, units: limits.unitsPerMinute - units }]
  await env.ACCOUNT.getByName(subject).record({ id: crypto.randomUUID(), address: '', lines }, limits)
}

function brokenLedger(fail: () => Promise<never> = () => Promise.reject(new Error('no ledger'))): Env {
  return { ...env, ACCOUNT: { getByName: () => ({ charge: fail, record: fail, readDaily: fail }) } as never }
}

describe.each(['partner', 'free'] as const)('a %s', (tier) => {
  it('is booked what was answered, at its price, by route', async () => {
    await Promise.all(Array.from({ length: 3 }, () => call('/v1/levels/USAGE', { tier })))
    const dear = await call('/v1/volatility/USAGE', { tier })
    expect(dear.headers.get('x-request-cost')).toBe('10')
    expect(await usage('', tier)).toEqual({
      caller: subject,
      tier,
      day: dayOf(Date.now()),
      calls: 4,
      units: 13,
      unitsPerDay: TIER_LIMITS[tier].unitsPerDay,
      byRoute: { 'GET /v1/levels/:symbol': 3, 'GET /v1/volatility/:symbol': 1 },
    })
  })

  it('pays nothing for a refusal, a 304, or the question', async () => {
    await call('/v1/levels/NODATA', { tier })
    await call('/v1/chain/USAGE?limit=0', { tier })
    const unchanged = await call('/v1/levels/USAGE', { tier, headers: { 'if-none-match': '*' } })
    expect(unchanged.status).toBe(304)
    expect(unchanged.headers.get('x-request-cost')).toBe('0')
    await usage('', tier)
    expect(await usage('', tier)).toMatchObject({ calls: 0, units: 0 })
  })

  it('is told the quota, and refused without room for the price', async () => {
    const limit = TIER_LIMITS[tier].unitsPerMinute
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 21, 12, 0, 10))
    await spendAllBut(6, tier)
    const first = await call('/v1/levels/USAGE', { tier })
    const second = await call('/v1/levels/USAGE', { tier })
    const dear = await call('/v1/volatility/USAGE', { tier })
    const cheap = await call('/v1/levels/USAGE', { tier })
    clock.mockRestore()
    expect(first.headers.get('ratelimit-policy')).toContain(`"minute";q=${limit};w=60`)
    expect(second.headers.get('ratelimit')).toMatch(/^"minute";r=4;t=50, "day";r=\d+;t=43190$/)
    expect([first.status, second.status, dear.status, cheap.status]).toEqual([200, 200, 429, 200])
    expect(dear.headers.get('retry-after')).toBe('50')
    expect(dear.headers.get('etag')).toBeNull()
    expect(dear.headers.get('x-request-cost')).toBe('0')
    expect(await problemOf(dear)).toMatchObject({
      code: 'quota_exceeded',
      'violated-policies': ['minute'],
      retryAfterMs: 50_000,
    })
  })
})

describe('who pays by the call', () => {
  it('gets exactly what there is room for, of many at once', async () => {
    await spendAllBut(20)
    const answers = await Promise.all(Array.from({ length: 60 }, () => call('/v1/levels/USAGE')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    expect(statuses.filter((status) => status === 429)).toHaveLength(40)
    expect((await usage()).byRoute['GET /v1/levels/:symbol']).toBe(20)
  })

  it('pays once for a call repeated by its id, also when nothing is left', async () => {
    await spendAllBut(1)
    const headers = { 'x-request-id': crypto.randomUUID() }
    const first = await call('/v1/levels/USAGE', { headers })
    const again = await call('/v1/levels/USAGE', { headers })
    const other = await call('/v1/chain/USAGE', { headers })
    expect([first, again].map((answer) => answer.headers.get('x-request-cost'))).toEqual(['1', '0'])
    expect(await again.json()).toMatchObject({ meta: { symbol: 'USAGE' } })
    expect(other.status).toBe(429)
  })

  it('is served nothing that is not booked', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const refused = await call('/v1/levels/USAGE', { bindings: brokenLedger() })
    log.mockRestore()
    expect(refused.headers.get('etag')).toBeNull()
    expect(await problemOf(refused)).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it('is booked once when the answer of the ledger gets lost', async () => {
    let lost = 0
    const forgetful = {
      ...env,
      ACCOUNT: {
        getByName: (name: string) => ({
          charge: async (...args: Parameters<ReturnType<Env['ACCOUNT']['getByName']>['charge']>) => {
            const answer = await env.ACCOUNT.getByName(name).charge(...args)
            if (lost++ < 2) throw new Error('lost')
            return answer
          },
        }),
      } as never,
    }
    expect((await call('/v1/levels/USAGE', { bindings: forgetful })).status).toBe(200)
    expect(lost).toBe(3)
    expect(await usage()).toMatchObject({ calls: 1, units: 1 })
  })

  it('gets no socket without room, and pays for one that opens', async () => {
    const headers = { upgrade: 'websocket' }
    const opened = await call('/ws/gamma-compact/USAGE', { headers })
    opened.webSocket?.accept()
    opened.webSocket?.close(1000)
    expect((await usage()).byRoute).toEqual({ 'GET /ws/gamma-compact/:symbol': 1 })
    await spendAllBut(0)
    const refused = await call('/ws/gamma-compact/USAGE', {
      headers: { ...headers, 'x-request-id': 'one-more' },
    })
    expect([opened.status, refused.status, refused.webSocket]).toEqual([101, 429, null])
  })
})

describe('who does not', () => {
  it('is never refused because the ledger cannot be reached', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const response = await call('/v1/levels/USAGE', { tier: 'free', bindings: brokenLedger() })
    const asked = await call('/v1/usage', { tier: 'free', bindings: brokenLedger() })
    const logged = log.mock.calls.flat().join()
    log.mockRestore()
    expect(response.status).toBe(200)
    expect(logged).toContain('usage not counted')
    expect(await problemOf(asked)).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it('is booked in one sum what was answered within a second', async () => {
    const records = vi.fn<(name: string) => void>()
    const counting = {
      ...env,
      ACCOUNT: {
        getByName: (name: string) => {
          const account = env.ACCOUNT.getByName(name)
          const record: typeof account.record = (charge, limits) => {
            records(name)
            return account.record(charge, limits)
          }
          return { record, readRevocations: () => account.readRevocations() }
        },
      } as never,
    }
    await Promise.all(
      Array.from({ length: 10 }, () => call('/v1/levels/USAGE', { tier: 'free', bindings: counting })),
    )
    expect(records).toHaveBeenCalledTimes(1)
    expect((await usage('', 'free')).calls).toBe(10)
  })
})

describe('a network of guests', () => {
  const mint = (address: string) =>
    app.request('/v1/auth/guest', { method: 'POST', headers: { 'cf-connecting-ip': address } }, env)

  it('is given so many tokens at once, and another one its own', async () => {
    const answers = await Promise.all(Array.from({ length: 70 }, () => mint('203.0.113.9')))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(await problemOf(refused[0] as Response)).toMatchObject({ code: 'rate_limited' })
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await mint('203.0.113.10')).status).toBe(200)
  })
})

describe('daily usage', () => {
  it('is paged by day, route and key, and comes as a table', async () => {
    await call('/v1/levels/USAGE')
    await call('/v1/chain/USAGE')
    const read = async (query: string) =>
      v.parse(DailyUsageSchema, await (await call(`/v1/usage/daily${query}`)).json())
    const first = await read('?limit=1')
    const second = await read(`?limit=1&cursor=${first.nextCursor}`)
    expect([...first.data, ...second.data]).toEqual([
      { day: dayOf(Date.now()), route: 'GET /v1/chain/:symbol', key: null, calls: 1, units: 1 },
      { day: dayOf(Date.now()), route: 'GET /v1/levels/:symbol', key: null, calls: 1, units: 1 },
    ])
    expect(second.nextCursor).toBeNull()
    const file = await call('/v1/usage/daily', { headers: { accept: 'text/csv' } })
    expect(file.headers.get('content-type')).toContain('text/csv')
    expect((await file.text()).split(/\r?\n/)[0]).toBe('day,route,key,calls,units')
    expect(await read('?from=2020-01-01&to=2020-02-01')).toEqual({ data: [], nextCursor: null })
  })

  it('refuses a cursor that is none', async () => {
    expect((await problemOf(await call('/v1/usage/daily?cursor=abc'))).code).toBe('invalid_parameter')
  })
})
