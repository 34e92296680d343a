import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { CREDIT, STREAM_LIMITS } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { ChannelLog } from '../fanout/channelLog.ts'
import { encoded, NOW_MS, SPOT, underlying } from '../symbol/testkit.ts'
import {
  holdClock,
  newSymbol,
  opened as openedNow,
  pass,
  post,
  type Stub,
} from '../symbol/workerd.testkit.ts'
import {
  connect,
  control,
  heldBy,
  newRelay,
  upgradeRequest,
  type RelayStub,
  type Viewer,
} from './workerd.testkit.ts'

holdClock()

/** A symbol that has said everything: a timer of its object left to run while a test waits would run as the test's. */
async function opened(feed: 'live' | 'synthetic' = 'live') {
  const symbol = await openedNow(feed)
  await pass(symbol.stub, 4_000)
  return { ...symbol, newest: (await frameOf(symbol.stub)).sequence }
}

/** A change of the symbol, and the frames that say it: one at once, one with what windows show of it. */
async function tick(symbol: string, stub: Stub, sequence: number): Promise<void> {
  const nowMs = Date.now()
  await post(stub, encoded({ symbol, sequence, createdMs: nowMs }, [underlying(SPOT + sequence, nowMs)]))
  await pass(stub, 4_000)
}

/** Waits until the viewer holds what the symbol's object does. */
async function caughtUp(viewer: Viewer, stub: Stub): Promise<void> {
  const frame = await frameOf(stub)
  await vi.waitFor(() => expect(heldBy(viewer)).toEqual(frame))
}

async function frameOf(stub: Stub): Promise<GammaFrame> {
  const frame = await stub.readFrame()
  if (frame === null) throw new Error('expected a frame')
  return quantise(frame)
}

/** A hub of our own, so that a test decides what it pushes and when. It takes over from the symbol's by its epoch. */
function puppetHub(relay: RelayStub, symbol: string) {
  const log = new ChannelLog(gammaChannel(symbol))
  let sequence = 0
  return async (feed: GammaFrame['feed'] = 'live') => {
    sequence++
    const position = { epoch: 1_000, sequence, previous: sequence - 1, asOfMs: NOW_MS, publishedMs: NOW_MS }
    const frame = quantise({ ...emptyFrame(symbol), ...position, feed, spotPrice: SPOT + sequence })
    return relay.pushFrame(log.channel, log.publish(frame, Date.now()).bytes())
  }
}

async function runAlarmAt(relay: RelayStub, ms: number): Promise<void> {
  vi.setSystemTime(ms)
  expect(await runDurableObjectAlarm(relay)).toBe(true)
}

