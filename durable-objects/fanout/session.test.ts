import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import { Session } from './session.ts'

/** A session, and what it says and how it ends after these messages. */
function after(messages: readonly (string | ArrayBuffer)[], everyMs = 1_000) {
  const said: string[] = []
  const closed: string[] = []
  const port = {
    send: (data: string | Uint8Array) => void said.push(String(data)),
    close: (name: string) => void closed.push(name),
    live: () => null,
    join: () => {},
    changed: () => {},
  }
  const caller = { subject: 'someone', tier: 'pro', expiresAtMs: 9e12 } as const
  const session = new Session(port, caller, 'json', { connectedMs: 0 })
  for (const [i, message] of messages.entries()) session.receive(message, i * everyMs)
  return { said: said.map((text) => JSON.parse(text)), closed, session }
}

describe('a session', () => {
  it('ends at the third message that means nothing, whatever it is, and never throws', () => {
    const nonsense = fc.oneof(fc.string(), fc.json(), fc.constant('{"op":"nothing"}'))
    fc.assert(
      fc.property(fc.array(nonsense, { minLength: 3, maxLength: 6 }), (messages) => {
        const { said, closed } = after(messages)
        expect(closed).toEqual(['badMessage'])
        expect(said.map(({ type, code }) => `${type} ${code}`)).toEqual([
          'error bad_message',
          'error bad_message',
        ])
      }),
    )
  })

  it('survives any mutation of a message it knows', () => {
    const known = fc.constantFrom(
      '{"op":"subscribe","channels":[{"channel":"gamma.SPX","epoch":3,"sequence":17}]}',
      '{"op":"unsubscribe","channels":["gamma.SPX"]}',
      '{"op":"ack","positions":{"gamma.SPX":12}}',
      '{"op":"ping"}',
    )
    const mutated = fc
      .tuple(known, fc.nat(80), fc.nat(6), fc.string({ maxLength: 4 }))
      .map(([text, at, drop, put]) => text.slice(0, at) + put + text.slice(at + drop))
    fc.assert(
      fc.property(fc.array(mutated, { maxLength: 8 }), (messages) => {
        expect(after(messages).closed.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2_000 },
    )
  })

  it('counts messages in ten seconds, not in all', () => {
    const pings = (count: number) => Array.from({ length: count }, () => '{"op":"ping"}')
    expect(
      after(pings(200), 1 + STREAM_LIMITS.controlWindowMs / STREAM_LIMITS.controlMessages).closed,
    ).toEqual([])
    expect(after(pings(31), 300).closed).toEqual(['flood'])
  })

  it('may ask for as many channels that do not exist as it may have, and then no more', () => {
    const names = Array.from({ length: 65 }, (_, i) => `gamma.X${i}`)
    const { session, closed } = after(
      [names.slice(0, 64), names.slice(0, 1)].map((channels) =>
        JSON.stringify({ op: 'subscribe', channels }),
      ),
    )
    for (const name of names.slice(0, 64)) session.joined(name, 'unknown', 0)
    expect(closed).toEqual([])
    session.receive(JSON.stringify({ op: 'subscribe', channels: names.slice(64) }), 5_000)
    session.joined('gamma.X64', 'unknown', 5_000)
    expect(closed).toEqual(['flood'])
  })
})
