import { describe, expect, test, vi } from 'vitest'
import { snapshotOf } from '#schemas/stream/snapshot'
import { ApiProblem } from '../rest/apiProblem.ts'
import { fakeNetwork, settled } from './fakeNetwork.testkit.ts'
import { HELLO } from './fakeServer.testkit.ts'
import { followChannels, type FollowSurroundings } from './followChannels.ts'
import { deltaAt, frameAt } from './history.testkit.ts'

const REFUSAL = new ApiProblem({
  type: '',
  title: '',
  status: 403,
  detail: '',
  instance: '',
  code: 'upgrade_required',
  requestId: 'r',
  requiredTier: 'pro',
  upgradeUrl: '/?upgrade',
})

const subscribed = (symbol: string, sequence = 5, recovered = false) => ({
  type: 'subscribed',
  channel: `gamma.${symbol}`,
  epoch: 1,
  sequence,
  recovered,
})

function follow(symbols: readonly string[], refused: readonly string[] = []) {
  const network = fakeNetwork()
  const told: string[] = []
  const frames: string[] = []
  const dial = vi.fn<FollowSurroundings['dial']>(async () => 'wss://x/ws/v1')
  const stream = followChannels(
    {
      channels: symbols.map((symbol) => `gamma.${symbol}`),
      onFrame: ({ symbol, sequence }, isCatchUp) =>
        void frames.push(`${symbol} ${sequence}${isCatchUp ? ' missed' : ''}`),
      onState: (channel, state) => void told.push(`${channel} ${state.kind}`),
      encoding: 'json',
    },
    {
      environment: network.environment,
      dial,
      refusalOf: async (symbol) => (refused.includes(symbol) ? REFUSAL : null),
    },
  )
  const say = async (...messages: object[]) => {
    for (const message of messages) network.last().message(JSON.stringify(message))
    await settled()
  }
  /** From here on. */
  const since = () => told.splice(0)
  return { network, stream, say, frames, dial, since }
}

