import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { gammaChannel } from '#schemas/stream/channel'
import { CLOSE_CODES, type CloseName } from '#schemas/stream/closeCodes'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import { holdClock } from '../symbol/workerd.testkit.ts'
import { settled } from './hub.workerd.testkit.ts'
import { connect, newRelay, type RelayStub, type Viewer } from './workerd.testkit.ts'

holdClock()

type Send = (viewer: Viewer, channel: string) => void

const times = (count: number, send: Send): Send => {
  return (viewer, channel) => {
    for (let i = 0; i < count; i++) send(viewer, channel)
  }
}
const text = (message: string): Send => times(STREAM_LIMITS.badMessages, ({ say }) => say(message))
const json = (message: (channel: string) => unknown): Send =>
  times(STREAM_LIMITS.badMessages, ({ say }, channel) => say(message(channel)))

/** What a client may send, and how it is closed for it. */
const CASES: readonly (readonly [string, Send, CloseName])[] = [
  ['a message over 4 KB', ({ say }) => say(`{"op":"ping","x":"${'x'.repeat(4_096)}"}`), 'tooLarge'],
  ['32 characters over 4 KB of UTF-8', ({ say }) => say(`"${'€'.repeat(1_370)}"`), 'tooLarge'],
  ['bytes', ({ socket }) => socket.send(new TextEncoder().encode('{"op":"ping"}')), 'badMessage'],
  ['no bytes', ({ socket }) => socket.send(new Uint8Array()), 'badMessage'],
  ['text that is not UTF-8', text('{"op":"ping\uFFFD"}'), 'badMessage'],
  ['no JSON', text('subscribe'), 'badMessage'],
  ['nothing', text(''), 'badMessage'],
  ['nested arrays', text('['.repeat(4_000)), 'badMessage'],
  ['an unknown operation', json(() => ({ op: 'publish' })), 'badMessage'],
  [
    'a version to come',
    json((channel) => ({ op: 'subscribe2', protocol: 2, channels: [channel] })),
    'badMessage',
  ],
  ['a prototype', text('{"__proto__":{"op":"ping"}}'), 'badMessage'],
  ['no channels', json(() => ({ op: 'subscribe', channels: [] })), 'badMessage'],
  ['channels that are numbers', json(() => ({ op: 'subscribe', channels: [1] })), 'badMessage'],
  [
    'a negative position',
    json((channel) => ({ op: 'subscribe', channels: [{ channel, epoch: -1, sequence: 1 }] })),
    'badMessage',
  ],
  [
    'half a frame',
    json((channel) => ({ op: 'subscribe', channels: [{ channel, epoch: 1, sequence: 0.5 }] })),
    'badMessage',
  ],
  [
    'a position beyond integers',
    json((channel) => ({ op: 'ack', positions: { [channel]: 1e300 } })),
    'badMessage',
  ],
  [
    'an acknowledgement of what was never sent',
    json((channel) => ({ op: 'ack', positions: { [channel]: 9_999 } })),
    'badMessage',
  ],
  [
    '65 channels in one message',
    json(() => ({ op: 'subscribe', channels: Array.from({ length: 65 }, (_, i) => `gamma.X${i}`) })),
    'badMessage',
  ],
  [
    'a channel that can never be',
    ({ say }) => say({ op: 'subscribe', channels: ['gamma.no such'] }),
    'unknownChannel',
  ],
  ['31 pings in a row', times(31, ({ say }) => say({ op: 'ping' })), 'flood'],
  [
    '31 subscriptions in a row',
    times(31, ({ say }, channel) => say({ op: 'subscribe', channels: [channel] })),
    'flood',
  ],
  ['31 acknowledgements of nothing', times(31, ({ say }) => say({ op: 'ack', positions: {} })), 'flood'],
]

/** A viewer who must notice nothing. */
async function bystander(relay: RelayStub, symbol: string): Promise<Viewer> {
  const viewer = await connect(relay, { encoding: 'binary' })
  viewer.subscribe(symbol)
  await viewer.has(3)
  return viewer
}

describe('bad input', () => {
  it.each(CASES)('%s', async (_, send, name) => {
    const { symbol } = await settled()
    const relay = newRelay()
    const other = await bystander(relay, symbol)
    const viewer = await connect(relay)
    viewer.subscribe(symbol)
    await viewer.has(3)
    send(viewer, gammaChannel(symbol))
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES[name]]))
    other.say({ op: 'ping' })
    await other.has(4)
    expect(other.closes).toEqual([])
    other.socket.close(1000)
  })

  it('is forgiven twice, each time with what was expected', async () => {
    const viewer = await connect(newRelay())
    viewer.say('subscribe')
    viewer.say({ op: 'subscribe' })
    viewer.say({ op: 'unsubscribe', channels: ['gamma.SPX'] })
    await viewer.has(4)
    expect(viewer.story()).toEqual([
      'hello',
      'error bad_message',
      'error bad_message',
      'error not_subscribed',
    ])
    viewer.say('third')
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES.badMessage]))
  })

  it('allows 64 channels and refuses the next without a close', async () => {
    const viewer = await connect(newRelay())
    const names = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `gamma.MANY${from + i}`)
    viewer.say({ op: 'subscribe', channels: [...names(0, 64)] })
    viewer.say({ op: 'subscribe', channels: names(64, 1) })
    // Each of them asks an object that has to be made first.
    await vi.waitFor(() => expect(viewer.story()).toContain('error too_many_channels'), { timeout: 10_000 })
    expect(viewer.closes).toEqual([])
    viewer.socket.close(1000)
  })

  it('after the close is not listened to', async () => {
    const { symbol } = await settled()
    const relay = env.RELAY.getByName('relay:closed:0')
    const viewer = await connect(relay)
    viewer.socket.send(new Uint8Array(1))
    for (let i = 0; i < 5; i++) viewer.subscribe(symbol)
    await vi.waitFor(() => expect(viewer.closes).toEqual([CLOSE_CODES.badMessage]))
    expect(viewer.story()).toEqual(['hello'])
  })
})
