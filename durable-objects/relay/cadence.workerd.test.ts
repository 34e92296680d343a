import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { encoded, SPOT, underlying } from '../symbol/testkit.ts'
import { holdClock, pass, post } from '../symbol/workerd.testkit.ts'
import { PUPPET_EPOCH, puppetHub, settled } from './hub.workerd.testkit.ts'
import { connect, control, heldBy, newRelay, type RelayStub, type Viewer } from './workerd.testkit.ts'

holdClock()

const SLOW_MS = 1_000

function passAt(relay: RelayStub, ms: number): Promise<void> {
  return runInDurableObject(relay, async () => {
    await vi.advanceTimersByTimeAsync(ms)
  })
}

/** A synthetic symbol whose frames come from a hub of ours, half a second apart. */
async function market(relays: readonly RelayStub[]) {
  const { symbol } = await settled('synthetic')
  const publish = relays.map((relay) => puppetHub(relay, symbol))
  const frames = async (count: number, everyMs = 500) => {
    for (let i = 0; i < count; i++) {
      // oxlint-disable no-await-in-loop -- one after the other is the point
      for (const push of publish) expect(await push('synthetic')).toBe('held')
      await passAt(relays[0] as RelayStub, everyMs)
      // oxlint-enable no-await-in-loop
    }
  }
  return { symbol, frames }
}

async function watching(relay: RelayStub, symbol: string, tier: 'guest' | 'pro', from: object = {}) {
  const viewer = await connect(relay, { tier })
  viewer.subscribe(symbol, from)
  await vi.waitFor(() => expect(control(viewer, 'subscribed')).toHaveLength(1))
  return viewer
}

const sequences = (viewer: Viewer) =>
  viewer.messages().flatMap((message) => {
    if (message.type === 'snapshot')
      return message.frame.epoch === PUPPET_EPOCH ? [message.frame.sequence] : []
    return message.type === 'delta' ? [message.sequence] : []
  })

/** Everything that was sent is here. */
async function quiet(viewer: Viewer): Promise<void> {
  const before = control(viewer, 'heartbeat').length
  viewer.say({ op: 'ping' })
  await vi.waitFor(() => expect(control(viewer, 'heartbeat')).toHaveLength(before + 1))
}

describe('viewers of two cadences on one relay', () => {
  it('get every frame, or one a second without a gap, and both end with the newest', async () => {
    const relay = newRelay()
    const { symbol, frames } = await market([relay])
    const [pro, guest] = [await watching(relay, symbol, 'pro'), await watching(relay, symbol, 'guest')]
    expect([pro, guest].map((viewer) => control(viewer, 'hello')[0]?.frameEveryMs)).toEqual([0, SLOW_MS])
    await frames(10)
    await passAt(relay, SLOW_MS)
    for (const viewer of [pro, guest]) await quiet(viewer) // oxlint-disable-line no-await-in-loop
    expect(sequences(pro)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const thinned = sequences(guest)
    expect([thinned[0], thinned.at(-1)]).toEqual([1, 10])
    expect(thinned.length).toBeGreaterThanOrEqual(6)
    expect(thinned.length).toBeLessThanOrEqual(7)
    // The same frame, but that it follows another one.
    expect(heldBy(guest)).toEqual({ ...heldBy(pro), previous: thinned.at(-2) })
    for (const { socket } of [pro, guest]) socket.close(1000)
  })

  it('leave no timer behind when the channel is quiet, and none at all without a slow viewer', async () => {
    const relay = newRelay()
    const { symbol, frames } = await market([relay])
    const pro = await watching(relay, symbol, 'pro')
    await frames(2)
    expect(vi.getTimerCount()).toBe(0)
    const guest = await watching(relay, symbol, 'guest')
    await frames(1, 0)
    expect(vi.getTimerCount()).toBe(1)
    await passAt(relay, SLOW_MS)
    expect(vi.getTimerCount()).toBe(0)
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    for (const { socket } of [pro, guest]) socket.close(1000)
  })

  it('are brought to the newest with the next frame after a sleep, and go on at their cadence', async () => {
    const relay = newRelay()
    const { symbol, frames } = await market([relay])
    const guest = await watching(relay, symbol, 'guest')
    await frames(3)
    await passAt(relay, SLOW_MS)
    await quiet(guest)
    const before = guest.raw.length
    await evictDurableObject(relay, { webSockets: 'hibernate' })
    // A hub whose relay has lost what a delta would change sends a snapshot.
    const afterSleep = puppetHub(relay, symbol)
    for (let i = 0; i < 5; i++) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await afterSleep('synthetic', PUPPET_EPOCH + 1)).toBe('held')
      await passAt(relay, 500) // oxlint-disable-line no-await-in-loop
    }
    await passAt(relay, SLOW_MS)
    await quiet(guest)
    const [first, ...others] = guest.story().slice(before)
    expect(first).toMatch(/^snapshot \d+:1$/)
    expect(others.filter((line) => line.startsWith('delta')).length).toBeGreaterThanOrEqual(2)
    expect(heldBy(guest)).toMatchObject({ epoch: PUPPET_EPOCH + 1, sequence: 5 })
    guest.socket.close(1000)
  })
})

