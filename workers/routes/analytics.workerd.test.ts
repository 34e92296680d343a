import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ChainSchema,
  ExposureSchema,
  LevelsSchema,
  StrikesSchema,
  TimelineSchema,
  type Levels,
} from '#schemas/rest/models'
import { ExplanationSchema, MethodsSchema, METRIC_FAMILIES, MetricsSchema } from '#schemas/rest/metrics'
import { VolatilitySchema } from '#schemas/rest/volatility'
import { createApp } from '../app.ts'
import { envWithObjects, platformError } from '../testing/brokenObjects.ts'
import { problemOf, read, seedSymbol, tokenFor } from '../testing/requests.ts'
import { symbolStub, type SymbolStub } from '../symbol/symbolObject.ts'

beforeAll(() => seedSymbol('ANALYTIC'))

const VIEWS = [
  ['/v1/exposure/ANALYTIC', ExposureSchema],
  ['/v1/exposure/ANALYTIC/strikes', StrikesSchema],
  ['/v1/exposure/ANALYTIC/timeline', TimelineSchema],
  ['/v1/levels/ANALYTIC', LevelsSchema],
  ['/v1/volatility/ANALYTIC', VolatilitySchema],
  ['/v1/metrics/ANALYTIC', MetricsSchema],
  ['/v1/explain/ANALYTIC/gammaPulse.netGex', ExplanationSchema],
  ['/v1/chain/ANALYTIC', ChainSchema],
] as const

