import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { decodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { SUBPROTOCOL_BINARY } from '#schemas/stream/protocol'
import { STREAM_CALLER_HEADERS } from '../../fanout/caller.ts'
import { encoded, EPOCH, NOW_MS, SPOT, underlying } from '../testkit.ts'
import { emptyBook } from '../book/chainBook.ts'
import { SymbolStream } from './SymbolStream.ts'
import { holdClock, opened, pass, post, runAlarmAt, type Stub } from '../workerd.testkit.ts'

holdClock()

interface ViewerOptions {
  readonly expiresInMs?: number
  readonly protocol?: string
  readonly path?: string
}

function upgradeRequest({ expiresInMs = 600_000, protocol, path = '/stream' }: ViewerOptions = {}): Request {
  const headers = new Headers({
    upgrade: 'websocket',
    [STREAM_CALLER_HEADERS.subject]: 'someone',
    [STREAM_CALLER_HEADERS.tier]: 'pro',
    [STREAM_CALLER_HEADERS.expiresAtMs]: String(Date.now() + expiresInMs),
  })
  if (protocol !== undefined) headers.set('sec-websocket-protocol', protocol)
  return new Request(`https://object${path}`, { headers })
}

async function connect(stub: Stub, options: ViewerOptions = {}) {
  const response = await stub.fetch(upgradeRequest(options))
  const socket = response.webSocket
  if (socket === null) throw new Error(`expected a socket, was ${response.status}`)
  const messages: (string | ArrayBuffer)[] = []
  const closes: number[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => void messages.push(data as string | ArrayBuffer))
  socket.addEventListener('close', ({ code }) => void closes.push(code))
  socket.accept()
  const frames = () => messages.map(decodeMessage)
  return { response, socket, messages, closes, frames }
}

function decodeMessage(message: string | ArrayBuffer): GammaFrame {
  return typeof message === 'string' ? JSON.parse(message) : decodeGammaFrame(new Uint8Array(message))
}

describe('the stream', () => {
  it('greets with the newest frame and follows with one per cadence, gap-free', async () => {
    const { symbol, stub } = await opened()
    const viewer = await connect(stub)
    await vi.waitFor(() => expect(viewer.messages).toHaveLength(1))
    for (const sequence of [2, 3, 4]) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is sequential
      await post(stub, encoded({ symbol, sequence }, [underlying(SPOT + sequence, NOW_MS + sequence)]))
    }
    await pass(stub, 500)
    await vi.waitFor(() => expect(viewer.messages).toHaveLength(2))
    expect(
      viewer.frames().map(({ sequence, previous, spotPrice }) => [sequence, previous, spotPrice]),
    ).toEqual([
      [1, 0, SPOT],
      [2, 1, SPOT + 4],
    ])
    viewer.socket.close(1000)
  })

  it('speaks JSON or binary, the same content', async () => {
    const { stub } = await opened()
    const json = await connect(stub)
    const binary = await connect(stub, { protocol: `bearer.x, ${SUBPROTOCOL_BINARY}` })
    expect(json.response.headers.get('sec-websocket-protocol')).toBeNull()
    expect(binary.response.headers.get('sec-websocket-protocol')).toBe(SUBPROTOCOL_BINARY)
    await vi.waitFor(() => expect([json.messages.length, binary.messages.length]).toEqual([1, 1]))
    expect(binary.messages[0]).toBeInstanceOf(ArrayBuffer)
    const { windows, ...frame } = binary.frames()[0] ?? { windows: null }
    expect(json.frames()).toMatchObject([{ ...frame, regime: windows?.regime ?? null }])
    for (const { socket } of [json, binary]) socket.close(1000)
  })

  it('keeps sockets and who they belong to across hibernation', async () => {
    const { symbol, stub } = await opened()
    const viewer = await connect(stub, { protocol: SUBPROTOCOL_BINARY })
    await evictDurableObject(stub, { webSockets: 'hibernate' })
    await runInDurableObject(stub, (_, state) => {
      expect(state.getWebSockets().map((socket) => socket.deserializeAttachment())).toEqual([
        {
          subject: 'someone',
          tier: 'pro',
          expiresAtMs: NOW_MS + 600_000,
          encoding: 'binary',
          connectedMs: NOW_MS,
          channels: [`gamma.${symbol}`],
          strayMessages: 0,
        },
      ])
    })
    await post(stub, encoded({ symbol, sequence: 2 }, [underlying(SPOT + 1, NOW_MS + 1)]))
    await pass(stub, 500)
    await vi.waitFor(() => expect(viewer.messages.length).toBeGreaterThanOrEqual(2))
    expect(viewer.frames()[1]).toMatchObject({ epoch: EPOCH + 1, sequence: 1, spotPrice: SPOT + 1 })
    viewer.socket.close(1000)
  })

  it('has no timer left after the last frame, so that the object can sleep', async () => {
    const { symbol, stub } = await opened()
    const viewer = await connect(stub)
    await post(stub, encoded({ symbol, sequence: 2 }, [underlying(SPOT + 1, NOW_MS + 1)]))
    expect(vi.getTimerCount()).toBe(1)
    // The frame of the tick, and one with what windows show of it.
    await pass(stub, 1_000)
    expect(vi.getTimerCount()).toBe(0)
    await pass(stub, 60_000)
    expect(viewer.messages.length).toBeLessThanOrEqual(3)
    expect(viewer.frames().at(-1)).toMatchObject({ windowsAsOfMs: NOW_MS + 1 })
    expect(vi.getTimerCount()).toBe(0)
    viewer.socket.close(1000)
  })

  it('answers keep-alives without waking and closes who sends anything else', async () => {
    const { stub } = await opened()
    const viewer = await connect(stub)
    viewer.socket.send('ping')
    await vi.waitFor(() => expect(viewer.messages).toContain('pong'))
    for (const text of ['subscribe', '{}', 'x']) viewer.socket.send(text)
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES.badMessage]))
  })

  it('answers a close', async () => {
    const { stub } = await opened()
    const viewer = await connect(stub)
    viewer.socket.close(1000, 'bye')
    await vi.waitFor(() => expect(viewer.closes).toEqual([1000]))
  })

  it('closes 4401 when the token has expired: at the next frame, or by alarm when there is none', async () => {
    const { symbol, stub } = await opened()
    const first = await connect(stub, { expiresInMs: 1_000 })
    vi.setSystemTime(NOW_MS + 1_001)
    await post(stub, encoded({ symbol, sequence: 2 }, [underlying(SPOT + 1, NOW_MS + 1_001)]))
    await stub.readFrame()
    await vi.waitFor(() => expect(first.closes).toEqual([CLOSE_CODES.unauthorized]))
    const second = await connect(stub, { expiresInMs: 5_000 })
    await runAlarmAt(stub, NOW_MS + 7_000)
    await vi.waitFor(() => expect(second.closes).toEqual([CLOSE_CODES.unauthorized]))
  })

  it('tells viewers that the feed went quiet', async () => {
    const { stub } = await opened()
    const viewer = await connect(stub)
    await runAlarmAt(stub, NOW_MS + 15_000)
    await vi.waitFor(() => expect(viewer.frames().at(-1)?.quality.freshness).toBe('stale'))
    viewer.socket.close(1000)
  })

  it('tells them 15 s after the last batch, however long the feed had been talking', async () => {
    const { symbol, stub } = await opened('synthetic')
    const viewer = await connect(stub)
    const lastMs = NOW_MS + 14_000
    vi.setSystemTime(lastMs)
    const last = { symbol, feed: 'synthetic', sequence: 2, createdMs: lastMs } as const
    await post(stub, encoded(last, [underlying(SPOT, lastMs)]))
    await stub.readFrame()
    await runAlarmAt(stub, NOW_MS + 15_000)
    expect(viewer.frames().at(-1)?.quality.freshness).toBe('fresh')
    await runInDurableObject(stub, async (_, { storage }) => {
      expect(await storage.getAlarm()).toBeLessThanOrEqual(lastMs + 15_000)
    })
    await runAlarmAt(stub, lastMs + 15_000)
    await vi.waitFor(() => expect(viewer.frames().at(-1)?.quality.freshness).toBe('stale'))
    viewer.socket.close(1000)
  })

  it('closes a listener 90 s after it connected or, if it pings, after its last ping', async () => {
    const { stub } = await opened()
    const silent = await connect(stub)
    await runAlarmAt(stub, NOW_MS + 89_999)
    expect(silent.closes).toEqual([])
    await runAlarmAt(stub, NOW_MS + 90_000)
    await vi.waitFor(() => expect(silent.closes).toEqual([CLOSE_CODES.slow]))
    const pinging = await connect(stub)
    const pingedMs = Date.now() + 60_000
    // The platform notes pings by its own clock, which is not in our hands.
    await runInDurableObject(stub, (_, state) => {
      vi.spyOn(state, 'getWebSocketAutoResponseTimestamp').mockReturnValue(new Date(pingedMs))
    })
    await runAlarmAt(stub, pingedMs + 89_999)
    expect(pinging.closes).toEqual([])
    await runAlarmAt(stub, pingedMs + 90_000)
    await vi.waitFor(() => expect(pinging.closes).toEqual([CLOSE_CODES.slow]))
  })

  it('tells listeners of greeks everything and then what changed, once a second', async () => {
    const { symbol, stub } = await opened()
    const viewer = await connect(stub, { path: '/ws/greeks/X' })
    await vi.waitFor(() => expect(viewer.messages).toHaveLength(15))
    await post(stub, encoded({ symbol, sequence: 2 }, [underlying(SPOT + 1, NOW_MS + 1)]))
    await pass(stub, 500)
    const afterFirst = viewer.messages.length
    await post(stub, encoded({ symbol, sequence: 3 }, [underlying(SPOT + 9, NOW_MS + 2)]))
    await pass(stub, 4_000)
    expect(vi.getTimerCount()).toBe(0)
    await vi.waitFor(() => expect(viewer.messages.length).toBeGreaterThan(afterFirst))
    const newest = viewer.messages.map((text) => JSON.parse(String(text))).at(-1)
    expect(newest).toMatchObject({ type: 'greeks_update', data: { timestamp: NOW_MS + 2 } })
    viewer.socket.close(1000)
  })

  it('greets listeners of greeks who come again and again with nothing newer than those who stay are told', async () => {
    const { symbol, stub } = await opened()
    const timesOf = ({ messages }: { readonly messages: readonly unknown[] }) => {
      const updates = messages.map((text) => JSON.parse(String(text)))
      return new Set(updates.flatMap(({ data: { timestamp } }) => timestamp ?? []))
    }
    const first = await connect(stub, { path: '/ws/greeks/X' })
    await vi.waitFor(() => expect(first.messages).toHaveLength(15))
    first.socket.close(1000)
    await post(stub, encoded({ symbol, sequence: 2 }, [underlying(SPOT + 9, NOW_MS + 1)]))
    await pass(stub, 500)
    const again = await connect(stub, { path: '/ws/greeks/X' })
    await vi.waitFor(() => expect(again.messages).toHaveLength(15))
    expect(timesOf(again)).toEqual(timesOf(first))
    // Who stays is told when the others are, however quiet the market.
    await pass(stub, 500)
    await vi.waitFor(() => expect(timesOf(again)).toContain(NOW_MS + 1))
    expect(vi.getTimerCount()).toBe(0)
    again.socket.close(1000)
  })

  it('asks further viewers to come back when it is full', async () => {
    const { stub } = await opened()
    const status = await runInDurableObject(stub, (_, state) => {
      const port = { push: async () => 'left' as const, save: () => {}, failed: () => {} }
      const full = new SymbolStream(state, 'FULL', port, [], 0)
      const response = full.accept(upgradeRequest(), null, emptyBook(), NOW_MS)
      return [response.status, response.headers.get('retry-after')]
    })
    expect(status).toEqual([503, '30'])
  })

  it('takes no upgrade that names no caller, an expired one, or none at all', async () => {
    const { stub } = await opened()
    const upgrade = { upgrade: 'websocket' }
    const status = async (headers: Record<string, string>) =>
      (await stub.fetch('https://object/', { headers })).status
    expect(await status({})).toBe(426)
    expect(await status(upgrade)).toBe(401)
    const expired = {
      [STREAM_CALLER_HEADERS.expiresAtMs]: String(NOW_MS),
      [STREAM_CALLER_HEADERS.tier]: 'pro',
    }
    expect(await status({ ...upgrade, ...expired, [STREAM_CALLER_HEADERS.subject]: 'someone' })).toBe(401)
  })
})
