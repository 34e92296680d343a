import { describe, expect, it } from 'vitest'
import { gammaChannel } from '#schemas/stream/channel'
import { RESUME } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { EVERY_FRAME } from '#schemas/tiers'
import { ChannelLog } from '../fanout/channelLog.ts'
import type { LiveChannel } from '../fanout/session.ts'
import type { Joined } from './contract.ts'
import { MAX_LINGERING, MAX_WAITING, RelayChannels, type JoinOutcome } from './relayChannels.ts'

/** A hub per symbol, which publishes only when told to, and a relay whose viewers are a set of channels. */
function setUp() {
  const hubs = new Map<string, ChannelLog>()
  const watched = new Set<string>()
  const renewed: string[] = []
  const feeds: string[] = []
  const published: string[] = []
  const hubOf = (channel: string) => {
    const log = hubs.get(channel) ?? new ChannelLog(channel)
    hubs.set(channel, log)
    return log
  }
  const relay = new RelayChannels('relay:x:0', {
    hub: (symbol) => ({
      joinStream: async (): Promise<Joined | null> => {
        const snapshot = hubOf(gammaChannel(symbol)).snapshot()
        return snapshot === null ? null : { feed: 'live', snapshot: snapshot.bytes() }
      },
      renewStream: async () => {
        renewed.push(symbol)
        return hubOf(gammaChannel(symbol)).frame !== null
      },
    }),
    cadences: (channel) => (watched.has(channel) ? [EVERY_FRAME] : []),
    after: () => {},
    published: (frame) => void published.push(`${frame.channel} ${frame.position.sequence}`),
    feedChanged: (channel, feed) => void feeds.push(`${channel} ${feed}`),
    joined: () => {},
    failed: (_, error) => {
      throw error
    },
  })
  const publish = (symbol: string, nowMs = 0) => {
    const log = hubOf(gammaChannel(symbol))
    const sequence = (log.frame?.sequence ?? 0) + 1
    const frame = { ...emptyFrame(symbol), epoch: 1, sequence, previous: sequence - 1, feed: 'live' as const }
    return log.publish(quantise(frame), nowMs).bytes()
  }
  /** The hub's newest frame arrives. */
  const push = (symbol: string, nowMs: number) =>
    relay.push(gammaChannel(symbol), publish(symbol, nowMs), nowMs)
  const join = (symbol: string): Promise<JoinOutcome> => {
    watched.add(gammaChannel(symbol))
    return relay.join(gammaChannel(symbol), () => 0)
  }
  const leave = (symbol: string) => void watched.delete(gammaChannel(symbol))
  return { relay, watched, renewed, feeds, published, publish, push, join, leave }
}

const sequenceOf = (live: LiveChannel | null) => live?.logs.full.frame?.sequence ?? null

describe('a channel whose last viewer has left', () => {
  it('is kept for as long as the viewer may go on from its position, frames included', async () => {
    const { relay, publish, push, join, leave } = setUp()
    publish('SPX')
    await join('SPX')
    leave('SPX')
    expect(push('SPX', 1_000)).toBe('held')
    expect(push('SPX', 1_000 + RESUME.ms - 1)).toBe('held')
    expect(relay.live('gamma.SPX')?.logs.full.canResume({ epoch: 1, sequence: 2 }, RESUME.ms)).toBe(true)
    expect(push('SPX', 1_000 + RESUME.ms)).toBe('left')
    expect(relay.live('gamma.SPX')).toBeNull()
  })

  it('is kept anew each time somebody was there', async () => {
    const { publish, push, join, leave, watched } = setUp()
    publish('SPX')
    await join('SPX')
    leave('SPX')
    push('SPX', 0)
    watched.add('gamma.SPX')
    push('SPX', RESUME.ms - 1)
    leave('SPX')
    expect(push('SPX', RESUME.ms)).toBe('held')
    expect(push('SPX', 2 * RESUME.ms - 1)).toBe('held')
    expect(push('SPX', 2 * RESUME.ms)).toBe('left')
  })

  it('keeps its place at the hub meanwhile, and no longer, also when no frame comes', async () => {
    const { relay, renewed, publish, join, leave } = setUp()
    publish('SPX')
    await join('SPX')
    leave('SPX')
    await relay.renew([], 0)
    await relay.renew([], RESUME.ms - 1)
    expect(relay.isLingering).toBe(true)
    await relay.renew([], RESUME.ms)
    expect(renewed).toEqual(['SPX', 'SPX'])
    expect(relay.isLingering).toBe(false)
    expect(relay.live('gamma.SPX')).toBeNull()
  })

  it('makes room for those left later', async () => {
    const { relay, publish, push, join, leave } = setUp()
    const symbols = Array.from({ length: MAX_LINGERING + 1 }, (_, i) => `S${i}`)
    for (const symbol of symbols) {
      publish(symbol)
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await join(symbol)
      leave(symbol)
      push(symbol, 0)
    }
    expect(relay.live('gamma.S0')).toBeNull()
    expect([push('S0', 1), push('S1', 1)]).toEqual(['left', 'held'])
  })

  it('is left at once by a relay that has slept: it has nothing that somebody could go on from', () => {
    expect(setUp().push('SPX', 0)).toBe('left')
  })
})

describe('a channel without a frame', () => {
  it('is waited for, and goes to its viewers with the first', async () => {
    const { relay, push, join, feeds, published } = setUp()
    const outcome = await join('NEW')
    expect(outcome).toMatchObject({ feed: null, logs: { full: { frame: null } } })
    expect(relay.live('gamma.NEW')).toBe(outcome)
    expect(push('NEW', 1)).toBe('held')
    expect(sequenceOf(relay.live('gamma.NEW'))).toBe(1)
    expect([feeds, published]).toEqual([['gamma.NEW live'], ['gamma.NEW 1']])
  })

  it('keeps its place as long as somebody waits', async () => {
    const { relay, renewed, join, leave } = setUp()
    await join('NEW')
    await relay.renew(['gamma.NEW'], 0)
    leave('NEW')
    await relay.renew([], 30_000)
    expect(renewed).toEqual(['NEW'])
    expect([relay.live('gamma.NEW'), relay.isLingering]).toEqual([null, false])
  })

  it('is refused while too many are waited for, also by a relay that has slept', async () => {
    const { relay, join, leave, publish } = setUp()
    // It knows of them only by what its viewers have.
    const names = Array.from({ length: MAX_WAITING }, (_, i) => `gamma.X${i}`)
    for (const name of names) leave(name)
    await relay.renew(names, 0)
    expect(await join('ONE.MORE')).toBe('unknown')
    publish('SPX')
    expect(await join('SPX')).toMatchObject({ feed: 'live' })
    await relay.renew([], 30_000)
    expect(await join('ONE.MORE')).toMatchObject({ feed: null })
  })
})
