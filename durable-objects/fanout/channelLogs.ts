/**
 * The logs of a channel: that of every frame, and one for each slower cadence for as long as somebody has the channel at
 * it or may come back to it. Holds no timer; asks its owner for a one-shot while a frame is held back, so that a quiet
 * channel has none.
 */
import { RESUME } from '#schemas/stream/protocol'
import { EVERY_FRAME } from '#schemas/tiers'
import { ChannelLog, type LogLimits } from './channelLog.ts'
import type { Outgoing } from './outgoing.ts'
import { Thinning } from './thinning.ts'

export interface ChannelLogsPort {
  /** Calls `run` once, with the time it is then. */
  after(delayMs: number, run: (nowMs: number) => void): void
  /** A thinned log has a new frame. */
  thinned(frame: Outgoing, log: ChannelLog, everyMs: number, nowMs: number): void
}

interface ThinnedLog {
  readonly log: ChannelLog
  readonly thinning: Thinning
  wantedMs: number
  isTimerSet: boolean
}

export class ChannelLogs {
  /** Of every frame. */
  readonly full: ChannelLog
  readonly #limits: LogLimits
  readonly #port: ChannelLogsPort
  readonly #thinned = new Map<number, ThinnedLog>()

  constructor(channel: string, port: ChannelLogsPort, limits: LogLimits = RESUME) {
    this.full = new ChannelLog(channel, limits)
    this.#limits = limits
    this.#port = port
  }

  /** For somebody who wants the channel at this cadence. A thinned log begins with the newest frame. */
  at(everyMs: number, nowMs: number): ChannelLog {
    if (everyMs === EVERY_FRAME) return this.full
    const known = this.#thinned.get(everyMs)
    if (known !== undefined) return known.log
    const begun = this.#begin(everyMs, nowMs)
    if (this.full.frame !== null) this.#next(begun, nowMs)
    return begun.log
  }

  /** The full log has a new frame. `wanted`: the cadences that somebody has the channel at. */
  advanced(wanted: Iterable<number>, nowMs: number): void {
    for (const everyMs of wanted) {
      if (everyMs === EVERY_FRAME) continue
      const thinned = this.#thinned.get(everyMs) ?? this.#begin(everyMs, nowMs)
      thinned.wantedMs = nowMs
    }
    for (const [everyMs, thinned] of this.#thinned) {
      if (nowMs - thinned.wantedMs > RESUME.ms) this.#thinned.delete(everyMs)
      else {
        const frame = this.#next(thinned, nowMs)
        if (frame !== null) this.#port.thinned(frame, thinned.log, everyMs, nowMs)
        this.#setTimer(everyMs, thinned, nowMs)
      }
    }
  }

  #begin(everyMs: number, nowMs: number): ThinnedLog {
    const { channel } = this.full
    const log = new ChannelLog(channel, this.#limits)
    const thinned = { log, thinning: new Thinning(channel, everyMs), wantedMs: nowMs, isTimerSet: false }
    this.#thinned.set(everyMs, thinned)
    return thinned
  }

  #next({ log, thinning }: ThinnedLog, nowMs: number): Outgoing | null {
    const taken = this.full.frame && thinning.next(this.full.frame, nowMs)
    return taken && log.publish(taken, nowMs)
  }

  #setTimer(everyMs: number, thinned: ThinnedLog, nowMs: number): void {
    const { dueMs } = thinned.thinning
    if (dueMs === null || thinned.isTimerSet) return
    thinned.isTimerSet = true
    this.#port.after(Math.max(0, dueMs - nowMs), (atMs) => {
      thinned.isTimerSet = false
      const taken = thinned.thinning.flush(atMs)
      if (taken !== null) this.#port.thinned(thinned.log.publish(taken, atMs), thinned.log, everyMs, atMs)
      this.#setTimer(everyMs, thinned, atMs)
    })
  }
}
