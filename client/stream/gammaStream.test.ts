import { describe, expect, test, vi } from 'vitest'
import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { SocketHandlers, StreamEnvironment } from './environment.ts'
import { gammaFrame } from './frames.testkit.ts'
import { openGammaStream } from './gammaStream.ts'
import { RECONNECT, type ConnectionStatus } from './reconnect.ts'

interface FakeSocket extends SocketHandlers {
  readonly url: string
  readonly protocol: string
  readonly sent: string[]
  isClosed: boolean
}

/** A network and a clock that move only when told. */
function fakeEnvironment() {
  const sockets: FakeSocket[] = []
  let nowMs = 0
  let timer: { run: () => void; atMs: number } | null = null
  let wakeUpListener: ((kind: 'online' | 'visible') => void) | null = null
  const environment: StreamEnvironment = {
    openSocket: (url, protocol, handlers) => {
      const socket: FakeSocket = { ...handlers, url, protocol, sent: [], isClosed: false }
      sockets.push(socket)
      return {
        send: (text) => socket.sent.push(text),
        close: () => {
          socket.isClosed = true
        },
      }
    },
    setTimer: (run, delayMs) => {
      const mine = { run, atMs: nowMs + delayMs }
      timer = mine
      return () => {
        if (timer === mine) timer = null
      }
    },
    nowMs: () => nowMs,
    random: () => 0.5,
    onWakeUp: (listener) => {
      wakeUpListener = listener
      return () => {
        wakeUpListener = null
      }
    },
  }
  return {
    environment,
    sockets,
    last: () => sockets.at(-1) as FakeSocket,
    advance: (ms: number) => {
      const untilMs = nowMs + ms
      while (timer !== null && timer.atMs <= untilMs) {
        const due: { run: () => void; atMs: number } = timer
        timer = null
        nowMs = due.atMs
        due.run()
      }
      nowMs = untilMs
    },
    wakeUp: (kind: 'online' | 'visible') => wakeUpListener?.(kind),
    isListening: () => wakeUpListener !== null,
    hasTimer: () => timer !== null,
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

async function openStream(
  overrides: { needsUpgrade?: () => Promise<boolean>; encoding?: 'json' | 'binary' } = {},
) {
  const network = fakeEnvironment()
  const frames: GammaFrame[] = []
  const statuses: ConnectionStatus[] = []
  let tokens = 0
  const url = vi.fn<(renew: boolean) => Promise<string>>(
    async () => `wss://x/ws/gamma-compact/SPX?token=t${++tokens}`,
  )
  const stream = openGammaStream({
    url,
    encoding: 'json',
    environment: network.environment,
    needsUpgrade: async () => false,
    onFrame: (frame) => frames.push(frame),
    onStatus: (status) => statuses.push(status),
    ...overrides,
  })
  await settled()
  return { stream, network, frames, statuses, url }
}

describe('frames', () => {
  test('JSON and binary carry the same frame', async () => {
    const frame = gammaFrame()
    const json = await openStream()
    json.network.last().opened()
    json.network.last().message(JSON.stringify(frame))
    const binary = await openStream({ encoding: 'binary' })
    binary.network.last().opened()
    binary.network.last().message(encodeGammaFrame(frame).buffer)
    expect(json.frames).toEqual([frame])
    expect(binary.frames).toEqual([frame])
    expect(json.network.last().protocol).toBe('flipwire.gamma.v1.json')
    expect(binary.network.last().protocol).toBe('flipwire.gamma.v1.binary')
  })

  test('only newer positions are delivered; a later epoch wins', async () => {
    const { stream, network, frames } = await openStream()
    const socket = network.last()
    socket.opened()
    for (const [epoch, sequence] of [
      [1, 5],
      [1, 5],
      [1, 4],
      [2, 1],
      [1, 9],
      [2, 2],
    ] as const) {
      socket.message(JSON.stringify(gammaFrame({ epoch, sequence })))
    }
    expect(frames.map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
      [1, 5],
      [2, 1],
      [2, 2],
    ])
    expect(stream.counts).toMatchObject({ frames: 3, superseded: 3, bad: 0 })
  })

  test.each([
    ['text that is not JSON', 'nonsense'],
    ['a frame of another version', JSON.stringify({ ...gammaFrame(), v: 2 })],
    ['a string for a number', JSON.stringify({ ...gammaFrame(), netGex: '1' })],
    ['bytes that are no frame', new ArrayBuffer(12)],
    ['flipped bits', encodeGammaFrame(gammaFrame()).fill(7, 200, 201).buffer],
    ['something else', 42],
  ])('%s is counted, not thrown', async (_name, data) => {
    const { stream, network, frames } = await openStream()
    network.last().opened()
    network.last().message(data)
    expect(frames).toEqual([])
    expect(stream.counts.bad).toBe(1)
    expect(stream.counts.lastBadReason).not.toBeNull()
  })
})

describe('connection', () => {
  test('asks for a token for every attempt and renews after 4401', async () => {
    const { network, url, statuses } = await openStream()
    network.last().opened()
    network.advance(RECONNECT.stableMs)
    network.last().closed(4401)
    await settled()
    expect(network.sockets.map((socket) => socket.url.split('=')[1])).toEqual(['t1', 't2'])
    expect(url.mock.calls).toEqual([[false], [true]])
    network.last().opened()
    expect(statuses.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'reconnecting', 'connected'])
  })

  test('a token that cannot be had counts as a failed attempt', async () => {
    const { network, url, statuses } = await openStream()
    url.mockRejectedValueOnce(new Error('offline'))
    network.last().closed(1006)
    network.advance(3_000)
    await settled()
    expect(network.sockets).toHaveLength(1)
    expect(statuses.at(-1)).toMatchObject({ kind: 'reconnecting', attempt: 2 })
    network.advance(4_500)
    await settled()
    expect(network.sockets).toHaveLength(2)
  })

  test('silence for two heartbeats replaces the socket; late words of the old one are ignored', async () => {
    const { network, frames } = await openStream()
    const dead = network.last()
    dead.opened()
    network.advance(2 * RECONNECT.heartbeatMs)
    expect(dead.sent).toEqual(['ping'])
    expect(dead.isClosed).toBe(true)
    network.advance(RECONNECT.baseDelayMs)
    await settled()
    expect(network.sockets).toHaveLength(2)
    dead.message(JSON.stringify(gammaFrame()))
    dead.closed(1006)
    expect(frames).toEqual([])
    expect(network.last().isClosed).toBe(false)
  })

  test('pongs keep a quiet stream alive', async () => {
    const { network, statuses } = await openStream()
    network.last().opened()
    for (let beat = 0; beat < 20; beat++) {
      network.advance(RECONNECT.heartbeatMs)
      network.last().message('pong')
    }
    expect(network.sockets).toHaveLength(1)
    expect(statuses.at(-1)).toEqual({ kind: 'connected' })
  })

  test('coming online ends the wait', async () => {
    const { network } = await openStream()
    network.last().closed(1006)
    network.wakeUp('online')
    await settled()
    expect(network.sockets).toHaveLength(2)
  })

  test('a refused handshake shows the upgrade state when the tier is the reason', async () => {
    const { network, statuses } = await openStream({ needsUpgrade: async () => true })
    network.last().closed(1006)
    await settled()
    expect(statuses.at(-1)).toEqual({ kind: 'upgradeRequired' })
    expect(network.hasTimer()).toBe(false)
  })

  test('close leaves no socket, timer or listener behind', async () => {
    const { stream, network, frames } = await openStream()
    const socket = network.last()
    socket.opened()
    stream.close()
    expect(socket.isClosed).toBe(true)
    expect(network.hasTimer()).toBe(false)
    expect(network.isListening()).toBe(false)
    socket.message(JSON.stringify(gammaFrame()))
    expect(frames).toEqual([])
  })

  test('close while the token is still coming opens nothing', async () => {
    const network = fakeEnvironment()
    const stream = openGammaStream({
      url: async () => 'wss://x',
      encoding: 'json',
      environment: network.environment,
      needsUpgrade: async () => false,
      onFrame: () => {},
      onStatus: () => {},
    })
    stream.close()
    await settled()
    expect(network.sockets).toEqual([])
  })
})
