import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { CREDIT, STREAM_LIMITS } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { NO_DEBTS, type Debts } from './caller.ts'
import { ChannelLogs } from './channelLogs.ts'
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

/** Without timers: of thinned logs nothing is told. */
function logsOf(channel: string): ChannelLogs {
  return new ChannelLogs(channel, { after: () => {}, thinned: () => {} })
}

/** A live channel, and a session of one viewer of it that may lose its memory; what was written down is in `notes`. */
function watched() {
  const logs = logsOf('gamma.SPX')
  const log = logs.full
  const live = { logs, feed: 'live' } as const
  const sent: string[] = []
  const closed: string[] = []
  const notes: Debts[] = []
  const port = {
    send: (data: string | Uint8Array) => void sent.push(JSON.parse(String(data)).type),
    close: (name: string) => void closed.push(name),
    live: () => live,
    join: () => {},
    changed: () => void notes.push(session.debts),
  }
  const caller = { subject: 'someone', tier: 'pro', expiresAtMs: 9e12 } as const
  let session = new Session(port, caller, 'json', { connectedMs: 0 })
  let sequence = 0
  return {
    sent,
    closed,
    notes,
    publish: (nowMs: number) => {
      sequence++
      const position = { epoch: 1, sequence, previous: sequence - 1 }
      session.publish(log.publish(quantise({ ...emptyFrame('SPX'), ...position }), nowMs), log, nowMs)
    },
    say: (message: object, nowMs: number) => session.receive(JSON.stringify(message), nowMs),
    sleep: () => {
      const restored = { channels: session.channels, debts: notes.at(-1) ?? NO_DEBTS }
      session = new Session(port, caller, 'json', { restored })
    },
    checkDeadline: (nowMs: number) => session.checkDeadline(nowMs),
  }
}
const SUBSCRIBE = { op: 'subscribe', channels: ['gamma.SPX'] }
const ack = (sequence: number) => ({ op: 'ack', positions: { 'gamma.SPX': sequence } })

describe('what a viewer owes', () => {
  it('is written down with the first frame since there is memory of it, and struck out with its acknowledgement', () => {
    const { publish, say, sleep, notes } = watched()
    publish(0)
    say(SUBSCRIBE, 1_000)
    for (let i = 1; i <= 10; i++) publish(1_000 * i)
    say(ack(1), 11_000)
    for (let i = 1; i <= 10; i++) publish(12_000 * i)
    expect(notes.map(({ ackByMs }) => ackByMs)).toEqual([31_000, 31_000, null])
    say(ack(21), 121_000)
    sleep()
    publish(130_000)
    publish(131_000)
    say(ack(23), 132_000)
    expect(notes.slice(3).map(({ ackByMs }) => ackByMs)).toEqual([160_000, null])
  })

  it('is due at the same time however often its relay sleeps', () => {
    const { publish, say, sleep, checkDeadline, closed } = watched()
    publish(0)
    say(SUBSCRIBE, 1_000)
    for (const ms of [11_000, 21_000]) {
      sleep()
      publish(ms)
    }
    checkDeadline(30_999)
    expect(closed).toEqual([])
    sleep()
    checkDeadline(31_000)
    expect(closed).toEqual(['slow'])
  })

  it('can be acknowledged after its relay has slept', () => {
    const { publish, say, sleep, checkDeadline, closed } = watched()
    publish(0)
    say(SUBSCRIBE, 1_000)
    sleep()
    say(ack(1), 12_000)
    // What it owes now is the snapshot that the acknowledgement brought.
    sleep()
    checkDeadline(41_999)
    expect(closed).toEqual([])
    checkDeadline(42_000)
    expect(closed).toEqual(['slow'])
  })

  it('uses up its credit over all sleeps of its relay together', () => {
    const { publish, say, sleep, sent, notes } = watched()
    publish(0)
    say(SUBSCRIBE, 1_000)
    for (let life = 0; life < 50; life++) {
      for (let i = 0; i < CREDIT.frames / 8; i++) publish(2_000)
      sleep()
    }
    const frames = sent.filter((type) => type !== 'subscribed').length
    expect(frames).toBeGreaterThan(CREDIT.frames / 8)
    expect(frames).toBeLessThanOrEqual(CREDIT.frames)
    expect(notes.at(-1)?.unacknowledged?.frames).toBeGreaterThanOrEqual(frames)
    say(ack(1), 3_000)
    publish(3_000)
    expect(sent.at(-1)).toBe('delta')
  })
})

describe('what a viewer was promised', () => {
  it('is not forgotten: it is cut, to go on from where it is', () => {
    const { publish, say, sleep, sent, closed, notes } = watched()
    const frames = 2 * CREDIT.frames
    for (let i = 0; i <= frames; i++) publish(i)
    say({ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: 1, sequence: 1 }] }, 1_000)
    expect(sent).toEqual(['subscribed', ...Array.from({ length: CREDIT.frames }, () => 'delta')])
    expect(notes.at(-1)?.promised).toEqual(['gamma.SPX'])
    sleep()
    publish(2_000)
    expect(closed).toEqual(['slow'])
    expect(sent).not.toContain('snapshot')
  })

  it('is struck out once it was sent', () => {
    const { publish, say, sleep, sent, closed, notes } = watched()
    for (let i = 0; i <= 2 * CREDIT.frames; i++) publish(i)
    say({ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: 1, sequence: 1 }] }, 1_000)
    say(ack(1 + CREDIT.frames), 2_000)
    expect(notes.at(-1)?.promised).toEqual([])
    sleep()
    publish(3_000)
    expect([closed, sent.at(-1)]).toEqual([[], 'snapshot'])
  })
})

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

  it.each([
    ['do not exist', () => 'unknown' as const],
    ['have no frame yet', (name: string) => ({ logs: logsOf(name), feed: null })],
  ])('may ask for as many channels that %s as it may have, and then no more', (_, outcome) => {
    const names = Array.from({ length: 65 }, (__, i) => `gamma.X${i}`)
    const { session, closed } = after(
      [names.slice(0, 64), names.slice(0, 1)].map((channels) =>
        JSON.stringify({ op: 'subscribe', channels }),
      ),
    )
    for (const name of names.slice(0, 64)) session.joined(name, outcome(name), 0)
    expect(closed).toEqual([])
    session.receive(JSON.stringify({ op: 'unsubscribe', channels: names.slice(0, 1) }), 5_000)
    session.receive(JSON.stringify({ op: 'subscribe', channels: names.slice(64) }), 5_000)
    session.joined('gamma.X64', outcome('gamma.X64'), 5_000)
    expect(closed).toEqual(['flood'])
  })
})
