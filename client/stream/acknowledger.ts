/** Acknowledges received frames: every so many, and soon after any, because the server sends only so many without. */
import { ACK_EVERY } from '#schemas/stream/protocol'
import type { StreamEnvironment } from './environment.ts'

export interface Acknowledger {
  received(channel: string, sequence: number): void
  /** Before subscribing again: what was sent under the old subscription must not count as under way in the new one. */
  flush(): void
  /** As the server asked for. */
  setEvery(frames: number): void
  /** What was received on a lost socket is not acknowledged on the next. */
  reset(): void
}

/**
 * `send` gets the last sequence received of every channel that received anything since it was last called. Also of frames
 * that could not be used: the server learns that they have arrived, and positions to go on from are told otherwise.
 */
export function createAcknowledger(
  setTimer: StreamEnvironment['setTimer'],
  send: (positions: Readonly<Record<string, number>>) => void,
): Acknowledger {
  let every: number = ACK_EVERY.frames
  let frames = 0
  let positions: Record<string, number> = {}
  let cancelTimer: (() => void) | null = null

  function reset(): void {
    cancelTimer?.()
    cancelTimer = null
    frames = 0
    positions = {}
  }

  function flush(): void {
    if (frames === 0) return
    const acknowledged = positions
    reset()
    send(acknowledged)
  }

  return {
    reset,
    flush,
    setEvery: (asked) => {
      every = asked
    },
    received: (channel, sequence) => {
      frames++
      positions[channel] = sequence
      if (frames >= every) flush()
      else cancelTimer ??= setTimer(flush, ACK_EVERY.ms)
    },
  }
}
