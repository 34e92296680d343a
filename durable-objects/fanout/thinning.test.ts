import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '#schemas/binary/crc32'
import type { GammaFrame } from '#schemas/frame/gamma'
import { emptyFrame } from '#schemas/stream/snapshot'
import { Thinning } from './thinning.ts'

const EVERY_MS = 1_000
const PHASE_MS = crc32(new TextEncoder().encode('gamma.SPX')) % EVERY_MS
const FIRST = frameOf(100, 0)

function frameOf(sequence: number, publishedMs: number, epoch = 3): GammaFrame {
  return { ...emptyFrame('SPX'), epoch, sequence, previous: sequence - 1, publishedMs }
}

/** Frames that follow each other, each with the time since the one before it and how long it was on its way. */
const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_500 }), fc.nat(49)), {
  minLength: 1,
  maxLength: 60,
})

interface Arrival {
  readonly frame: GammaFrame
  readonly atMs: number
}

function arrivals(steps: readonly (readonly [number, number])[]): Arrival[] {
  let publishedMs = 0
  let atMs = 0
  return steps.map(([sinceMs, onItsWayMs], i) => {
    publishedMs += sinceMs
    atMs = Math.max(atMs, publishedMs + onItsWayMs)
    return { frame: frameOf(101 + i, publishedMs), atMs }
  })
}

interface Taken {
  readonly frame: GammaFrame
  readonly atMs: number
}

/** What is taken of the frames that arrive, with a timer where it is asked for, until nothing is held back. */
function thinned(arriving: readonly Arrival[]): Taken[] {
  const thinning = new Thinning('gamma.SPX', EVERY_MS)
  const taken: Taken[] = []
  const note = (frame: GammaFrame | null, atMs: number) => frame && taken.push({ frame, atMs })
  note(thinning.next(FIRST, 0), 0)
  const flushUntil = (untilMs: number) => {
    const { dueMs } = thinning
    if (dueMs !== null && dueMs <= untilMs) note(thinning.flush(dueMs), dueMs)
  }
  for (const { frame, atMs } of arriving) {
    flushUntil(atMs)
    note(thinning.next(frame, atMs), atMs)
  }
  flushUntil(Number.POSITIVE_INFINITY)
  return taken
}

/** The same steps, but that none leads into the first milliseconds of an interval. */
function offTheStart(steps: readonly number[]): number[] {
  let publishedMs = 0
  return steps.map((ms) => {
    const intoMs = (publishedMs + ms + PHASE_MS) % EVERY_MS
    const step = intoMs < 50 ? ms + 50 : ms
    publishedMs += step
    return step
  })
}

const positions = (taken: readonly Taken[]) => taken.map(({ frame }) => frame.sequence)

describe('a thinned stream', () => {
  it('names as the predecessor of each frame the one taken before it, and ends with the newest', () => {
    fc.assert(
      fc.property(frames, (steps) => {
        const arriving = arrivals(steps)
        const taken = thinned(arriving)
        expect(taken[0]?.frame).toBe(FIRST)
        for (const [i, { frame }] of taken.slice(1).entries()) {
          expect(frame.previous).toBe(taken[i]?.frame.sequence)
          const { previous, ...said } = arriving[frame.sequence - 101]?.frame ?? FIRST
          expect(previous).toBe(frame.sequence - 1)
          expect(frame).toMatchObject(said)
        }
        expect(taken.at(-1)?.frame.sequence).toBe(100 + steps.length)
      }),
    )
  })

  it('has no more frames than intervals, and withholds none that is not replaced for longer than one', () => {
    fc.assert(
      fc.property(frames, (steps) => {
        const arriving = arrivals(steps)
        const taken = thinned(arriving)
        for (const [i, { frame, atMs }] of taken.entries()) {
          expect(atMs - (arriving[frame.sequence - 101]?.atMs ?? 0)).toBeLessThanOrEqual(EVERY_MS)
          const later = taken[i + 2]
          // The first is there at once, beside that of its interval.
          if (i === 0 || later === undefined) continue
          expect(later.frame.publishedMs - frame.publishedMs).toBeGreaterThanOrEqual(EVERY_MS)
        }
      }),
    )
  })

  // But for frames of the first milliseconds of an interval: what they leave for those that are late is less.
  it('is the same wherever it is made, but for how it begins', () => {
    const steady = fc.array(fc.integer({ min: 100, max: 2_500 }), { minLength: 10, maxLength: 60 })
    const delays = fc.array(fc.nat(45), { minLength: 60, maxLength: 60 })
    fc.assert(
      fc.property(steady, delays, fc.nat(4), (since, late, start) => {
        const steps = offTheStart(since)
        const here = thinned(arrivals(steps.map((ms) => [ms, 0])))
        const onItsWay = arrivals(steps.map((ms, i) => [ms, late[i] ?? 0]))
        // It has missed frames, and so begins with the first it gets.
        const there = thinned(onItsWay.slice(1 + start))
        const from = there[2]?.frame.sequence ?? Number.POSITIVE_INFINITY
        expect(positions(there).filter((sequence) => sequence >= from)).toEqual(
          positions(here).filter((sequence) => sequence >= from),
        )
      }),
    )
  })

  it('begins anew at once with another epoch, or where frames are missing', () => {
    const thinning = new Thinning('gamma.SPX', EVERY_MS)
    thinning.next(FIRST, 0)
    thinning.next(frameOf(101, 10), 10)
    const afterGap = frameOf(105, 20)
    expect(thinning.next(afterGap, 20)).toBe(afterGap)
    const ofNextLife = frameOf(1, 30, 4)
    expect(thinning.next(ofNextLife, 30)).toBe(ofNextLife)
    expect([thinning.dueMs, thinning.flush(9e9)]).toEqual([null, null])
  })

  it('goes on whatever the clock of the frames does', () => {
    const thinning = new Thinning('gamma.SPX', EVERY_MS)
    thinning.next(FIRST, 0)
    for (const [i, publishedMs] of [9e9, 5, 9e12, 7].entries()) {
      const nowMs = 5_000 * i
      thinning.next(frameOf(101 + i, publishedMs), nowMs)
      expect(thinning.dueMs).toBeLessThanOrEqual(nowMs + EVERY_MS)
      expect(thinning.flush(nowMs + EVERY_MS)?.sequence).toBe(101 + i)
    }
  })
})

it('channels have their frames at different moments', () => {
  const dueMs = (channel: string) => {
    const thinning = new Thinning(channel, EVERY_MS)
    thinning.next(FIRST, 0)
    thinning.next(frameOf(101, 5_000), 5_000)
    return thinning.dueMs
  }
  expect(new Set(['gamma.SPX', 'gamma.SPY', 'gamma.QQQ', 'gamma.NDX'].map(dueMs)).size).toBe(4)
})
