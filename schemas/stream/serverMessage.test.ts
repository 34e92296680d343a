import { describe, expect, it } from 'vitest'
import { SAMPLE_FRAME } from '../frame/sample.ts'
import { encodeSnapshot } from './encodeBinary.ts'
import { quantise } from './quantise.ts'
import { readServerMessage } from './serverMessage.ts'
import { snapshotOf } from './snapshot.ts'

const snapshot = snapshotOf(quantise(SAMPLE_FRAME))

describe('what a server sends', () => {
  it.each([
    [snapshot],
    [{ type: 'subscribed', channel: 'gamma.SPX', epoch: 1, sequence: 4, recovered: true }],
    [{ type: 'heartbeat', serverMs: 1, positions: { 'gamma.SPX': { epoch: 1, sequence: 4 } } }],
    [{ type: 'error', code: 'unknown_channel', detail: 'no such symbol', channel: 'gamma.NOPE' }],
    [{ type: 'reconnect', delayMs: 1_500 }],
  ])('is known by its type: %#', (message) => {
    expect(readServerMessage(JSON.stringify(message))).toEqual({ kind: 'message', message })
  })

  it('is the same in binary', () => {
    const { buffer } = encodeSnapshot(snapshot)
    expect(readServerMessage(buffer)).toEqual({ kind: 'message', message: snapshot })
  })

  it('is told apart from an answer to a ping, and from damage', () => {
    expect(readServerMessage('pong')).toEqual({ kind: 'pong' })
    const damaged = ['{', '7', '{"type":"greeting"}', '{"type":"delta"}', new ArrayBuffer(3), null, undefined]
    for (const data of damaged) expect(readServerMessage(data).kind).toBe('bad')
    const subscribed = {
      type: 'subscribed',
      channel: 'gamma.SPX',
      epoch: 1,
      sequence: 4,
      recovered: 'partly',
    }
    expect(readServerMessage(JSON.stringify(subscribed))).toMatchObject({
      detail: expect.stringMatching(/^recovered: /),
    })
  })
})
