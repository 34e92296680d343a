import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { gammaChannel } from '#schemas/stream/channel'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { CREDIT, STREAM_LIMITS } from '#schemas/stream/protocol'
import { holdClock } from '../symbol/workerd.testkit.ts'
import { EPOCH } from '../symbol/testkit.ts'
import { caughtUp, PUPPET_EPOCH, puppetHub, runAlarmAt, settled, tick } from './hub.workerd.testkit.ts'
import { connect, control, heldBy, newRelay } from './workerd.testkit.ts'

holdClock()

describe('a viewer', () => {
  it.each(['json', 'binary'] as const)(
    'gets hello, a snapshot and then every change, in %s',
    async (encoding) => {
      const { symbol, stub, newest } = await settled()
      const viewer = await connect(newRelay(), { encoding })
      await viewer.has(1)
      expect(control(viewer, 'hello')[0]).toMatchObject({ protocol: 1, credit: CREDIT })
      viewer.subscribe(symbol)
      await viewer.has(3)
      await tick(symbol, stub, 2)
      await caughtUp(viewer, stub)
      const expected = ['hello', `subscribed 1:${newest}`, `snapshot 1:${newest}`, `delta 1:${newest + 1}`]
      expect(viewer.story().slice(0, 4)).toEqual(expected)
      const isText = viewer.raw.slice(0, 4).map((data) => typeof data === 'string')
      expect(isText).toEqual(encoding === 'json' ? [true, true, true, true] : [true, true, false, false])
      viewer.socket.close(1000)
    },
  )

  it('has several channels on one socket, and leaves one without losing the other', async () => {
    const [a, b] = [await settled(), await settled()]
    const viewer = await connect(newRelay())
    viewer.say({ op: 'subscribe', channels: [a, b].map(({ symbol }) => gammaChannel(symbol)) })
    await viewer.has(5)
    viewer.say({ op: 'unsubscribe', channels: [gammaChannel(a.symbol)] })
    await viewer.has(6)
    await tick(a.symbol, a.stub, 2)
    await tick(b.symbol, b.stub, 2)
    await vi.waitFor(() => expect(viewer.raw.length).toBeGreaterThan(6))
    const news = viewer.messages().slice(6)
    expect(new Set(news.map((message) => 'channel' in message && message.channel))).toEqual(
      new Set([gammaChannel(b.symbol)]),
    )
    viewer.socket.close(1000)
  })

  it('goes on from its position with exactly the frames it missed', async () => {
    const { symbol } = await settled()
    const relay = newRelay()
    const first = await connect(relay)
    first.subscribe(symbol)
    await first.has(3)
    const push = puppetHub(relay, symbol)
    // oxlint-disable-next-line no-await-in-loop -- a stream is sequential
    for (let i = 0; i < 4; i++) await push()
    await first.has(7)
    const second = await connect(relay)
    second.subscribe(symbol, { epoch: PUPPET_EPOCH, sequence: 2 })
    await second.has(4)
    expect(second.story()).toEqual(['hello', 'subscribed 1000:4 recovered', 'delta 1000:3', 'delta 1000:4'])
    for (const { socket } of [first, second]) socket.close(1000)
  })

  it.each([
    ['of another epoch', { epoch: 7, sequence: 1 }],
    ['not reached yet', { epoch: EPOCH, sequence: 999 }],
    ['before the oldest frame', { epoch: EPOCH, sequence: 0 }],
    ['that is half given', { sequence: 1 }],
  ])('is told honestly that a position %s cannot be gone on from', async (_, from) => {
    const { symbol, newest } = await settled()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol, from)
    await viewer.has(3)
    expect(viewer.story()).toEqual(['hello', `subscribed 1:${newest}`, `snapshot 1:${newest}`])
    viewer.socket.close(1000)
  })

  it('learns by a heartbeat what it must hold', async () => {
    const { symbol, newest } = await settled()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(3)
    viewer.say({ op: 'ping' })
    await viewer.has(4)
    const positions = { [gammaChannel(symbol)]: { epoch: EPOCH, sequence: newest } }
    expect(viewer.messages().at(-1)).toMatchObject({ type: 'heartbeat', positions })
    viewer.say('ping')
    await vi.waitFor(() => expect(viewer.raw.at(-1)).toBe('pong'))
    viewer.socket.close(1000)
  })

  it('that does not acknowledge gets no more than its credit, others all, and then the newest', async () => {
    const { symbol } = await settled()
    const relay = newRelay()
    const [slow, fast] = [await connect(relay), await connect(relay)]
    for (const viewer of [slow, fast]) viewer.subscribe(symbol)
    await slow.has(3)
    await fast.has(3)
    const push = puppetHub(relay, symbol)
    for (let i = 1; i <= 100; i++) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is sequential
      expect(await push()).toBe('held')
      if (i % 16 === 0) fast.ack(symbol, i)
    }
    await fast.has(3 + 100)
    await slow.has(2 + CREDIT.frames)
    expect(slow.story().at(-1)).toBe(`delta 1000:${CREDIT.frames - 1}`)
    slow.ack(symbol, 40)
    await vi.waitFor(() => expect(heldBy(slow)?.sequence).toBe(100))
    expect(heldBy(slow)).toEqual(heldBy(fast))
    for (const { socket } of [slow, fast]) socket.close(1000)
  })

  it('is closed 4408 when it never subscribes, and when it never acknowledges', async () => {
    const { symbol, newest } = await settled()
    const relay = newRelay()
    const silent = await connect(relay)
    const stalled = await connect(relay)
    const honest = await connect(relay)
    for (const viewer of [stalled, honest]) viewer.subscribe(symbol)
    await stalled.has(3)
    await honest.has(3)
    honest.ack(symbol, newest)
    await runAlarmAt(relay, Date.now() + STREAM_LIMITS.subscribeWithinMs)
    await vi.waitFor(() => expect(silent.closes).toEqual([CLOSE_CODES.slow]))
    await runAlarmAt(relay, Date.now() + STREAM_LIMITS.ackWithinMs)
    await vi.waitFor(() => expect(stalled.closes).toEqual([CLOSE_CODES.slow]))
    expect(honest.closes).toEqual([])
    honest.socket.close(1000)
  })

  it('that reads nothing is closed 4408 although its relay sleeps in between, and one that reads is not', async () => {
    const { symbol, stub, newest } = await settled()
    const relay = newRelay()
    const [stalled, honest] = [await connect(relay), await connect(relay)]
    for (const viewer of [stalled, honest]) {
      viewer.subscribe(symbol)
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await viewer.has(3)
      viewer.ack(symbol, newest)
    }
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    await tick(symbol, stub, 2)
    for (const viewer of [stalled, honest]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await caughtUp(viewer, stub)
    }
    // The first frame since the sleep is here, and owed from when it was sent.
    const owedMs = Date.now()
    honest.ack(symbol, heldBy(honest)?.sequence ?? 0)
    honest.say({ op: 'ping' })
    await vi.waitFor(() => expect(control(honest, 'heartbeat')).toHaveLength(1))
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    await runAlarmAt(relay, owedMs + STREAM_LIMITS.ackWithinMs)
    await vi.waitFor(() => expect(stalled.closes).toEqual([CLOSE_CODES.slow]))
    expect(honest.closes).toEqual([])
    honest.socket.close(1000)
  })

  it('is closed 4401 when its token ends and 4403 when its tier does not include the feed', async () => {
    const { symbol } = await settled('live')
    const relay = newRelay()
    const free = await connect(relay, { tier: 'free' })
    free.subscribe(symbol)
    await vi.waitFor(() => expect(free.closes).toEqual([CLOSE_CODES.tierTooLow]))
    expect(free.story()).toEqual(['hello'])
    const short = await connect(relay, { expiresInMs: 4_000 })
    await runAlarmAt(relay, Date.now() + 5_000)
    await vi.waitFor(() => expect(short.closes).toEqual([CLOSE_CODES.unauthorized]))
  })

  it('of the free tier is cut off when a synthetic feed becomes a live one', async () => {
    const { symbol } = await settled('synthetic')
    const relay = newRelay()
    const [free, pro] = [await connect(relay, { tier: 'free' }), await connect(relay)]
    for (const viewer of [free, pro]) viewer.subscribe(symbol)
    await free.has(3)
    await pro.has(3)
    await puppetHub(relay, symbol)('live')
    await vi.waitFor(() => expect(free.closes).toEqual([CLOSE_CODES.tierTooLow]))
    await pro.has(4)
    expect(free.raw).toHaveLength(3)
    pro.socket.close(1000)
  })
})
