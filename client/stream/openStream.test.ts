import { describe, expect, test, vi } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import { ACK_EVERY } from '#schemas/stream/protocol'
import { snapshotOf } from '#schemas/stream/snapshot'
import { fakeNetwork, settled } from './fakeNetwork.testkit.ts'
import { HELLO } from './fakeServer.testkit.ts'
import { deltaAt, frameAt } from './history.testkit.ts'
import { openStream, type StreamHandlers } from './openStream.ts'
import type { ConnectionStatus } from './reconnect.ts'

const subscribed = (symbol: string, recovered = false, sequence = 5) => ({
  type: 'subscribed',
  channel: `gamma.${symbol}`,
  epoch: 1,
  sequence,
  recovered,
})
const snapshot = (sequence: number, symbol = 'SPX') => snapshotOf(frameAt(1, sequence, symbol))

/** A stream of no symbol yet, and the network under it. */
function openTest(encoding: 'json' | 'binary' = 'json') {
  const network = fakeNetwork()
  const statuses: ConnectionStatus[] = []
  let tokens = 0
  const url = vi.fn<(renew: boolean) => Promise<string>>(async () => `wss://x/ws/v1?token=t${++tokens}`)
  const cadences: number[] = []
  const stream = openStream({
    url,
    encoding,
    environment: network.environment,
    onStatus: (status) => void statuses.push(status),
    onCadence: (frameEveryMs) => void cadences.push(frameEveryMs),
  })
  const say = async (...messages: object[]) => {
    for (const message of messages) network.last().message(JSON.stringify(message))
    await settled()
  }
  const sent = (): unknown[] => network.last().sent.map((text) => (text === 'ping' ? text : JSON.parse(text)))
  return { stream, network, statuses, cadences, url, say, sent }
}

const isAck = (message: unknown) => JSON.stringify(message).includes('"ack"')

function listener() {
  const frames: GammaFrame[] = []
  const handlers: StreamHandlers = { onFrame: (frame) => void frames.push(frame) }
  return { frames, handlers }
}

/** Subscribed to SPX and shown frame 5. */
async function openLive() {
  const test = openTest()
  const { frames, handlers } = listener()
  const onResumed = vi.fn<(recovered: boolean) => void>()
  const end = test.stream.subscribe('SPX', { ...handlers, onResumed })
  await settled()
  await test.say(HELLO)
  await test.say(subscribed('SPX'), snapshot(5))
  return { ...test, frames, onResumed, end }
}

