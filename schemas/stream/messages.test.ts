import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, CLOSE_TABLE, reconnectAfter } from './closeCodes.ts'
import { readClientMessage } from './clientMessage.ts'
import { symbolOfChannel } from './channel.ts'

const read = (message: unknown) => readClientMessage(JSON.stringify(message))
const detailOf = (message: unknown) => {
  const result = read(message)
  return result.kind === 'bad' ? result.detail : result.kind
}

describe('what a client sends', () => {
  it('subscribes by name, by name and position, or by names with one position', () => {
    const subscribed = (message: object) => {
      const result = read({ op: 'subscribe', ...message })
      return result.kind === 'message' && result.message.op === 'subscribe' ? result.message.channels : result
    }
    expect(subscribed({ channels: ['gamma.SPX'] })).toEqual([{ channel: 'gamma.SPX', from: null }])
    expect(
      subscribed({ channels: [{ channel: 'gamma.SPX', epoch: 3, sequence: 9 }, { channel: 'gamma.QQQ' }] }),
    ).toEqual([
      { channel: 'gamma.SPX', from: { epoch: 3, sequence: 9 } },
      { channel: 'gamma.QQQ', from: null },
    ])
    expect(subscribed({ channels: ['gamma.SPX'], epoch: 3, fromSequence: 9 })).toEqual([
      { channel: 'gamma.SPX', from: { epoch: 3, sequence: 9 } },
    ])
    expect(subscribed({ channels: ['gamma.SPX'], fromSequence: 9 })).toEqual([
      { channel: 'gamma.SPX', from: null },
    ])
  })

  it.each([
    [{ op: 'ack', positions: { 'gamma.SPX': 7 } }],
    [{ op: 'unsubscribe', channels: ['gamma.SPX'] }],
    [{ op: 'ping' }],
  ])('is taken as it is: %j', (message) => {
    expect(read(message)).toEqual({ kind: 'message', message })
  })

  it.each([
    [null],
    [[]],
    ['ping'],
    [{}],
    [{ op: 'drop' }],
    [{ op: 'subscribe' }],
    [{ op: 'subscribe', channels: [] }],
    [{ op: 'subscribe', channels: [7] }],
    [{ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: -1, sequence: 0 }] }],
    [{ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: 1, sequence: 2 ** 60 }] }],
    [{ op: 'subscribe', channels: Array.from({ length: 65 }, () => 'g') }],
    [{ op: 'ack', positions: { 'gamma.SPX': 1.5 } }],
    [{ op: 'ack', positions: { 'gamma.SPX': '1' } }],
    [{ op: 'ack' }],
  ])('is refused with the place and the reason: %j', (message) => {
    expect(detailOf(message)).toMatch(/^[\w.]+: .+/)
  })

  it('is refused when it is not JSON, not UTF-8, not text or too large', () => {
    expect(readClientMessage('{')).toEqual({ kind: 'bad', detail: 'expected JSON' })
    expect(readClientMessage('{"op":"ping\uFFFD"}')).toEqual({ kind: 'bad', detail: 'expected valid UTF-8' })
    expect(readClientMessage(new ArrayBuffer(2))).toEqual({ kind: 'binary' })
    const padded = (pad: string, times: number) => readClientMessage(`{"op":"ping"}${pad.repeat(times)}`).kind
    expect([padded(' ', 4083), padded(' ', 4084)]).toEqual(['message', 'tooLarge'])
    expect([padded('é', 2041), padded('é', 2042)]).toEqual(['bad', 'tooLarge'])
  })
})

describe('close codes', () => {
  it('each say whether to come back', () => {
    expect(new Set(Object.values(CLOSE_CODES)).size).toBe(Object.keys(CLOSE_TABLE).length)
    expect([1012, 1013, 4400, 4401, 4403, 4404, 4408, 4413, 4429, 1006].map(reconnectAfter)).toEqual(
      'resume later no renewToken no no resume no later later'.split(' '),
    )
  })
})

describe('channels', () => {
  it('name a symbol', () => {
    expect(symbolOfChannel('gamma.BRK.B')).toBe('BRK.B')
    expect(['gamma.', 'gamma.spx', 'SPX', 'delta.SPX', 'gamma./../x'].map(symbolOfChannel)).toEqual(
      Array.from({ length: 5 }, () => null),
    )
  })
})
