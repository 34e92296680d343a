import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { encoded, EPOCH, openingTicks } from '../symbol/testkit.ts'
import { holdClock, newSymbol, pass, post } from '../symbol/workerd.testkit.ts'
import { caughtUp, frameOf, runAlarmAt, settled, tick } from './hub.workerd.testkit.ts'
import { connect, newRelay, upgradeRequest, type Viewer } from './workerd.testkit.ts'

holdClock()

/** The first frame of an epoch after the first. */
const LATER_LIFE = /^snapshot (?!1:)\d+:1$/

async function left({ socket, closes }: Viewer): Promise<void> {
  socket.close(1000)
  await vi.waitFor(() => expect(closes).toEqual([1000]))
}

describe('a relay', () => {
  it('keeps its viewers over hibernation and brings them to the newest with the next frame', async () => {
    const { symbol, stub } = await settled()
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
    const { symbol, stub } = await settled()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(3)
    await evictDurableObject(stub)
    await tick(symbol, stub, 2)
    await caughtUp(viewer, stub)
    expect(viewer.story()[3]).toMatch(LATER_LIFE)
    viewer.socket.close(1000)
  })

  it('shows what a hub says that has lost its storage', async () => {
    const { symbol, stub } = await settled()
    const viewer = await connect(newRelay())
    viewer.subscribe(symbol)
    await viewer.has(3)
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("DELETE FROM meta WHERE name = 'streamEpoch'")
    })
    await evictDurableObject(stub)
    vi.setSystemTime(Date.now() + 60_000)
    await tick(symbol, stub, 2)
    await caughtUp(viewer, stub)
    expect(viewer.story()[3]).toMatch(LATER_LIFE)
    viewer.socket.close(1000)
  })

  it('stays after its last viewer has left, so that it can be gone on from', async () => {
    const { symbol, stub, newest } = await settled()
    const relay = newRelay()
    const first = await connect(relay)
    first.subscribe(symbol)
    await first.has(3)
    await left(first)
    await tick(symbol, stub, 2)
    await tick(symbol, stub, 3)
    const again = await connect(relay)
    again.subscribe(symbol, { epoch: EPOCH, sequence: newest })
    await vi.waitFor(() => expect(again.raw.length).toBeGreaterThan(2))
    expect(again.story().slice(1, 3)).toEqual([
      expect.stringMatching(/^subscribed 1:\d+ recovered$/),
      `delta 1:${newest + 1}`,
    ])
    again.socket.close(1000)
  })

  it('leaves the hub when its last viewer is long gone or it has slept, and joins again for the next', async () => {
    const { symbol, stub } = await settled()
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
    await left(first)
    await tick(symbol, stub, 2)
    expect(await known()).toContain('relay:')
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    await tick(symbol, stub, 3)
    await vi.waitFor(async () => expect(await known()).toBe('[]'))
    const second = await connect(relay)
    second.subscribe(symbol)
    await second.has(3)
    await tick(symbol, stub, 4)
    await caughtUp(second, stub)
    expect(second.story()[2]).toMatch(/^snapshot 1:/)
    second.socket.close(1000)
  })

  it('renews its places by alarm, so that a hub which forgot it pushes again', async () => {
    const { symbol, stub, newest } = await settled()
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
    expect(viewer.story()[3]).toMatch(LATER_LIFE)
    viewer.socket.close(1000)
  })

  it('sleeps when nothing happens: no timer, and after the last viewer no alarm', async () => {
    const { symbol, stub } = await settled()
    const relay = newRelay()
    const viewer = await connect(relay)
    viewer.subscribe(symbol)
    await viewer.has(3)
    await pass(stub, 4_000)
    expect(vi.getTimerCount()).toBe(0)
    await left(viewer)
    await runAlarmAt(relay, Date.now() + 60_000)
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    // The second one finds nothing left to do.
    await runAlarmAt(relay, Date.now() + 60_000)
    await runAlarmAt(relay, Date.now() + 60_000)
    await runInDurableObject(relay, async (_, { storage }) => expect(await storage.getAlarm()).toBeNull())
  })

  it('serves whole frames to viewers for whom the symbol itself had no room', async () => {
    const { symbol, stub, newest } = await settled()
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

  it('waits for the first frame of a symbol, asleep or not, and gives it to who was there before', async () => {
    const { symbol, stub } = newSymbol()
    const relay = newRelay()
    const viewers = [await connect(relay), await connect(relay), await connect(relay, { tier: 'free' })]
    for (const viewer of viewers) {
      viewer.subscribe(symbol)
      // oxlint-disable-next-line no-await-in-loop -- the second finds the channel waited for already
      await viewer.has(2)
      expect(viewer.story().at(-1)).toBe('subscribed 0:0')
    }
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    await evictDurableObject(stub)
    await post(stub, encoded({ symbol, feed: 'live' }, openingTicks()))
    await pass(stub, 4_000)
    const [first, second, free] = viewers as [Viewer, Viewer, Viewer]
    await caughtUp(first, stub)
    await caughtUp(second, stub)
    expect(first.story()[2]).toBe('snapshot 1:1')
    expect(free.closes).toEqual([CLOSE_CODES.tierTooLow])
    expect(free.raw).toHaveLength(2)
    for (const { socket } of [first, second]) socket.close(1000)
  })

  it('cuts who asks for what can never be a channel', async () => {
    const viewer = await connect(newRelay())
    viewer.say({ op: 'subscribe', channels: ['flow.SPX'] })
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES.unknownChannel]))
  })
})