describe('a view', () => {
  it.each(VIEWS)('%s answers its model and says what it is', async (path, schema) => {
    const response = await read(path)
    expect(response.status).toBe(200)
    const { meta } = v.parse(schema, await response.json())
    expect(meta).toMatchObject({ symbol: 'ANALYTIC', feed: 'synthetic', source: 'sample', currency: 'USD' })
    expect(response.headers.get('cache-control')).toBe('private, max-age=1')
    expect(response.headers.get('vary')).toMatch(/^Authorization, X-API-Key(, Accept)?$/)
    expect(response.headers.get('etag')).toMatch(new RegExp(`^"ANALYTIC-${meta.epoch}-${meta.sequence}(-|")`))
  })

  it.each(VIEWS)('%s answers 304 while its position holds', async (path) => {
    const etag = (await read(path)).headers.get('etag') ?? ''
    const again = await read(path, 'pro', { 'if-none-match': `W/"other", ${etag}` })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect(again.headers.get('etag')).toBe(etag)
    expect(again.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await read(path, 'pro', { 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('the chain', () => {
  it('comes in pages that together hold every contract once', async () => {
    const contracts: string[] = []
    let path: string | null = '/v1/chain/ANALYTIC?limit=1'
    for (let pages = 0; path !== null && pages < 10; pages++) {
      const response: Response = await read(path)
      const { data } = v.parse(ChainSchema, await response.json())
      expect(data.total).toBe(3)
      contracts.push(...data.rows.map((row) => row.contract))
      const link: string | null = response.headers.get('link')
      expect(link === null).toBe(data.nextCursor === null)
      path = link === null ? null : (/^<(.*)>; rel="next"$/.exec(link)?.[1] ?? null)
    }
    expect(contracts).toHaveLength(3)
    expect(new Set(contracts).size).toBe(3)
  })

  it('is filtered by right', async () => {
    const response = await read('/v1/chain/ANALYTIC?right=put')
    const { data } = v.parse(ChainSchema, await response.json())
    expect(data.rows.map((row) => row.right)).toEqual(['put', 'put'])
  })

  it.each([
    ['expiry', '2026-02-30'],
    ['expiry', 'soon'],
    ['right', 'CALL'],
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '1e2'],
    ['cursor', 'x'.repeat(129)],
  ])('refuses the parameter %s=%s by name', async (field, value) => {
    const problem = await problemOf(await read(`/v1/chain/ANALYTIC?${field}=${value}`))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_parameter', errors: [{ field }] })
  })
})

describe('metrics', () => {
  it('come by family, in any number of them', async () => {
    const { data } = v.parse(
      MetricsSchema,
      await (await read('/v1/metrics/ANALYTIC?family=gammaPulse,level')).json(),
    )
    expect(Object.keys(data)).toContain('gammaPulse')
    expect(data.gammaPulse?.['netGex']).toMatchObject({ unit: 'USD per +1 % of spot', model: 'M1' })
    const all = METRIC_FAMILIES.map((family) => `family=${family}`).join('&')
    const everything = v.parse(MetricsSchema, await (await read(`/v1/metrics/ANALYTIC?${all}`)).json())
    for (const readings of Object.values(everything.data))
      for (const { value, reason } of Object.values(readings)) expect(value === null).toBe(reason !== null)
  })

  it('are explained down to contracts that add up to the value', async () => {
    const answer = await read('/v1/explain/ANALYTIC/gammaPulse.netGex')
    const { data } = v.parse(ExplanationSchema, await answer.json())
    const { contributions, value } = data
    const sum = (contributions?.items ?? []).reduce((all, { amount }) => all + amount, 0)
    expect(sum + (contributions?.rest?.amount ?? 0)).toBe(value)
  })

  it.each(['gex', 'greeks', ''])('refuse the family %j by name', async (family) => {
    const problem = await problemOf(await read(`/v1/metrics/ANALYTIC?family=${family}`))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_parameter', errors: [{ field: 'family' }] })
  })

  it('that do not exist are not found', async () => {
    const problem = await problemOf(await read('/v1/explain/ANALYTIC/gammaPulse.magic'))
    expect(problem).toMatchObject({ status: 404, code: 'unknown_metric' })
  })

  it('say what they mean to anyone', async () => {
    const { data } = v.parse(MethodsSchema, await (await read('/v1/methods')).json())
    expect(data.map(({ id }) => id)).toContain('gammaPulse.netGex')
    expect(new Set(data.map(({ id }) => id)).size).toBe(data.length)
  })
})

describe('reads of every kind within a second of each other', () => {
  it.each(['levels', 'exposure', 'volatility', 'metrics', 'metrics?family=level&bands=true'])(
    'do not wake the object: %s',
    async (what) => {
      const symbol = `AWAKE${what.length}`
      await seedSymbol(symbol)
      const path = `/v1/${what.replace(/^\w+/, `$&/${symbol}`)}`
      // Frozen, because a busy machine may take longer than a second.
      const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now())
      const init = { headers: { authorization: `Bearer ${await tokenFor('pro')}` } }
      const first = await createApp().request(path, init, env, createExecutionContext())
      let stubs = 0
      const asleep = envWithObjects(() => {
        stubs++
        return {}
      })
      const second = await createApp().request(path, init, asleep, createExecutionContext())
      clock.mockRestore()
      expect(second.headers.get('cache-status')).toBe('flipwire; hit')
      expect(await second.text()).toBe(await first.text())
      expect(stubs).toBe(0)
    },
  )
})

describe('an object out of reach', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterAll(() => log.mockRestore())
  const down = () => Promise.reject(platformError('too much', { overloaded: true }))

  async function readLevels(symbol: string, open: () => Partial<SymbolStub>): Promise<Response> {
    const init = { headers: { authorization: `Bearer ${await tokenFor('free')}` } }
    return createApp().request(`/v1/levels/${symbol}`, init, envWithObjects(open), createExecutionContext())
  }

  it('is answered for by the last answer, marked stale, and 503 without one', async () => {
    await seedSymbol('HOT')
    const first = await (await read('/v1/levels/HOT')).json<Levels>()
    // Two seconds on: too old to be the answer, young enough to stand in.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000)
    const stale = await readLevels('HOT', () => ({ readFeed: down, readLevels: down }))
    clock.mockRestore()
    expect(stale.status).toBe(200)
    expect(stale.headers.get('cache-status')).toBe('flipwire; hit; ttl=-2; detail="object out of reach"')
    expect(stale.headers.get('etag')).toMatch(/-(stale|closed)"$/)
    const answer = await stale.json<Levels>()
    expect(answer.data).toEqual(first.data)
    expect(answer.meta.quality.freshness).not.toBe('fresh')

    const cold = await readLevels('COLD', () => ({ readFeed: down, readLevels: down }))
    expect(cold.headers.get('retry-after')).toBe('1')
    expect(await problemOf(cold)).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it.each([
    ['RETRY', { retryable: true }],
    ['RESET', { durableObjectReset: true, remote: true }],
  ])('is asked again through a new stub when that may help: %s', async (symbol, flags) => {
    await seedSymbol(symbol)
    const { response, stubs } = await readThroughFailing(symbol, flags, 1)
    expect(response.status).toBe(200)
    expect(stubs).toBe(2)
  })

  it('is asked twice at most', async () => {
    await seedSymbol('AGAIN')
    const { response, stubs } = await readThroughFailing('AGAIN', { retryable: true }, 5)
    expect(response.status).toBe(503)
    expect(stubs).toBe(2)
  })

  it('is not asked again when it is overloaded', async () => {
    await seedSymbol('FULL')
    const { response, stubs } = await readThroughFailing('FULL', { retryable: true, overloaded: true }, 5)
    expect(response.status).toBe(503)
    expect(stubs).toBe(1)
  })

  /** The first `failures` reads of levels fail; counts the stubs they were tried through. */
  async function readThroughFailing(symbol: string, flags: object, failures: number) {
    const real = symbolStub(env, symbol)
    let stubs = 0
    const response = await readLevels(symbol, () => ({
      readFeed: () => real.readFeed(),
      readLevels: () =>
        ++stubs <= failures ? Promise.reject(platformError('platform says no', flags)) : real.readLevels(),
    }))
    return { response, stubs }
  }
})