describe('a viewer', () => {
  it.each(['json', 'binary'] as const)(
    'gets hello, a snapshot and then every change, in %s',
    async (encoding) => {
      const { symbol, stub, newest } = await opened()
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
    const [a, b] = [await opened(), await opened()]
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
    const { symbol } = await opened()
    const relay = newRelay()
    const first = await connect(relay)
    first.subscribe(symbol)
    await first.has(3)
    const push = puppetHub(relay, symbol)
    // oxlint-disable-next-line no-await-in-loop -- a stream is sequential
    for (let i = 0; i < 4; i++) await push()
    await first.has(7)
    const second = await connect(relay)
    second.subscribe(symbol, { epoch: 1_000, sequence: 2 })
    await second.has(4)
    expect(second.story()).toEqual(['hello', 'subscribed 1000:4 recovered', 'delta 1000:3', 'delta 1000:4'])
    for (const { socket } of [first, second]) socket.close(1000)
  })

  it.each([
    ['of another epoch', { epoch: 7, sequence: 1 }],
    ['not reached yet', { epoch: 1, sequence: 999 }],
    ['before the oldest frame', { epoch: 1, sequence: 0 }],
    ['that is half given', { sequence: 1 }],
  ])('is told honestly that a position %s cannot be gone on from', async (_, from) => {
    const { symbol, newest } = await opened()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol, from)
    await viewer.has(3)
    expect(viewer.story()).toEqual(['hello', `subscribed 1:${newest}`, `snapshot 1:${newest}`])
    viewer.socket.close(1000)
  })

  it('learns by a heartbeat what it must hold', async () => {
    const { symbol, newest } = await opened()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(3)
    viewer.say({ op: 'ping' })
    await viewer.has(4)
    const positions = { [gammaChannel(symbol)]: { epoch: 1, sequence: newest } }
    expect(viewer.messages().at(-1)).toMatchObject({ type: 'heartbeat', positions })
    viewer.say('ping')
    await vi.waitFor(() => expect(viewer.raw.at(-1)).toBe('pong'))
    viewer.socket.close(1000)
  })

  it('that does not acknowledge gets no more than its credit, others all, and then the newest', async () => {
    const { symbol } = await opened()
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
    const { symbol, newest } = await opened()
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

  it('is closed 4401 when its token ends and 4403 when its tier does not include the feed', async () => {
    const { symbol } = await opened('live')
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
    const { symbol } = await opened('synthetic')
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

describe('a relay', () => {
  it('keeps its viewers over hibernation and brings them to the newest with the next frame', async () => {
    const { symbol, stub } = await opened()
    const relay = newRelay()
    const viewer = await connect(relay, { encoding: 'binary' })
    viewer.subscribe(symbol)
    await viewer.has(3)
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    await tick(symbol, stub, 2)
    await caughtUp(viewer, stub)
    await tick(symbol, stub, 3)
    await caughtUp(viewer, stub)
    const [first, ...others] = viewer.story().slice(3)
    expect(first).toMatch(/^snapshot 1:/)
    expect(others.every((line) => line.startsWith('delta'))).toBe(true)
    viewer.socket.close(1000)
  })

  it('passes on a new life of the hub as a new epoch', async () => {
    const { symbol, stub } = await opened()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(3)
    await evictDurableObject(stub)
    await tick(symbol, stub, 2)
    await caughtUp(viewer, stub)
    expect(viewer.story()[3]).toBe('snapshot 2:1')
    viewer.socket.close(1000)
  })

  it('leaves the hub after its last viewer has left, and joins again for the next', async () => {
    const { symbol, stub } = await opened()
    const relay = newRelay()
    const known = () =>
      runInDurableObject(
        stub,
        (_, { storage }) =>
          storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE name = 'relays'").one().value,
      )
    const first = await connect(relay)
    first.subscribe(symbol)
    await first.has(3)
    expect(await known()).toContain('relay:')
    first.socket.close(1000)
    await vi.waitFor(() => expect(first.closes).toEqual([1000]))
    await tick(symbol, stub, 2)
    await vi.waitFor(async () => expect(await known()).toBe('[]'))
    const second = await connect(relay)
    second.subscribe(symbol)
    await second.has(3)
    await tick(symbol, stub, 3)
    await caughtUp(second, stub)
    expect(second.story()[2]).toMatch(/^snapshot 1:/)
    second.socket.close(1000)
  })

  it('renews its places by alarm, so that a hub which forgot it pushes again', async () => {
    const { symbol, stub, newest } = await opened()
    const relay = newRelay()
    const viewer = await connect(relay)
    viewer.subscribe(symbol)
    await viewer.has(3)
    viewer.ack(symbol, newest)
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("DELETE FROM meta WHERE name = 'relays'")
    })
    await evictDurableObject(stub)
    await runAlarmAt(relay, Date.now() + 30_000)
    await tick(symbol, stub, 2)
    await caughtUp(viewer, stub)
    expect(viewer.story()[3]).toMatch(/^snapshot 2:/)
    viewer.socket.close(1000)
  })

  it('sleeps when nothing happens: no timer, and after the last viewer no alarm', async () => {
    const { symbol, stub } = await opened()
    const relay = newRelay()
    const viewer = await connect(relay)
    viewer.subscribe(symbol)
    await viewer.has(3)
    await pass(stub, 4_000)
    expect(vi.getTimerCount()).toBe(0)
    viewer.socket.close(1000)
    await vi.waitFor(() => expect(viewer.closes).toEqual([1000]))
    // The second one finds nothing left to do.
    await runAlarmAt(relay, Date.now() + 60_000)
    await runAlarmAt(relay, Date.now() + 60_000)
    await runInDurableObject(relay, async (_, { storage }) => expect(await storage.getAlarm()).toBeNull())
  })

  it('serves whole frames to viewers for whom the symbol itself had no room', async () => {
    const { symbol, stub, newest } = await opened()
    const relay = newRelay()
    const path = `/ws/gamma-compact/${symbol}`
    const viewer = await connect(relay, { path })
    await viewer.has(1)
    await tick(symbol, stub, 2)
    const { sequence, netGex, strikes } = await frameOf(stub)
    const whole = { sequence, netGex, strikes }
    await vi.waitFor(() => expect(JSON.parse(String(viewer.raw.at(-1)))).toMatchObject(whole))
    expect(viewer.raw.map((data) => JSON.parse(String(data)).sequence).slice(0, 2)).toEqual([
      newest,
      newest + 1,
    ])
    expect((await relay.fetch(upgradeRequest({ path: '/ws/gamma-compact/NODATA' }))).status).toBe(503)
    viewer.socket.close(1000)
  })

  it('counts the sockets of its group', async () => {
    const [first, second] = ['relay:counted:0', 'relay:counted:1'].map((name) => env.RELAY.getByName(name))
    if (first === undefined || second === undefined) throw new Error('expected two relays')
    const viewer = await connect(second)
    viewer.subscribe(newSymbol().symbol)
    await viewer.has(2)
    expect(await first.readShards()).toBe(1)
    await first.reportSockets(2, 4_000)
    await runAlarmAt(second, Date.now() + 30_000)
    expect(await first.readShards()).toBe(2)
    viewer.socket.close(1000)
  })

  it('says that there is no such channel yet, and cuts who asks for what can never be one', async () => {
    const { symbol } = newSymbol()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(2)
    expect(viewer.story().at(-1)).toBe('error unknown_channel')
    viewer.say({ op: 'subscribe', channels: ['flow.SPX'] })
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES.unknownChannel]))
  })
})
