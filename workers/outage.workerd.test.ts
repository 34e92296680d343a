/** Whatever a call asks of a store or an object may fail, at any step: that is 503, to be tried again, and never our defect. */
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Env } from '#durable-objects/env'
import { newEmail, receiveMail, Visitor } from './accounts/visitor.workerd.testkit.ts'
import { createApp } from './app.ts'
import { signPost } from './ingest/signPost.ts'
import { openApiDocument } from './openapi/document.ts'
import { goodCall, type Call, type Known } from './openapi/fuzz/calls.testkit.ts'
import { operationsOf, takes, type Operation } from './openapi/fuzz/operations.testkit.ts'
import { Samples, type Schema } from './openapi/fuzz/samples.testkit.ts'
import { BINDINGS, envWithFaults, Faults, type BindingName } from './testing/faultyBindings.ts'
import { batchFor, ORIGIN, seedSymbol, tokenFor } from './testing/requests.ts'

/** The worst of what the platform throws: it looks like a defect of the object's code. */
const wasReset = () =>
  Object.assign(new Error('storage operation exceeded timeout which caused object to be reset'), {
    remote: true,
    durableObjectReset: true,
  })
/** Caches of an isolate are over by then, and no token is. */
const APART_MS = 70_000

const app = createApp()
const document = await openApiDocument(app, 'test')
const samples = new Samples((document.components?.schemas ?? {}) as Record<string, Schema>)
const operations = operationsOf(document)
const visitor = new Visitor()
/** How many faults were met: a fault that nothing runs into proves nothing. */
const met = Object.fromEntries(BINDINGS.map((name) => [name, 0])) as Record<BindingName, number>
let nowMs = Date.now()

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  receiveMail()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('OUTAGE')
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterAll(() => vi.restoreAllMocks())

it.each(operations)(
  '$method $pattern is 503 at whatever step it fails, or does without',
  async (operation) => {
    const call = await prepared(operation)
    const counted = Object.fromEntries(BINDINGS.map((name) => [name, new Faults()])) as Record<
      BindingName,
      Faults
    >
    await ask(operation, call, envWithFaults(counted))
    const defects: string[] = []
    for (const binding of BINDINGS)
      for (let fromCall = 1; fromCall <= counted[binding].calls; fromCall++) {
        const again = isOnce(operation) ? await prepared(operation) : call
        const faults = new Faults(fromCall, wasReset)
        const response = await ask(operation, again, envWithFaults({ [binding]: faults }))
        if (faults.calls >= fromCall) met[binding]++
        const defect = await defectOf(response)
        if (defect !== null) defects.push(`${binding} from call ${fromCall} on: ${defect}`)
      }
    expect(defects).toEqual([])
  },
)

it('has met a fault of every binding', () => {
  expect(BINDINGS.filter((name) => met[name] === 0)).toEqual([])
})

async function defectOf(response: Response): Promise<string | null> {
  if (response.status < 500) return null
  const isRetried = response.status === 503 && Number(response.headers.get('retry-after')) > 0
  return isRetried ? null : `${response.status} ${await response.text()}`
}

/** A good call, of something that is there. */
async function prepared(operation: Operation): Promise<Call> {
  if (visitor.token === '' || isOnce(operation)) await arrive()
  const known: Known = {
    parameters: { symbol: 'OUTAGE', metric: 'gammaPulse.netGex' },
    batch: new Uint8Array(batchFor('OUTAGE')),
  }
  const collection = /^(.+)\/\{id\}/.exec(operation.pattern)?.[1]
  const making = operations.find(({ method, pattern }) => method === 'POST' && pattern === collection)
  if (making === undefined) return goodCall(operation, samples, known)
  const made = await ask(making, goodCall(making, samples, known), env)
  const { data } = await made.json<{ data?: { id?: string } }>()
  return goodCall(operation, samples, {
    ...known,
    parameters: { ...known.parameters, id: data?.id ?? 'none' },
  })
}

/** What one account, or what it has made, may do once. */
function isOnce({ method, pattern }: Operation): boolean {
  return method === 'DELETE' || /logout$|rotate$/.test(pattern)
}

async function arrive(): Promise<void> {
  visitor.token = visitor.cookie = ''
  await visitor.signIn(newEmail())
  await env.DB.prepare("UPDATE accounts SET tier = 'partner'").run()
}

async function ask(operation: Operation, call: Call, bindings: Env): Promise<Response> {
  nowMs += APART_MS
  const { method, about } = operation
  const { sub } = JSON.parse(atob(visitor.token.split('.')[1] ?? '')) as { sub: string }
  const body = typeof call.body === 'string' ? new TextEncoder().encode(call.body) : call.body
  const who = takes(operation, 'bridgeKeyId')
    ? await signPost(env.TEST_INGEST_PRIVATE_JWK, call.path, body ?? new Uint8Array(), nowMs)
    : { authorization: `Bearer ${await tokenFor('partner', sub)}` }
  const headers = new Headers({ ...who, origin: ORIGIN, cookie: visitor.cookie })
  if (method === 'POST') headers.set('idempotency-key', crypto.randomUUID())
  if ('101' in (about.responses ?? {})) headers.set('upgrade', 'websocket')
  const context = createExecutionContext()
  const init = { method, headers, ...(body === undefined ? {} : { body }) }
  const response = await app.request(`${ORIGIN}${call.path}`, init, bindings, context)
  response.webSocket?.accept()
  response.webSocket?.close(1000)
  await waitOnExecutionContext(context)
  return response
}
