import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WindowAnswerSchema, WindowListSchema } from '#schemas/rest/windows'
import type { Tier } from '#schemas/tiers'
import { createApp } from '../app.ts'
import { problemOf, tokenFor } from '../testing/requests.ts'

const app = createApp()
const chart = { kind: 'exposure', symbol: 'SPX' }

let subject = ''
let nowMs = 0
beforeEach(() => {
  subject = crypto.randomUUID()
  nowMs = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

async function call(
  method: string,
  path: string,
  { tier = 'free', body }: { tier?: Tier; body?: unknown } = {},
) {
  const context = createExecutionContext()
  const headers = { authorization: `Bearer ${await tokenFor(tier, subject)}` }
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await app.request(path, { method, headers, ...json }, env, context)
  await waitOnExecutionContext(context)
  return response
}

const open = (tier: Tier = 'free') => call('POST', '/v1/windows', { tier, body: chart })
const list = async (tier: Tier = 'free') =>
  v.parse(WindowListSchema, await (await call('GET', '/v1/windows', { tier })).json())

describe('windows', () => {
  it.each([
    ['guest', 5],
    ['free', 5],
    ['pro', 25],
    ['partner', 25],
  ] as const)('of a %s, a hundred asked for at once, are exactly %i', async (tier, limit) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => open(tier)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(limit)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(100 - limit)
    expect(await list(tier)).toMatchObject({ limit, renewEveryMs: 30_000 })
    expect((await list(tier)).data).toHaveLength(limit)
  })

  it('beyond the limit are refused by naming those that are open, and who may have more', async () => {
    for (let i = 0; i < 5; i++) await open()
    const problem = await problemOf(await open())
    expect(problem).toMatchObject({
      status: 409,
      code: 'window_limit',
      requiredTier: 'pro',
      upgradeUrl: '/?upgrade',
    })
    expect(problem.openWindows).toEqual((await list()).data)
    for (let i = 0; i < 25; i++) await open('partner')
    expect((await problemOf(await open('partner'))).requiredTier).toBeUndefined()
  })

  it('free their place when closed, and a minute after they were last renewed', async () => {
    const { data } = v.parse(WindowAnswerSchema, await (await open()).json())
    expect(data).toMatchObject({ ...chart, expiresAt: new Date(nowMs + 60_000).toISOString() })
    for (let i = 0; i < 4; i++) await open()
    nowMs += 30_000
    expect((await call('PUT', `/v1/windows/${data.id}`)).status).toBe(200)
    nowMs += 30_000
    expect((await list()).data.map(({ id }) => id)).toEqual([data.id])
    expect((await call('DELETE', `/v1/windows/${data.id}`)).status).toBe(204)
    expect((await list()).data).toEqual([])
    expect((await problemOf(await call('PUT', `/v1/windows/${data.id}`))).code).toBe('unknown_window')
    expect((await problemOf(await call('DELETE', `/v1/windows/${data.id}`))).code).toBe('unknown_window')
  })

  it('of others can not be seen, renewed or closed', async () => {
    const { data } = v.parse(WindowAnswerSchema, await (await open()).json())
    const first = subject
    subject = crypto.randomUUID()
    expect((await list()).data).toEqual([])
    expect((await call('PUT', `/v1/windows/${data.id}`)).status).toBe(404)
    expect((await call('DELETE', `/v1/windows/${data.id}`)).status).toBe(404)
    subject = first
    expect((await list()).data).toHaveLength(1)
  })

  it.each([
    [{ kind: 'exposure' }, '/symbol'],
    [{ kind: '1', symbol: 'SPX' }, '/kind'],
    [{ ...chart, id: 'mine' }, '/id'],
  ])('asked for as %j are refused by name', async (body, field) => {
    const problem = await problemOf(await call('POST', '/v1/windows', { body }))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_body', errors: [{ field }] })
  })
  it('asked for in more than 64 KiB are refused before all of it is read', async () => {
    let chunks = 0
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(16 * 1024).fill(0x20))
        if (++chunks === 1_000) controller.close()
      },
    })
    const headers = { authorization: `Bearer ${await tokenFor('free', subject)}` }
    const init = { method: 'POST', headers, body }
    const response = await app.request('/v1/windows', init, env, createExecutionContext())
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'invalid_body' })
    expect(chunks).toBeLessThan(10)
  })
})
