/** Acknowledges received frames: every so many, and soon after any, because the server sends only so many without. */
import { ACK_EVERY } from '#schemas/stream/protocol'
import type { StreamEnvironment } from './environment.ts'

export interface Acknowledger {
  received(channel: string): void
  /** As the server asked for. */
  setEvery(frames: number): void
  /** What was received on a lost socket is not acknowledged on the next. */
  reset(): void
}

/** `send` gets the channels that received anything since it was last called. */
export function createAcknowledger(
  setTimer: StreamEnvironment['setTimer'],
  send: (channels: ReadonlySet<string>) => void,
): Acknowledger {
  let every: number = ACK_EVERY.frames
  let frames = 0
  let channels = new Set<string>()
  let cancelTimer: (() => void) | null = null

  function reset(): void {
    cancelTimer?.()
    cancelTimer = null
    frames = 0
    channels = new Set()
  }

  function flush(): void {
    const acknowledged = channels
    reset()
    send(acknowledged)
  }

  return {
    reset,
    setEvery: (asked) => {
      every = asked
    },
    received: (channel) => {
      frames++
      channels.add(channel)
      if (frames >= every) flush()
      else cancelTimer ??= setTimer(flush, ACK_EVERY.ms)
    },
  }
}