describe('channels', () => {
  test.each(['json', 'binary'] as const)('%s carries the server’s frames', async (encoding) => {
    const { stream, network, say } = openTest(encoding)
    const { frames, handlers } = listener()
    stream.subscribe('SPX', handlers)
    await settled()
    expect(network.last().protocol).toBe(`flipwire.v1.${encoding}`)
    await say(HELLO, subscribed('SPX'))
    const isBinary = encoding === 'binary'
    network.last().message(isBinary ? encodeSnapshot(snapshot(5)).buffer : JSON.stringify(snapshot(5)))
    network.last().message(isBinary ? encodeDelta(deltaAt(1, 6)).buffer : JSON.stringify(deltaAt(1, 6)))
    expect(frames).toEqual([frameAt(1, 5), frameAt(1, 6)])
  })

  test('how often frames come is told with every greeting, and is every frame where a server does not say', async () => {
    const { stream, say, cadences, network } = openTest()
    stream.subscribe('SPX', listener().handlers)
    await settled()
    await say({ ...HELLO, frameEveryMs: 1_000 })
    network.last().closed(1012)
    await network.advance(HELLO.type === 'hello' ? HELLO.reconnectSpreadMs : 0)
    await say({ ...HELLO, frameEveryMs: undefined })
    expect(cadences).toEqual([1_000, 0])
  })

  test('there is a socket while there is a subscription', async () => {
    const { network, statuses, end, stream } = await openLive()
    end()
    expect(network.last().isClosed).toBe(true)
    expect(network.timers()).toBe(0)
    expect(statuses.at(-1)).toEqual({ kind: 'idle' })
    stream.subscribe('SPX', listener().handlers)
    await settled()
    expect(network.sockets).toHaveLength(2)
  })

  test('many share one socket and few messages', async () => {
    const { stream, network, say, sent } = openTest()
    const symbols = Array.from({ length: 40 }, (_, k) => `S${k}`)
    const heard = symbols.map((symbol) => {
      const { frames, handlers } = listener()
      stream.subscribe(symbol, handlers)
      return frames
    })
    await settled()
    await say(HELLO)
    expect(network.sockets).toHaveLength(1)
    expect(sent()).toHaveLength(2)
    await say(subscribed('S27'), snapshot(5, 'S27'))
    expect(heard.filter((frames) => frames.length > 0)).toEqual([[frameAt(1, 5, 'S27')]])
  })

  test('one may be added and ended while others go on', async () => {
    const { stream, say, sent, frames } = await openLive()
    const { frames: others, handlers } = listener()
    const end = stream.subscribe('QQQ', handlers)
    await settled()
    await say(subscribed('QQQ'), snapshot(5, 'QQQ'))
    end()
    await say(deltaAt(1, 6, 'QQQ'), deltaAt(1, 6))
    expect(
      sent()
        .slice(1)
        .filter((message) => !isAck(message)),
    ).toEqual([
      { op: 'subscribe', channels: [{ channel: 'gamma.QQQ' }] },
      { op: 'unsubscribe', channels: ['gamma.QQQ'] },
    ])
    expect([frames.length, others.length]).toEqual([2, 1])
  })

  test('a refusal is told to the one it is about', async () => {
    const { stream, say } = await openLive()
    const onRefused = vi.fn<(code: string, detail: string) => void>()
    stream.subscribe('NONE', { ...listener().handlers, onRefused })
    await settled()
    await say({ type: 'error', code: 'unknown_channel', detail: 'no such symbol', channel: 'gamma.NONE' })
    expect(onRefused).toHaveBeenCalledExactlyOnceWith('unknown_channel', 'no such symbol')
  })

  test('a symbol without data is shown when its first frame comes, without asking again', async () => {
    const { stream, network, say, sent } = openTest()
    const { frames, handlers } = listener()
    const onRefused = vi.fn<(code: string, detail: string) => void>()
    stream.subscribe('NEW', { ...handlers, onRefused })
    await settled()
    await say(HELLO, { ...subscribed('NEW', false, 0), epoch: 0 })
    for (let i = 0; i < 10; i++) {
      // oxlint-disable-next-line no-await-in-loop -- time passes
      await network.advance(10_000)
      // oxlint-disable-next-line no-await-in-loop
      await say({ type: 'heartbeat', serverMs: 0, positions: {} })
    }
    await say(snapshot(1, 'NEW'), deltaAt(1, 2, 'NEW'))
    expect(frames).toEqual([frameAt(1, 1, 'NEW'), frameAt(1, 2, 'NEW')])
    expect(sent().filter((message) => JSON.stringify(message).includes('subscribe'))).toHaveLength(1)
    expect(network.sockets).toHaveLength(1)
    expect(onRefused).not.toHaveBeenCalled()
  })

  test.each([
    ['text that is not JSON', 'nonsense'],
    ['a message of another kind', '{"type":"greeting"}'],
    ['bytes that are no frame', new ArrayBuffer(12)],
    ['something else', 42],
    ['another symbol’s frame', JSON.stringify({ ...snapshot(9, 'QQQ'), channel: 'gamma.SPX' })],
    ['an error about nothing', '{"type":"error","code":"bad_message","detail":"expected JSON"}'],
  ])('%s is counted, not thrown', async (_name, data) => {
    const { stream, network, frames } = await openLive()
    network.last().message(data)
    expect(frames).toHaveLength(1)
    expect(stream.counts.bad).toBe(1)
    expect(stream.counts.lastBadReason).not.toBeNull()
  })
})

