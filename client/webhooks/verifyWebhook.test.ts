import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import type { WebhookEvent } from '#schemas/webhookEvents'
import { verifyWebhook, type WebhookMessage } from './verifyWebhook.ts'

/** Of the reference implementations of Standard Webhooks. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const NOW_MS = VECTOR.seconds * 1_000
const OTHER = `whsec_${btoa('another secret of 32 bytes......')}`
const HEADERS = {
  'webhook-id': VECTOR.id,
  'webhook-timestamp': String(VECTOR.seconds),
  'webhook-signature': VECTOR.signature,
}

const verify = (changes: Partial<WebhookMessage> = {}) =>
  verifyWebhook({ secret: VECTOR.secret, headers: HEADERS, body: VECTOR.body, nowMs: NOW_MS, ...changes })

/** Signed by the reference implementation. */
function signed(body: string, secret = VECTOR.secret): Partial<WebhookMessage> {
  const signature = new Webhook(secret).sign(VECTOR.id, new Date(NOW_MS), body)
  return { headers: { ...HEADERS, 'webhook-signature': signature }, body }
}
const reasonOf = async (changes: Partial<WebhookMessage>) => {
  const message = await verify(changes)
  return message.ok ? 'ok' : message.reason
}

describe('the vector of Standard Webhooks', () => {
  it('is taken, though of no type of ours', async () => {
    expect(await verify()).toEqual({
      ok: true,
      id: VECTOR.id,
      attemptedMs: NOW_MS,
      event: null,
      json: { test: 2432232314 },
    })
  })

  const bytes = new TextEncoder().encode(VECTOR.body)
  it.each<[string, Partial<WebhookMessage>]>([
    ['a secret without its prefix', { secret: VECTOR.secret.slice(6) }],
    ['several secrets', { secret: [OTHER, VECTOR.secret] }],
    ['bytes', { body: bytes }],
    ['a buffer', { body: bytes.buffer }],
    ['Headers', { headers: new Headers(HEADERS) }],
    [
      'names in capitals',
      {
        headers: Object.fromEntries(Object.entries(HEADERS).map(([k, value]) => [k.toUpperCase(), [value]])),
      },
    ],
    [
      'several signatures, some of other kinds',
      { headers: { ...HEADERS, 'webhook-signature': `v1a,AAAA v1,!! v1,AAAA ${VECTOR.signature} v2,x` } },
    ],
    ['a clock five minutes behind', { nowMs: NOW_MS - 300_000 }],
    ['a clock five minutes ahead', { nowMs: NOW_MS + 300_000 }],
  ])('is taken with %s', async (_, changes) => {
    expect(await reasonOf(changes)).toBe('ok')
  })

  it.each<[string, string, Partial<WebhookMessage>]>([
    ['another secret', 'wrong_signature', { secret: OTHER }],
    ['another body', 'wrong_signature', { body: VECTOR.body.replace(' ', '') }],
    ['another id', 'wrong_signature', { headers: { ...HEADERS, 'webhook-id': 'msg_1' } }],
    ['another time', 'wrong_signature', { headers: { ...HEADERS, 'webhook-timestamp': '1614265331' } }],
    [
      'no signature of its kind',
      'wrong_signature',
      { headers: { ...HEADERS, 'webhook-signature': VECTOR.signature.replace('v1', 'v2') } },
    ],
    ['an empty signature', 'wrong_signature', { headers: { ...HEADERS, 'webhook-signature': 'v1,' } }],
    [
      'half a signature',
      'wrong_signature',
      { headers: { ...HEADERS, 'webhook-signature': VECTOR.signature.slice(0, 24) } },
    ],
    [
      'a right one behind a thousand',
      'wrong_signature',
      { headers: { ...HEADERS, 'webhook-signature': `${'v1,AAAA '.repeat(1_000)}${VECTOR.signature}` } },
    ],
    ['no headers', 'missing_header', { headers: {} }],
    ['an id given twice', 'missing_header', { headers: { ...HEADERS, 'Webhook-Id': 'msg_1' } }],
    ['a time that is none', 'wrong_timestamp', { headers: { ...HEADERS, 'webhook-timestamp': 'NaN' } }],
    [
      'a time with a fraction',
      'wrong_timestamp',
      { headers: { ...HEADERS, 'webhook-timestamp': '1614265330.0' } },
    ],
    ['a time of before', 'too_old', { nowMs: NOW_MS + 300_001 }],
    ['a time to come', 'too_new', { nowMs: NOW_MS - 300_001 }],
    ['a body that is no JSON', 'wrong_body', signed('{')],
  ])('is refused with %s', async (_, reason, changes) => {
    expect(await reasonOf(changes)).toBe(reason)
  })
})

it.each([
  ['none', []],
  ['an empty one', ''],
  ['its prefix alone', 'whsec_'],
  ['half of one', 'whsec_MfKQ9r8G'],
  ['no base64', 'whsec_***'],
  ['one that is missing', ['']],
])('a secret that is none verifies nothing and is not repeated: %s', async (_, secret) => {
  const refusal = await verify({ secret }).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(TypeError)
  expect(String(refusal)).not.toMatch(/MfKQ|\*/)
})

describe('an event', () => {
  const rotated: WebhookEvent = {
    type: 'key.rotated',
    timestamp: '2026-11-20T12:00:00.000Z',
    data: { key: 'a', name: 'ü', successor: 'b', endsAt: '2026-11-21T12:00:00.000Z' },
  }

  it('of ours has its type', async () => {
    const message = await verify(signed(JSON.stringify(rotated)))
    if (!message.ok || message.event?.type !== 'key.rotated') throw new Error('expected a rotation')
    expect(message.event.data.successor).toBe('b')
  })

  it('may have fields that this version does not know', async () => {
    const newer = { ...rotated, data: { ...rotated.data, reason: 'lost' } }
    expect(await verify(signed(JSON.stringify(newer)))).toMatchObject({ event: rotated, json: newer })
  })

  it('of a type that this version does not know is no forgery', async () => {
    const newer = { type: 'key.expired', timestamp: rotated.timestamp, data: {} }
    expect(await verify(signed(JSON.stringify(newer)))).toMatchObject({ ok: true, event: null, json: newer })
  })
})
