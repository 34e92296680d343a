/** Judged by the verifier that the makers of the specification publish. */
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newSecret, signedHeaders } from './signature.ts'

const message = { id: 'evt_SPX-3-120-callWall', body: '{"type":"webhook.test","data":{"ü":1}}' }
const nowMs = Date.now()

describe('a signature', () => {
  it('is the published one of the published message', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const published = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' }
    expect(await signedHeaders(published, [secret], 1_614_265_330_999)).toEqual({
      'webhook-id': published.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is accepted with either secret while they change, and with no other', async () => {
    const [old, current] = [newSecret(), newSecret()]
    const headers = await signedHeaders(message, [current, old], nowMs)
    for (const secret of [old, current])
      expect(new Webhook(secret).verify(message.body, headers)).toEqual(JSON.parse(message.body))
    expect(() => new Webhook(newSecret()).verify(message.body, headers)).toThrow('No matching signature')
  })

  it('holds for this body, this id and this time alone', async () => {
    const secret = newSecret()
    const headers = await signedHeaders(message, [secret], nowMs)
    const verify = (body: string, changes = {}) =>
      new Webhook(secret).verify(body, { ...headers, ...changes })
    expect(() => verify(`${message.body} `)).toThrow('No matching signature')
    expect(() => verify(message.body, { 'webhook-id': 'evt_other' })).toThrow('No matching signature')
    const later = String(Number(headers['webhook-timestamp']) + 1)
    expect(() => verify(message.body, { 'webhook-timestamp': later })).toThrow('No matching signature')
  })
})

describe('a secret', () => {
  it('is 32 random bytes in the form of the specification', () => {
    const secret = newSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(newSecret()).not.toBe(secret)
  })
})
