import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { readingPing, STREAM_LIMITS } from '#schemas/stream/protocol'
import { EVERY_FRAME } from '#schemas/tiers'
import { newRelay } from '../relay/workerd.testkit.ts'
import { ListenerSockets } from './ListenerSockets.ts'
import { newAttachment } from './sockets.ts'

const CHANNEL = 'gamma.SPX'
const TAG = 'listener'
const NOW_MS = Date.UTC(2026, 10, 20, 15)
const CALLER = { subject: 'someone', tier: 'pro', expiresAtMs: NOW_MS + 900_000 } as const
/** A frame as JSON has some tens of these; ten of them are too many unread. */
const FRAME = 'x'.repeat(STREAM_LIMITS.unreadBytes / 8)

/** Listeners on real sockets of an object. `sleep`: what was in memory is gone, the sockets stay. */
function inObject(run: (listener: ReturnType<typeof listen>) => void): Promise<void> {
  return runInDurableObject(newRelay(), (_, state) => run(listen(state)))
}

function listen(state: DurableObjectState) {
  let listeners = new ListenerSockets(state, TAG)
  const attachment = { ...newAttachment(CALLER, 'json', NOW_MS), channels: [CHANNEL] }
  listeners.accept(attachment, null, 'live', [])
  const [socket] = state.getWebSockets(TAG)
  if (socket === undefined) throw new Error('expected a socket')
  const close = vi.spyOn(socket, 'close')
  let sequence = 0
  return {
    /** Sends this many frames; returns how many reached the listener. */
    broadcast(frames: number): number {
      let reached = 0
      for (let i = 0; i < frames; i++)
        reached += listeners.broadcast(CHANNEL, EVERY_FRAME, ++sequence, () => FRAME, NOW_MS)
      return reached
    },
    ping: (mark: number, atMs: number) => listeners.receive(socket, readingPing(mark), atMs),
    sleep: () => void (listeners = new ListenerSockets(state, TAG)),
    sweep: (nowMs: number) => listeners.sweep(nowMs),
    closes: () => close.mock.calls.map(([code]) => code),
  }
}

describe('a listener', () => {
  it('that pings but does not say that it reads gets four megabytes and is closed 4408', async () => {
    await inObject(({ broadcast, closes }) => {
      expect(broadcast(20)).toBe(8)
      expect(closes()).toEqual([CLOSE_CODES.slow])
    })
  })

  it('that says what it has read is sent more, for ever', async () => {
    await inObject(({ broadcast, ping, closes }) => {
      for (let round = 1; round <= 20; round++) {
        expect(broadcast(6)).toBe(6)
        ping(6 * round - 1, NOW_MS + 15_000 * round)
      }
      expect(closes()).toEqual([])
      expect(broadcast(20)).toBe(7)
    })
  })

  it('gets nothing for a mark that was never sent', async () => {
    await inObject(({ broadcast, ping }) => {
      broadcast(8)
      ping(9, NOW_MS)
      expect(broadcast(1)).toBe(0)
    })
  })

  it('gets no more however often its object sleeps', async () => {
    await inObject(({ broadcast, sleep, closes }) => {
      let reached = 0
      for (let life = 0; life < 20; life++) {
        reached += broadcast(1)
        sleep()
      }
      expect(reached).toBeLessThanOrEqual(8)
      expect(closes()).toEqual([CLOSE_CODES.slow])
    })
  })

  it('that reads is not closed for what it was sent before its object slept', async () => {
    await inObject(({ broadcast, ping, sleep, closes }) => {
      for (let life = 1; life <= 20; life++) {
        expect(broadcast(2)).toBe(2)
        ping(2 * life, NOW_MS + 15_000 * life)
        sleep()
      }
      expect(closes()).toEqual([])
    })
  })

  it('is there as long as it says what it reads, also across a sleep', async () => {
    await inObject(({ ping, sleep, sweep, closes }) => {
      ping(1, NOW_MS + 80_000)
      sleep()
      expect(sweep(NOW_MS + 169_999)).toBe(NOW_MS + 170_000)
      sweep(NOW_MS + 170_000)
      expect(closes()).toEqual([CLOSE_CODES.slow])
    })
  })
})
