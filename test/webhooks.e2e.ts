/**
 * Webhooks on real processes: a receiver that hangs, fails and then accepts, and a kill -9 while an attempt is in flight. What
 * comes is verified by our clients and by the reference implementation.
 */
import { spawnSync } from 'node:child_process'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyWebhook } from '#client/index'
import { DeliveryAnswerSchema, DeliveryListSchema, NewWebhookSchema } from '#schemas/rest/webhooks'
import { projectRoot } from '#scripts/local/paths'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import { eventually, startBareWorker } from './harness.ts'

interface Attempt {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
const attempts: Attempt[] = []
const answers: ((response: ServerResponse) => void)[] = [
  () => undefined,
  (response) => response.writeHead(500).end(),
  (response) => response.writeHead(204).end(),
]

const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    attempts.push({ headers: request.headers, body })
    answers[Math.min(attempts.length, answers.length) - 1]?.(response)
  })
})

let server: WorkerdServer
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  url = `http://127.0.0.1:${address.port}/hook`
  server = await startBareWorker({ WEBHOOKS_TO_LOOPBACK: '1' })
})
afterAll(async () => {
  await server?.remove()
  receiver.closeAllConnections()
  receiver.close()
})

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${await server.token('partner', 'desk')}` }
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${server.url}${path}`, { method, headers, ...json })
  if (!response.ok) throw new Error(`expected success, was ${await response.text()}`)
  return response.json()
}

const hasPython = spawnSync('python3', ['--version']).status === 0
const VERIFY = `import json, sys; from flipwire import verify_webhook
given = json.load(sys.stdin)
print(json.dumps(verify_webhook(given["secret"], given["headers"], given["body"])._asdict()))`

/** By the Python client. */
function verifiedInPython(secret: string, { headers, body }: Attempt): unknown {
  const env = { ...process.env, PYTHONPATH: `${projectRoot}/client/python`, PYTHONDONTWRITEBYTECODE: '1' }
  const input = JSON.stringify({ secret, headers, body })
  const { stdout, stderr } = spawnSync('python3', ['-c', VERIFY], { env, input, encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const received = (count: number) => eventually(async () => (attempts.length >= count ? attempts : null))

let secret = ''

it('brings an event under one id until it is taken, through a kill', async () => {
  const made = v.parse(NewWebhookSchema, await call('POST', '/v1/webhooks', { url, events: ['key.rotated'] }))
  const { id } = made.data
  secret = made.data.secret
  const { data } = v.parse(DeliveryAnswerSchema, await call('POST', `/v1/webhooks/${id}/test`))
  await received(1)
  await server.kill()
  await server.start()
  // Nobody asks the object for anything: its alarm alone goes on.
  await received(3)
  const event = { type: 'webhook.test', timestamp: data.createdAt, data: { webhook: id } }
  for (const { headers, body } of attempts) {
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event)
    // oxlint-disable-next-line no-await-in-loop
    expect(await verifyWebhook({ secret, headers, body })).toMatchObject({ ok: true, id: data.id, event })
  }
  const delivered = await eventually(async () => {
    const { data: rows } = v.parse(DeliveryListSchema, await call('GET', `/v1/webhooks/${id}/deliveries`))
    return rows[0]?.state === 'delivered' ? rows : null
  })
  // The attempt that the kill cut off was never marked.
  expect(delivered).toMatchObject([{ id: data.id, attempts: 2, lastStatus: 204 }])
  expect(attempts).toHaveLength(3)
})

it.skipIf(!hasPython)('brings what the Python client takes for ours, at every attempt', () => {
  const verified = attempts.map((attempt) => verifiedInPython(secret, attempt))
  expect(verified).toHaveLength(3)
  for (const message of verified)
    expect(message).toMatchObject({ type: 'webhook.test', id: attempts[0]?.headers['webhook-id'] })
})
