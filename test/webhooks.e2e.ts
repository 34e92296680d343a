/** Webhooks on real processes: a receiver that hangs, fails and then accepts, and a kill -9 while an attempt is in flight. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DeliveryAnswerSchema, DeliveryListSchema, NewWebhookSchema } from '#schemas/rest/webhooks'
import { startWorkerd, type WorkerdServer } from '#scripts/rig/workerdServer'
import { eventually } from './harness.ts'

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
  server = await startWorkerd({ WEBHOOKS_TO_LOOPBACK: '1' })
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

const received = (count: number) => eventually(async () => (attempts.length >= count ? attempts : null))

it('brings an event under one id until it is taken, through a kill', async () => {
  const made = v.parse(NewWebhookSchema, await call('POST', '/v1/webhooks', { url, events: ['key.rotated'] }))
  const { id, secret } = made.data
  const { data } = v.parse(DeliveryAnswerSchema, await call('POST', `/v1/webhooks/${id}/test`))
  await received(1)
  await server.kill()
  await server.start()
  // Nobody asks the object for anything: its alarm alone goes on.
  await received(3)
  for (const { headers, body } of attempts) {
    expect(headers['webhook-id']).toBe(data.id)
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({
      type: 'webhook.test',
      timestamp: data.createdAt,
      data: { webhook: id },
    })
  }
  const delivered = await eventually(async () => {
    const { data: rows } = v.parse(DeliveryListSchema, await call('GET', `/v1/webhooks/${id}/deliveries`))
    return rows[0]?.state === 'delivered' ? rows : null
  })
  // The attempt that the kill cut off was never marked.
  expect(delivered).toMatchObject([{ id: data.id, attempts: 2, lastStatus: 204 }])
  expect(attempts).toHaveLength(3)
})
