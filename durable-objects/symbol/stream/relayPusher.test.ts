import { describe, expect, it } from 'vitest'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { ChannelLog } from '../../fanout/channelLog.ts'
import { LEASE_MS, type PushAnswer } from '../../relay/contract.ts'
import { RelayPusher } from './relayPusher.ts'

function setUp(known: readonly string[] = []) {
  const log = new ChannelLog('gamma.SPX')
  const pushed: string[] = []
  const saved: string[][] = []
  const failures: string[] = []
  const answers: { resolve: (answer: PushAnswer) => void; reject: (error: Error) => void }[] = []
  const port = {
    push(relay: string, bytes: Uint8Array): Promise<PushAnswer> {
      const message = decodeStreamFrame(bytes)
      const { sequence } = message.type === 'snapshot' ? message.frame : message
      pushed.push(`${relay} ${message.type} ${sequence}`)
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
    save: (relays: readonly string[]) => void saved.push([...relays]),
    failed: (relay: string, error: unknown) => void failures.push(`${relay} ${String(error)}`),
  }
  const pusher = new RelayPusher(log, port, known, 0)
  let sequence = 0
  const publish = (nowMs = 0) => {
    sequence++
    log.publish(quantise({ ...emptyFrame('SPX'), epoch: 1, sequence, previous: sequence - 1 }), nowMs)
    pusher.published(nowMs)
  }
  const settle = async (answer: PushAnswer | Error) => {
    const waiting = answers.shift()
    if (answer instanceof Error) waiting?.reject(answer)
    else waiting?.resolve(answer)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const join = (relay: string, nowMs = 0) => {
    if (log.position !== null) pusher.join(relay, log.position, nowMs)
  }
  return { pusher, pushed, saved, failures, publish, settle, join }
}

describe('a relay', () => {
  it('gets each frame as a delta as long as it keeps up', async () => {
    const { pushed, publish, settle, join } = setUp()
    publish()
    join('r')
    publish()
    await settle('held')
    publish()
    expect(pushed).toEqual(['r delta 2', 'r delta 3'])
  })

  it('that is busy gets nothing, and then the newest as a snapshot', async () => {
    const { pushed, publish, settle, join } = setUp()
    publish()
    join('r')
    for (let i = 0; i < 4; i++) publish()
    expect(pushed).toEqual(['r delta 2'])
    await settle('held')
    expect(pushed).toEqual(['r delta 2', 'r snapshot 5'])
    await settle('held')
    expect(pushed).toHaveLength(2)
  })

  it('that lost its memory, or failed, gets a snapshot', async () => {
    const { pushed, publish, settle, join, failures } = setUp()
    publish()
    join('r')
    publish()
    await settle('wantsSnapshot')
    await settle('held')
    publish()
    await settle(new Error('gone'))
    expect(failures).toEqual(['r Error: gone'])
    publish()
    expect(pushed).toEqual(['r delta 2', 'r snapshot 2', 'r delta 3', 'r snapshot 4'])
  })

  it('that wants a snapshot after it got one is left alone until the next frame', async () => {
    const { pushed, publish, settle } = setUp(['r'])
    publish()
    await settle('wantsSnapshot')
    expect(pushed).toEqual(['r snapshot 1'])
    publish()
    expect(pushed).toHaveLength(2)
  })

  it('that nobody watches is forgotten, unless it joined again meanwhile', async () => {
    const { pusher, publish, settle, join, saved } = setUp()
    publish()
    join('r')
    join('s')
    publish()
    join('s')
    await settle('left')
    await settle('left')
    expect(saved.at(-1)).toEqual(['s'])
    expect(pusher.size).toBe(1)
  })

  it('is known again after the hub forgot everything, until its lease is over', async () => {
    const { pusher, pushed, publish, settle, saved } = setUp(['r', 's'])
    publish(1)
    await settle('held')
    await settle('held')
    pusher.renew('r', 2)
    publish(LEASE_MS + 1)
    expect(pushed).toEqual(['r snapshot 1', 's snapshot 1', 'r delta 2'])
    expect(saved).toEqual([['r']])
  })

  it('whose call is never answered does not wait for ever', async () => {
    const { pushed, publish, join } = setUp()
    publish()
    join('r')
    publish(0)
    publish(9_999)
    expect(pushed).toHaveLength(1)
    publish(10_000)
    expect(pushed).toEqual(['r delta 2', 'r snapshot 4'])
  })
})