describe('a viewer of the slow cadence', () => {
  it('goes on from its position at another relay', async () => {
    const [here, there] = [newRelay(), newRelay()]
    const { symbol, frames } = await market([here, there])
    const guest = await watching(here, symbol, 'guest')
    const other = await watching(there, symbol, 'guest')
    await frames(6)
    await quiet(guest)
    guest.socket.close(1000)
    await frames(4)
    const last = heldBy(guest)
    const again = await watching(there, symbol, 'guest', { epoch: last?.epoch, sequence: last?.sequence })
    await quiet(again)
    expect(control(again, 'subscribed')).toMatchObject([{ recovered: true }])
    const missed = again.messages().filter((message) => message.type === 'delta')
    expect(missed.length).toBeGreaterThanOrEqual(2)
    expect(missed[0]).toMatchObject({ previous: last?.sequence })
    expect(again.messages().some(({ type }) => type === 'snapshot')).toBe(false)
    for (const { socket } of [again, other]) socket.close(1000)
  })

  it('who had every frame before gets a snapshot where it had one that is not of its stream', async () => {
    const relay = newRelay()
    const { symbol, frames } = await market([relay])
    const guest = await watching(relay, symbol, 'guest')
    await frames(8)
    await quiet(guest)
    const had = new Set(sequences(guest))
    const notHad = [3, 4, 5, 6].find((sequence) => !had.has(sequence))
    const lowered = await watching(relay, symbol, 'guest', { epoch: PUPPET_EPOCH, sequence: notHad })
    const raised = await watching(relay, symbol, 'pro', { epoch: PUPPET_EPOCH, sequence: [...had][2] })
    for (const viewer of [lowered, raised]) await quiet(viewer) // oxlint-disable-line no-await-in-loop
    expect(control(lowered, 'subscribed')).toMatchObject([{ recovered: false }])
    expect(lowered.story()[2]).toMatch(/^snapshot/)
    expect(control(raised, 'subscribed')).toMatchObject([{ recovered: true }])
    expect(sequences(raised)).toEqual([4, 5, 6, 7, 8].filter((sequence) => sequence > ([...had][2] ?? 0)))
    for (const { socket } of [guest, lowered, raised]) socket.close(1000)
  })
})

it('whole frames come at the cadence of the tier, from a relay', async () => {
  const relay = newRelay()
  const { symbol, frames } = await market([relay])
  const path = `/ws/gamma-compact/${symbol}`
  const [pro, guest] = [await connect(relay, { path }), await connect(relay, { path, tier: 'guest' })]
  await frames(10)
  await passAt(relay, SLOW_MS)
  const frameOf = (viewer: Viewer) => viewer.raw.map((data) => JSON.parse(String(data)))
  await vi.waitFor(() => expect(pro.raw).toHaveLength(11))
  await vi.waitFor(() => expect(frameOf(guest).at(-1)).toMatchObject({ sequence: 10 }))
  expect(guest.raw.length).toBeLessThanOrEqual(8)
  const chain = frameOf(guest).slice(2)
  expect(chain.map(({ previous }) => previous)).toEqual(
    frameOf(guest)
      .slice(1, -1)
      .map(({ sequence }) => sequence),
  )
  for (const { socket } of [pro, guest]) socket.close(1000)
})

it('and from the symbol itself', async () => {
  const { symbol, stub } = await settled('synthetic')
  const path = '/stream'
  const viewers = [
    await connect(stub as unknown as RelayStub, { path }),
    await connect(stub as unknown as RelayStub, { path, tier: 'guest' }),
  ]
  for (let sequence = 2; sequence <= 9; sequence++) {
    const nowMs = Date.now()
    const batch = encoded({ symbol, feed: 'synthetic', sequence, createdMs: nowMs }, [
      underlying(SPOT + sequence, nowMs),
    ])
    await post(env.SYMBOL.getByName(symbol), batch) // oxlint-disable-line no-await-in-loop
    await pass(stub, 500) // oxlint-disable-line no-await-in-loop
  }
  await pass(stub, 5_000)
  const [pro, guest] = viewers.map(({ raw }) => raw.map((data) => JSON.parse(String(data))))
  await vi.waitFor(() => expect(viewers[0]?.raw.length).toBeGreaterThan(8))
  expect(guest?.length).toBeLessThan(8)
  expect(guest?.at(-1)).toMatchObject({ spotPrice: SPOT + 9, sequence: pro?.at(-1).sequence })
  expect(vi.getTimerCount()).toBe(0)
  for (const { socket } of viewers) socket.close(1000)
})
