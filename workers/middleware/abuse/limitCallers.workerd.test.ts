/** Bursts of an API key, through the Worker's routes. */
import { applyD1Migrations, createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { KEY_SCOPES } from '#schemas/rest/keys'
import { createApp } from '../../app.ts'
import { insertKey } from '../../partner/keyStore.ts'
import { makeKey } from '../../partner/makeKey.ts'
import { problemOf } from '../../testing/requests.ts'

const nowMs = Date.now()
const app = createApp()
const clock = vi.spyOn(Date, 'now').mockReturnValue(nowMs)
afterAll(() => clock.mockRestore())

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

async function newKey(): Promise<string> {
  const plan = { owner: 'bursts', name: 'desk', scopes: KEY_SCOPES, expiresMs: nowMs + 60_000 }
  const { text, record } = await makeKey({ ...plan, mode: 'test' }, nowMs)
  await insertKey(env.DB, record)
  return text
}

const read = (key: string) =>
  app.request('/v1/windows', { headers: { 'x-api-key': key } }, env, createExecutionContext())

it('a key is refused for a moment beyond its burst, and another one of the account is not', async () => {
  const [first, second] = [await newKey(), await newKey()]
  expect((await read(first)).status).toBe(200)
  const answers = await Promise.all(Array.from({ length: 160 }, () => read(first)))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(11)
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  expect(await problemOf(refused[0] as Response)).toMatchObject({ code: 'rate_limited', retryAfterMs: 200 })
  expect((await read(second)).status).toBe(200)
  clock.mockReturnValue(nowMs + 200)
  expect((await read(first)).status).toBe(200)
  expect((await read(first)).status).toBe(429)
})
