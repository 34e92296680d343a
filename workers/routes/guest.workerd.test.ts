/** A guest who comes with the last token is the same one, and nobody else is. */
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GuestTokenSchema, SocketTicketSchema } from '#schemas/claims'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import { UsageSchema } from '#schemas/rest/models'
import { WindowListSchema } from '#schemas/rest/windows'
import { newEmail, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import { createApp } from '../app.ts'
import { tokenFor } from '../testing/requests.ts'

const HOUR_MS = 3_600_000
const LIMITS = { unitsPerMinute: 1_000, unitsPerDay: 1_000 }
const app = createApp()
let nowMs = 0

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
beforeEach(() => {
  // Noon, so that a quarter of an hour is the same day.
  nowMs = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS + 12 * HOUR_MS
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

async function call(path: string, init: RequestInit = {}, bindings = env): Promise<Response> {
  const context = createExecutionContext()
  const response = await app.request(path, init, bindings, context)
  await waitOnExecutionContext(context)
  return response
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function guest(headers: Record<string, string> = {}, bindings = env): Promise<string> {
  const response = await call('/v1/auth/guest', { method: 'POST', headers }, bindings)
  const answer = v.parse(GuestTokenSchema, await response.json())
  expect(Object.keys(answer)).toEqual(['token', 'tier', 'expiresAt'])
  return answer.token
}
const renewed = (token: string) => guest(bearer(token))
const subjectOf = (token: string) => String(decodeJwt(token).sub)

describe('a guest with the last token', () => {
  it.each([0, 14 * 60_000, 16 * 60_000, 24 * HOUR_MS])('is the same one %i ms later', async (laterMs) => {
    const first = await guest()
    nowMs += laterMs
    const next = await renewed(first)
    expect(subjectOf(next)).toBe(subjectOf(first))
    expect(decodeJwt(next)).toMatchObject({ tier: 'guest', exp: Math.floor(nowMs / 1000) + 900 })
  })

  it('keeps the windows that are open and what was used of the day', async () => {
    const first = await guest()
    await call('/v1/windows', {
      method: 'POST',
      headers: bearer(first),
      body: JSON.stringify({ kind: 'exposure', symbol: 'SPX' }),
    })
    const lines = [{ route: 'GET /v1/symbols', keyId: '', calls: 3, units: 3 }]
    await env.ACCOUNT.getByName(subjectOf(first)).charge({ id: 'x', address: '', lines }, LIMITS)
    nowMs += 30_000
    const next = await renewed(first)
    const open = v.parse(
      WindowListSchema,
      await (await call('/v1/windows', { headers: bearer(next) })).json(),
    )
    expect(open.data).toHaveLength(1)
    nowMs += 16 * 60_000
    const later = await call('/v1/usage', { headers: bearer(await renewed(next)) })
    const usage = v.parse(UsageSchema, await later.json())
    expect(usage.data).toMatchObject({ calls: 3, units: 3 })
  })

  it('is another after a day without one, and after a week with', async () => {
    const first = await guest()
    nowMs += 24 * HOUR_MS + 15 * 60_000 + 1
    expect(subjectOf(await renewed(first))).not.toBe(subjectOf(first))
    const other = await guest()
    let last = other
    for (let day = 0; day < 7; day++) {
      nowMs += 24 * HOUR_MS
      last = await renewed(last)
      expect(subjectOf(last)).toBe(subjectOf(other))
    }
    nowMs += 1
    expect(subjectOf(await renewed(last))).not.toBe(subjectOf(other))
  })

  it('has the tier guests have, whatever the token said', async () => {
    const given = await tokenFor('partner', 'guest:of-an-operator')
    expect(decodeJwt(await renewed(given))).toMatchObject({ sub: 'guest:of-an-operator', tier: 'guest' })
  })

  it('is limited by its network as a new one is', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.77', ...bearer(await guest()) }
    const statuses: number[] = []
    for (let i = 0; i < 61; i++)
      statuses.push((await call('/v1/auth/guest', { method: 'POST', headers })).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('a new guest is', () => {
  const isNew = async (token: string, bindings = env) => {
    const next = await guest(bearer(token), bindings)
    expect(decodeJwt(next)).toMatchObject({ tier: 'guest', born: nowMs / 1000 })
    expect(subjectOf(next)).toMatch(/^guest:[0-9a-f-]{36}$/)
    return subjectOf(next)
  }

  it('who comes with the token of an account, a ticket, a key, or nonsense', async () => {
    const owner = await tokenFor('partner', 'user:1')
    await isNew(owner)
    const first = await guest()
    const asked = await call('/v1/ws-ticket', { method: 'POST', headers: bearer(first) })
    const { ticket } = v.parse(SocketTicketSchema, await asked.json())
    expect(await isNew(ticket)).not.toBe(subjectOf(first))
    const made = await call('/v1/keys', { method: 'POST', headers: bearer(owner), body: '{"name":"desk"}' })
    await isNew(v.parse(NewKeyAnswerSchema, await made.json()).data.key)
    for (const nonsense of ['x', 'a.b.c', `${first}x`, `${first.slice(0, -8)}AAAAAAAA`])
      expect(await isNew(nonsense)).not.toBe(subjectOf(first))
    await guest({ authorization: 'Basic eDp5' })
  })

  it('who has signed in, with a token from before, good or ended, and never the account', async () => {
    receiveMail()
    const visitor = new Visitor()
    await visitor.post('/v1/auth/guest')
    const first = visitor.token
    await visitor.signIn(newEmail())
    expect(subjectOf(visitor.token)).toMatch(/^user:/)
    for (const token of [first, visitor.token]) {
      expect(await isNew(token)).not.toBe(subjectOf(first))
      nowMs += 16 * 60_000
      expect(await isNew(token)).not.toBe(subjectOf(first))
    }
  })

  it('who cannot be looked up', async () => {
    const first = await guest()
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(await isNew(first, { ...env, DB: {} as unknown as D1Database })).not.toBe(subjectOf(first))
    expect(log).toHaveBeenCalledOnce()
  })
})