describe('acknowledgements', () => {
  const acks = (messages: unknown[]) =>
    messages.filter((message) => JSON.stringify(message).includes('"ack"'))

  test('come after as many frames as the server asked for', async () => {
    const { say, sent } = await openLive()
    await say(deltaAt(1, 6))
    expect(acks(sent())).toEqual([])
    await say(deltaAt(1, 7), deltaAt(1, 8), deltaAt(1, 9), deltaAt(1, 10))
    expect(acks(sent())).toEqual([
      { op: 'ack', positions: { 'gamma.SPX': 7 } },
      { op: 'ack', positions: { 'gamma.SPX': 10 } },
    ])
  })

  test('are of what arrived, whether or not it could be used, and come before asking anew', async () => {
    const { say, sent } = await openLive()
    await say({ ...deltaAt(1, 6), checksum: 1 })
    expect(sent().slice(1)).toEqual([
      { op: 'ack', positions: { 'gamma.SPX': 6 } },
      { op: 'subscribe', channels: [{ channel: 'gamma.SPX' }] },
    ])
  })

  test('or some time after a frame, once', async () => {
    const { network, sent } = await openLive()
    await network.advance(ACK_EVERY.ms - 1)
    expect(acks(sent())).toEqual([])
    await network.advance(ACK_EVERY.ms)
    expect(acks(sent())).toEqual([{ op: 'ack', positions: { 'gamma.SPX': 5 } }])
  })
})

describe('interruptions', () => {
  test('are resumed from the position held', async () => {
    const { network, say, sent, frames, onResumed } = await openLive()
    network.last().closed(1006)
    await network.advance(HELLO.type === 'hello' ? HELLO.reconnectSpreadMs : 0)
    expect(network.sockets).toHaveLength(2)
    await say(HELLO)
    expect(sent()).toEqual([{ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: 1, sequence: 5 }] }])
    await say(subscribed('SPX', true, 7), deltaAt(1, 6), deltaAt(1, 7))
    expect(onResumed).toHaveBeenCalledExactlyOnceWith(true)
    expect(frames).toEqual([5, 6, 7].map((sequence) => frameAt(1, sequence)))
    expect(network.sockets[0]?.sent.filter((text) => text.includes('"ack"'))).toEqual([])
  })

  test('a subscribe nobody answers is not waited for', async () => {
    const { network, stream, statuses } = openTest()
    stream.subscribe('SPX', listener().handlers)
    await settled()
    network.last().message(JSON.stringify(HELLO))
    await network.advance(10_000)
    expect(network.sockets[0]?.isClosed).toBe(true)
    expect(statuses.at(-1)).toMatchObject({ kind: 'reconnecting', attempt: 1 })
  })

  test('sent away before a restart, the stream comes back by itself', async () => {
    const { network, say } = await openLive()
    await say({ type: 'reconnect', delayMs: 2_000 })
    expect(network.last().isClosed).toBe(false)
    await network.advance(2_499)
    expect(network.sockets).toHaveLength(1)
    await network.advance(1)
    expect(network.sockets).toHaveLength(2)
    expect(network.sockets[0]?.isClosed).toBe(true)
  })

  test('looking at the page again asks where the channels stand', async () => {
    const { network, say, sent } = await openLive()
    network.wakeUp('visible')
    expect(sent().at(-1)).toEqual({ op: 'ping' })
    const positions = { 'gamma.SPX': { epoch: 1, sequence: 9 }, 'gamma.QQQ': { epoch: 1, sequence: 9 } }
    await say({ type: 'heartbeat', serverMs: 0, positions })
    expect(sent().at(-1)).toEqual({
      op: 'subscribe',
      channels: [{ channel: 'gamma.SPX', epoch: 1, sequence: 5 }],
    })
  })
})
