/** Symbols for relays to join, and a hub that does as it is told. For workerd tests. */
import { runDurableObjectAlarm } from 'cloudflare:test'
import { expect, vi } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { ChannelLog } from '../fanout/channelLog.ts'
import { encoded, EPOCH, NOW_MS, SPOT, underlying } from '../symbol/testkit.ts'
import { opened, pass, post, type Stub } from '../symbol/workerd.testkit.ts'
import { heldBy, type RelayStub, type Viewer } from './workerd.testkit.ts'

/** A symbol that has said everything: a timer of its object left to run while a test waits would run as the test's. */
export async function settled(feed: 'live' | 'synthetic' = 'live') {
  const symbol = await opened(feed)
  await pass(symbol.stub, 4_000)
  return { ...symbol, newest: (await frameOf(symbol.stub)).sequence }
}

/** A change of the symbol, and the frames that say it: one at once, one with what windows show of it. */
export async function tick(symbol: string, stub: Stub, sequence: number): Promise<void> {
  const nowMs = Date.now()
  await post(stub, encoded({ symbol, sequence, createdMs: nowMs }, [underlying(SPOT + sequence, nowMs)]))
  await pass(stub, 4_000)
}

/** Waits until the viewer holds what the symbol's object does. */
export async function caughtUp(viewer: Viewer, stub: Stub): Promise<void> {
  const frame = await frameOf(stub)
  await vi.waitFor(() => expect(heldBy(viewer)).toEqual(frame))
}

export async function frameOf(stub: Stub): Promise<GammaFrame> {
  const frame = await stub.readFrame()
  if (frame === null) throw new Error('expected a frame')
  return quantise(frame)
}

/** Of a hub of our own: it takes over from the symbol's. In a story it is 1000. */
export const PUPPET_EPOCH = EPOCH + 999

/** A hub of our own, so that a test decides what it pushes and when. */
export function puppetHub(relay: RelayStub, symbol: string) {
  const log = new ChannelLog(gammaChannel(symbol))
  let sequence = 0
  return async (feed: GammaFrame['feed'] = 'live', epoch = PUPPET_EPOCH) => {
    sequence++
    const position = {
      epoch,
      sequence,
      previous: sequence - 1,
      asOfMs: NOW_MS,
      publishedMs: Date.now(),
    }
    const frame = quantise({ ...emptyFrame(symbol), ...position, feed, spotPrice: SPOT + sequence })
    return relay.pushFrame(log.channel, log.publish(frame, Date.now()).bytes())
  }
}

export async function runAlarmAt(relay: RelayStub, ms: number): Promise<void> {
  vi.setSystemTime(ms)
  expect(await runDurableObjectAlarm(relay)).toBe(true)
}
