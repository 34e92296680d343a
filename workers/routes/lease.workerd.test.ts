import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LeaseGranted } from '#schemas/ingest/lease'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import { INGEST_HEADERS } from '#schemas/ingest/signature'
import { signPost } from '../ingest/signPost.ts'
import { batchFor, postBatch, problemOf, send } from '../testing/requests.ts'

afterEach(() => {
  vi.useRealTimers()
})

let lastTimestampMs = 0

async function ask(
  symbol: string,
  request: unknown,
  { timestampMs = Date.now(), headers = {} as Record<string, string> } = {},
): Promise<Response> {
  const path = `/v1/ingest/${symbol}/lease`
  const body = new TextEncoder().encode(typeof request === 'string' ? request : JSON.stringify(request))
  lastTimestampMs = Math.max(timestampMs, lastTimestampMs + 1)
  const signed = await signPost(env.TEST_INGEST_PRIVATE_JWK, path, body, lastTimestampMs)
  return send(path, { method: 'POST', body, headers: { ...signed, ...headers } })
}

const acquire = (holder: string, lastEpoch = 0) => ({ op: 'acquire', holder, source: 'test', lastEpoch })

async function granted(response: Response): Promise<LeaseGranted> {
  expect(response.status).toBe(200)
  return response.json()
}

describe('the lease of a symbol', () => {
  it('is granted to one bridge and refused to the next, saying when to ask again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    expect(await granted(await ask('LEASE', acquire('bridge-one')))).toEqual({
      ok: true,
      epoch: 1,
      ttlMs: 3_000,
      renewEveryMs: 1_000,
    })
    const confirmed = await ask('LEASE', { op: 'renew', holder: 'bridge-one', epoch: 1 })
    expect(await granted(confirmed)).toMatchObject({ ttlMs: 10_000, renewEveryMs: 3_000 })
    vi.setSystemTime(Date.now() + 2_500)
    const refused = await ask('LEASE', acquire('bridge-two'))
    expect(refused.headers.get('retry-after')).toBe('8')
    expect(await problemOf(refused)).toMatchObject({ status: 409, code: 'lease_held', retryAfterMs: 7_500 })
    vi.setSystemTime(Date.now() + 7_500)
    expect((await granted(await ask('LEASE', acquire('bridge-two')))).epoch).toBe(2)
    const late = await ask('LEASE', { op: 'renew', holder: 'bridge-one', epoch: 1 })
    expect((await problemOf(late)).code).toBe('lease_held')
  })

  it('is not prolonged by what its holder asked for long ago', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const startMs = Date.now()
    await granted(await ask('LATE', acquire('bridge-one')))
    vi.setSystemTime(startMs + 12_900)
    const renewal = { op: 'renew', holder: 'bridge-one', epoch: 1 }
    await granted(await ask('LATE', renewal, { timestampMs: startMs + 3_000 }))
    vi.setSystemTime(startMs + 13_100)
    expect((await granted(await ask('LATE', acquire('bridge-two')))).epoch).toBe(2)
  })

  it('survives an eviction: holder, time and epoch', async () => {
    await granted(await ask('EVICTED', acquire('bridge-one')))
    await evictDurableObject(env.LEASE.getByName('EVICTED'))
    expect((await problemOf(await ask('EVICTED', acquire('bridge-two')))).code).toBe('lease_held')
    await granted(await ask('EVICTED', { op: 'renew', holder: 'bridge-one', epoch: 1 }))
    await granted(await ask('EVICTED', { op: 'release', holder: 'bridge-one', epoch: 1 }))
    await evictDurableObject(env.LEASE.getByName('EVICTED'))
    expect((await granted(await ask('EVICTED', acquire('bridge-two')))).epoch).toBe(2)
  })

  it('is above what the symbol has applied and what the bridge remembers', async () => {
    await postBatch('ABOVE', batchFor('ABOVE'))
    const { epoch } = await granted(await ask('ABOVE', acquire('bridge-one')))
    expect(epoch).toBe(SAMPLE_BATCH.epoch + 1)
    const far = epoch + 1_000
    expect((await granted(await ask('ABOVE', acquire('bridge-one', far)))).epoch).toBe(far + 1)
  })

  it('is never above what can be renewed, whatever a bridge claims to know', async () => {
    const problem = await problemOf(await ask('CLAIM', acquire('bridge-one', 2 ** 52)))
    expect(problem).toMatchObject({ code: 'invalid_parameter', errors: [{ field: 'lastEpoch' }] })
    const { epoch } = await granted(await ask('CLAIM', acquire('bridge-one', 2 ** 51)))
    await granted(await ask('CLAIM', { op: 'renew', holder: 'bridge-one', epoch }))
  })

  it('fences: the first batch under the new epoch refuses all later ones of the old', async () => {
    const old = await granted(await ask('FENCE', acquire('bridge-one')))
    await postBatch('FENCE', batchFor('FENCE', { epoch: old.epoch }))
    await ask('FENCE', { op: 'release', holder: 'bridge-one', epoch: old.epoch })
    const next = await granted(await ask('FENCE', acquire('bridge-two')))
    await postBatch('FENCE', batchFor('FENCE', { epoch: next.epoch }))
    const late = await postBatch('FENCE', batchFor('FENCE', { epoch: old.epoch, sequence: 2 }))
    expect(await problemOf(late)).toMatchObject({ status: 409, code: 'stale_epoch' })
  })
})

describe('a request that is no lease request', () => {
  it.each([
    ['no JSON', '{', 'body'],
    ['of an unknown kind', { op: 'steal', holder: 'bridge-one' }, 'op'],
    ['without a holder', { op: 'renew', epoch: 1 }, 'holder'],
    ['with a holder of other characters', { ...acquire('bridge-one'), holder: 'bridge one!' }, 'holder'],
    ['with an epoch that leaves no room above it', acquire('bridge-one', 2 ** 53 - 1), 'lastEpoch'],
    ['with an epoch below zero', { op: 'renew', holder: 'bridge-one', epoch: -1 }, 'epoch'],
    ['too long', JSON.stringify({ ...acquire('bridge-one'), padding: 'x'.repeat(1_024) }), 'body'],
  ])('is refused when %s, naming the field', async (_, request, field) => {
    const problem = await problemOf(await ask('BAD', request))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_parameter', errors: [{ field }] })
  })

  it('is refused unsigned, with another signature, and as a repeat', async () => {
    const unsigned = await send('/v1/ingest/BAD/lease', { method: 'POST', body: '{}' })
    expect((await problemOf(unsigned)).code).toBe('missing_signature')
    const headers = { [INGEST_HEADERS.signature]: 'A'.repeat(86) }
    expect((await problemOf(await ask('BAD', acquire('bridge-one'), { headers }))).code).toBe(
      'invalid_signature',
    )
    const path = '/v1/ingest/REPEAT/lease'
    const body = new TextEncoder().encode(JSON.stringify(acquire('bridge-one')))
    const signed = await signPost(env.TEST_INGEST_PRIVATE_JWK, path, body, Date.now())
    const post = () => send(path, { method: 'POST', body, headers: signed })
    expect((await post()).status).toBe(200)
    expect(await problemOf(await post())).toMatchObject({ status: 409, code: 'replayed_request' })
  })
})