describe('channels that are followed', () => {
  test('each go through states of their own on one socket', async () => {
    const { network, say, since, frames, stream } = follow(['SPX', 'NVDA'])
    await settled()
    expect(since()).toEqual(['gamma.SPX connecting', 'gamma.NVDA connecting'])
    await say(HELLO, subscribed('SPX'), snapshotOf(frameAt(1, 5)), { ...subscribed('NVDA', 0), epoch: 0 })
    expect(since()).toEqual(['gamma.SPX waiting', 'gamma.NVDA waiting', 'gamma.SPX live'])
    network.last().closed(1006)
    expect(since()).toEqual(['gamma.SPX stale', 'gamma.NVDA connecting'])
    await network.advance(2_000)
    await say(HELLO, subscribed('SPX', 7, true), deltaAt(1, 6), deltaAt(1, 7), deltaAt(1, 8))
    expect(since().filter((line) => line.includes('SPX'))).toEqual([
      'gamma.SPX stale',
      'gamma.SPX resumed',
      'gamma.SPX caughtUp',
      'gamma.SPX live',
    ])
    expect(frames).toEqual(['SPX 5', 'SPX 6 missed', 'SPX 7', 'SPX 8'])
    expect(stream.state('gamma.NVDA')).toEqual({ kind: 'waiting' })
    expect(network.sockets).toHaveLength(2)
  })

  test.each([
    ['recovered', [subscribed('SPX', 5, true)]],
    ['with the same snapshot', [subscribed('SPX', 5, false), snapshotOf(frameAt(1, 5))]],
  ])('%s and nothing missed, it is caught up without another frame', async (_, answer) => {
    const { network, say, frames, stream } = follow(['SPX'])
    await settled()
    await say(HELLO, subscribed('SPX'), snapshotOf(frameAt(1, 5)))
    network.last().closed(1006)
    await network.advance(2_000)
    await say(HELLO, ...answer)
    expect(stream.state('gamma.SPX')).toMatchObject({ kind: 'caughtUp' })
    expect(frames).toEqual(['SPX 5'])
  })

  test('with an older snapshot, it is not caught up until it is where it was', async () => {
    const { network, say, frames, stream } = follow(['SPX'])
    await settled()
    await say(HELLO, subscribed('SPX'), snapshotOf(frameAt(1, 5)))
    network.last().closed(1006)
    await network.advance(2_000)
    await say(HELLO, subscribed('SPX', 4, false), snapshotOf(frameAt(1, 4)))
    expect(stream.state('gamma.SPX')).toMatchObject({ kind: 'resumed', recovered: false })
    await say(deltaAt(1, 5))
    expect(stream.state('gamma.SPX')).toMatchObject({ kind: 'caughtUp', by: 'snapshot' })
    expect(frames).toEqual(['SPX 5'])
  })

  test('closed for the tier: the one it is about ends with what would open it, the others go on', async () => {
    const { network, say, since, stream } = follow(['SPX', 'PAID'], ['PAID'])
    await settled()
    await say(HELLO)
    since()
    network.last().closed(4403)
    await settled()
    expect(stream.state('gamma.PAID')).toMatchObject({
      kind: 'closed',
      reason: 'forbidden',
      upgrade: { requiredTier: 'pro', upgradeUrl: '/?upgrade' },
    })
    await say(HELLO)
    expect(network.last().sent).toEqual(['{"op":"subscribe","channels":[{"channel":"gamma.SPX"}]}'])
  })

  test('closed for the tier, and nobody can say for which: all end, and nothing is dialled again', async () => {
    const { network, say, stream } = follow(['SPX', 'NVDA'])
    await settled()
    await say(HELLO)
    network.last().closed(4403)
    await network.advance(3_600_000)
    expect(stream.state('gamma.SPX')).toMatchObject({ reason: 'forbidden', upgrade: null })
    expect(stream.state('gamma.NVDA')).toMatchObject({ reason: 'forbidden', upgrade: null })
    expect(network.sockets).toHaveLength(1)
  })

  test('one that the service refuses ends alone', async () => {
    const { network, say, stream } = follow(['SPX', 'NONE'])
    await settled()
    await say(HELLO, { type: 'error', code: 'unknown_channel', detail: 'why', channel: 'gamma.NONE' })
    expect(stream.state('gamma.NONE')).toEqual({
      kind: 'closed',
      reason: 'refused',
      code: 'unknown_channel',
      detail: 'why',
    })
    expect(stream.state('gamma.SPX')).toEqual({ kind: 'waiting' })
    expect(network.last().isClosed).toBe(false)
  })

  test('a name that can be no channel is never sent', async () => {
    const { network, say, stream } = follow(['spx', 'SPX'])
    await settled()
    await say(HELLO)
    expect(stream.state('gamma.spx')).toMatchObject({ reason: 'refused', code: 'unknown_channel' })
    expect(network.last().sent.join()).not.toContain('spx')
  })

  test('a dial that is refused for good ends all; one that may pass is tried again', async () => {
    const { network, dial, stream } = follow(['SPX', 'NVDA'])
    dial.mockRejectedValueOnce(new TypeError('offline')).mockRejectedValueOnce(REFUSAL)
    await settled()
    expect(stream.state('gamma.SPX')).toMatchObject({ kind: 'connecting', attempt: 1 })
    await network.advance(3_000)
    expect(stream.state('gamma.SPX')).toMatchObject({ kind: 'closed', reason: 'forbidden' })
    expect(stream.state('gamma.NVDA')).toMatchObject({ kind: 'closed', reason: 'forbidden' })
    await network.advance(3_600_000)
    expect(dial).toHaveBeenCalledTimes(2)
  })

  test('a dial knows whether the last one came to nothing', async () => {
    const { network, say, dial } = follow(['SPX'])
    await settled()
    network.last().closed(1006)
    await network.advance(3_000)
    await say(HELLO)
    network.last().closed(1006)
    await network.advance(6_000)
    expect(dial.mock.calls.map(([{ wasRefused }]) => wasRefused)).toEqual([false, true, false])
  })

  test('closed by the caller are silent and leave nothing behind', async () => {
    const { network, say, since, stream } = follow(['SPX'])
    await settled()
    await say(HELLO)
    since()
    stream.close()
    stream.retry()
    await say(subscribed('SPX'), snapshotOf(frameAt(1, 5)))
    expect(since()).toEqual(['gamma.SPX closed'])
    expect(network.last().isClosed).toBe(true)
    expect(network.timers()).toBe(0)
    expect(network.isListening()).toBe(false)
  })

  test('closed before the first dial, none is made', async () => {
    const { network, stream, dial } = follow(['SPX'])
    stream.close()
    await settled()
    expect(dial).not.toHaveBeenCalled()
    expect(network.sockets).toEqual([])
  })
})
