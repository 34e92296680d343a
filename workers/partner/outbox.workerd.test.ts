/** Events that outlive the Worker which was to tell them. */
import {
  applyD1Migrations,
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Env } from '#durable-objects/env'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import { createApp } from '../app.ts'
import worker from '../index.ts'
import { problemOf, tokenFor } from '../testing/requests.ts'
import { tellUntold } from './outbox.ts'
import { keyRotated } from './webhooks.ts'

const app = createApp()

let owner = ''
beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
beforeEach(async () => {
  owner = crypto.randomUUID()
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(null))
  await env.DB.exec('DELETE FROM webhook_outbox')
})
afterEach(() => vi.restoreAllMocks())

/** A Worker whose calls to the objects of webhooks end as `tell` does. */
function withTell(tell: (name: string) => Promise<void>): Env {
  const getByName = (name: string) => ({ tell: () => tell(name) })
  return { ...env, WEBHOOKS: { getByName } as unknown as Env['WEBHOOKS'] }
}

async function post(path: string, body?: unknown, bindings: Env = env, isAlive = true) {
  const headers = { authorization: `Bearer ${await tokenFor('partner', owner)}` }
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const context = createExecutionContext()
  const response = await app.request(path, { method: 'POST', headers, ...json }, bindings, context)
  if (isAlive) await waitOnExecutionContext(context)
  return response
}

async function makeKey(): Promise<string> {
  const response = await post('/v1/keys', { name: 'desk' })
  return v.parse(NewKeyAnswerSchema, await response.json()).data.id
}

/** The id of the event. */
async function rotate(key: string, bindings: Env = env, isAlive = true): Promise<string> {
  const response = await post(`/v1/keys/${key}/rotate`, undefined, bindings, isAlive)
  return `evt_key-${v.parse(NewKeyAnswerSchema, await response.json()).data.id}`
}

async function register(): Promise<string> {
  const request = { url: 'https://hooks.partner.com/', events: ['key.rotated' as const], symbols: [] }
  const made = await env.WEBHOOKS.getByName(owner).create({ ...request, description: '' })
  return made?.webhook.id ?? ''
}

async function toldTo(webhook: string): Promise<string[]> {
  const page = await env.WEBHOOKS.getByName(owner).deliveries(webhook, { limit: 500 })
  return page?.rows.map(({ id }) => id) ?? []
}

async function untold(): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM webhook_outbox ORDER BY id').all<{ id: string }>()
  return results.map(({ id }) => id)
}

const cron = () => worker.scheduled(createScheduledController({ cron: '* * * * *' }), env)

describe('the event of a rotation', () => {
  it('is told at once, and kept no longer than that takes', async () => {
    const webhook = await register()
    const event = await rotate(await makeKey())
    expect(await toldTo(webhook)).toEqual([event])
    expect(await untold()).toEqual([])
  })

  it('is told by the cron when the Worker died after the rotation', async () => {
    const webhook = await register()
    const dying = withTell(() => new Promise(() => {}))
    const event = await rotate(await makeKey(), dying, false)
    expect([await toldTo(webhook), await untold()]).toEqual([[], [event]])
    await cron()
    expect([await toldTo(webhook), await untold()]).toEqual([[event], []])
  })

  it('comes once when the Worker died after telling it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const webhook = await register()
    const key = await makeKey()
    const told = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('gone')))
    const event = await rotate(
      key,
      withTell(async (name) => {
        const { results } = await env.DB.prepare('SELECT id, event FROM webhook_outbox').all<{
          id: string
          event: string
        }>()
        const events = results.map(({ id, event: text }) => ({ id, event: JSON.parse(text) }))
        await env.WEBHOOKS.getByName(name).tell(events)
        return told()
      }),
    )
    expect(told).toHaveBeenCalledTimes(1)
    expect([await toldTo(webhook), await untold()]).toEqual([[event], [event]])
    await cron()
    await cron()
    expect([await toldTo(webhook), await untold()]).toEqual([[event], []])
  })

  it('is not there without the rotation', async () => {
    const key = await makeKey()
    await rotate(key)
    const broken = withTell(() => Promise.reject(new Error('down')))
    expect((await problemOf(await post(`/v1/keys/${key}/rotate`, undefined, broken))).code).toBe('key_limit')
    expect(await untold()).toEqual([])
  })
})

describe('events that were not told', () => {
  const keep = (name: string, of: string) => {
    const { id, event } = keyRotated({ id: 'old', name: 'desk' }, name, 0, 0)
    return env.DB.prepare('INSERT INTO webhook_outbox VALUES (?, ?, ?, 0)').bind(
      id,
      of,
      JSON.stringify(event),
    )
  }

  it('of one account keep no other waiting', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    await env.DB.batch([keep('a', '1-down'), keep('b', '2-up')])
    await tellUntold(
      withTell((name) => (name === '1-down' ? Promise.reject(new Error('down')) : Promise.resolve())),
    )
    expect(await untold()).toEqual(['evt_key-a'])
    expect(log).toHaveBeenCalledTimes(1)
  })

  it('are all told, however many', async () => {
    const webhook = await register()
    await env.DB.batch(Array.from({ length: 230 }, (_, i) => keep(String(i), owner)))
    await cron()
    expect(new Set(await toldTo(webhook)).size).toBe(230)
    expect(await untold()).toEqual([])
  })
})
