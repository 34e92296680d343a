import { describe, expect, it } from 'vitest'
import { crc32 } from '#schemas/binary/crc32'
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { RESUME } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'
import { ChannelLogs } from './channelLogs.ts'
import type { Outgoing } from './outgoing.ts'

const SLOW_MS = 1_000

/** A channel that gets a frame when it is told to; its timers fire when they are told to. */
function channel() {
  const timers: { readonly delayMs: number; readonly run: (nowMs: number) => void }[] = []
  const thinned: Outgoing[] = []
  const logs = new ChannelLogs('gamma.SPX', {
    after: (delayMs, run) => void timers.push({ delayMs, run }),
    thinned: (frame) => void thinned.push(frame),
  })
  let sequence = 0
  const publish = (nowMs: number, wanted: readonly number[] = [0, SLOW_MS]) => {
    sequence++
    const position = { epoch: 1, sequence, previous: sequence - 1, publishedMs: nowMs }
    logs.full.publish(quantise({ ...emptyFrame('SPX'), ...position, netGex: sequence * 1e6 }), nowMs)
    logs.advanced(wanted, nowMs)
  }
  return { logs, timers, thinned, publish }
}

/** An interval of the channel begins. */
const START_MS = 10 * SLOW_MS - (crc32(new TextEncoder().encode('gamma.SPX')) % SLOW_MS)

function followed(frame: GammaFrame | null, deltas: readonly Outgoing[]): GammaFrame | null {
  return deltas.reduce((held, { message }) => {
    const applied = held && message.type === 'delta' ? applyDelta(held, message) : null
    if (!applied?.ok) throw new Error(`expected a delta that fits, was ${JSON.stringify(applied)}`)
    return applied.frame
  }, frame)
}

describe('the logs of a channel', () => {
  it('are one while everybody has every frame, without a timer', () => {
    const { timers, thinned, publish } = channel()
    for (let i = 0; i < 10; i++) publish(500 * i, [0])
    expect([timers, thinned]).toEqual([[], []])
  })

  it('can be gone on from at any frame that the slower one had, and at no other', () => {
    const { logs, publish, timers } = channel()
    for (let i = 0; i < 40; i++) publish(START_MS + 500 * i)
    const nowMs = START_MS + 20_500
    timers.at(-1)?.run(nowMs)
    const log = logs.at(SLOW_MS, nowMs)
    expect(log.frame).toMatchObject({ sequence: 40, netGex: 40e6 })
    const had = new Set<number>()
    for (let sequence = 0; sequence <= 41; sequence++) {
      const after = log.after({ epoch: 1, sequence }, nowMs)
      if (after === null) continue
      had.add(sequence)
      const { frame } = logs.full
      const held = frame && quantise({ ...frame, sequence, netGex: sequence * 1e6, publishedMs: 0 })
      expect(followed(held, after)).toEqual(sequence === 40 ? held : log.frame)
      expect(log.missing({ epoch: 1, sequence })).toBe(after.length)
      // Every frame leads on in the full log.
      expect(logs.full.canResume({ epoch: 1, sequence }, nowMs)).toBe(true)
    }
    // The first, and the last of each interval.
    expect(had.size).toBe(21)
    expect(log.after({ epoch: 2, sequence: 40 }, nowMs)).toBeNull()
  })

  it('have one timer while a frame is held back, and none when the channel is quiet', () => {
    const { timers, thinned, publish } = channel()
    for (const ms of [0, 100, 200, 300]) publish(START_MS + ms)
    expect(timers.map(({ delayMs }) => delayMs <= SLOW_MS)).toEqual([true])
    const firedMs = START_MS + 100 + (timers[0]?.delayMs ?? 0)
    timers[0]?.run(firedMs)
    expect(thinned.map(({ position }) => position.sequence)).toEqual([1, 4])
    expect(timers).toHaveLength(1)
    publish(firedMs + 10_000)
    expect(timers).toHaveLength(2)
  })

  it('begin with the newest frame for who comes first, and are kept for as long as they may come back', () => {
    const { logs, publish } = channel()
    publish(START_MS, [0])
    const log = logs.at(SLOW_MS, START_MS)
    expect(log.snapshot()?.position).toEqual({ epoch: 1, sequence: 1 })
    publish(START_MS + 500)
    publish(START_MS + 500 + RESUME.ms, [0])
    expect(logs.at(SLOW_MS, START_MS + 500 + RESUME.ms)).toBe(log)
    publish(START_MS + 501 + RESUME.ms, [0])
    expect(logs.at(SLOW_MS, START_MS + 501 + RESUME.ms)).not.toBe(log)
  })
})
