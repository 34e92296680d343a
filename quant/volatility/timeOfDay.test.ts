import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketAt, timeOfDayScore, withReading, type Session, type TimeOfDayHistory } from './timeOfDay.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const session = (day: number, hours = 6.5): Session => ({
  openMs: day * DAY_MS,
  closeMs: day * DAY_MS + hours * HOUR_MS,
})
const at = (day: number, hours: number): number => day * DAY_MS + hours * HOUR_MS

/** A reading at noon of each session: `readings[day]`. */
function historyOf(readings: readonly number[], hours = 3): TimeOfDayHistory {
  return readings.reduce<TimeOfDayHistory>(
    (history, reading, day) => withReading(history, session(day), at(day, hours), reading),
    [],
  )
}

describe('half hours', () => {
  test('are counted from the open, and the close belongs to the last', () => {
    expect(bucketAt(session(0), at(0, 0))).toBe(0)
    expect(bucketAt(session(0), at(0, 0.49))).toBe(0)
    expect(bucketAt(session(0), at(0, 0.5))).toBe(1)
    expect(bucketAt(session(0), at(0, 6.5))).toBe(12)
    expect(bucketAt(session(0, 3.25), at(0, 3.25))).toBe(6)
  })

  test('there is none outside the session', () => {
    expect(bucketAt(session(1), at(0, 23))).toBeNull()
    expect(bucketAt(session(0), at(0, 6.6))).toBeNull()
    expect(bucketAt(session(0), Number.NaN)).toBeNull()
  })

  test('hold their last reading', () => {
    const history = [4, 5].reduce<TimeOfDayHistory>(
      (held, reading, i) => withReading(held, session(0), at(0, 1 + 0.1 * i), reading),
      [],
    )
    expect(history).toEqual([{ openMs: 0, byBucket: [null, null, 5] }])
    expect(JSON.parse(JSON.stringify(history))).toEqual(history)
  })

  test('a reading that is none, or out of hours, changes nothing', () => {
    const history = historyOf([1, 2])
    for (const reading of [null, Number.NaN, Infinity])
      expect(withReading(history, session(2), at(2, 1), reading)).toBe(history)
    expect(withReading(history, session(2), at(2, 9), 3)).toBe(history)
  })

  test('the sixty sessions before the newest are kept, and a replay starts where it is', () => {
    const history = historyOf(Array.from({ length: 100 }, (_, day) => day))
    expect(history.map(({ openMs }) => openMs / DAY_MS)).toEqual(Array.from({ length: 61 }, (_, i) => 39 + i))
    const replayed = withReading(history, session(50), at(50, 3), 7)
    expect(replayed.map(({ openMs }) => openMs / DAY_MS)).toEqual(
      Array.from({ length: 12 }, (_, i) => 39 + i),
    )
  })
})

describe('the score', () => {
  const readings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
  const score = (today: number | null, hours = 3, history = historyOf(readings)) =>
    timeOfDayScore(history, session(20), at(20, hours), today)

  test('is the deviation from the median in median deviations', () => {
    expect(score(7)).toMatchObject({ z: 0, median: 7, mad: 3, sessions: 13, reason: null })
    expect(score(13).z).toBeCloseTo(0.6745 * 2, 12)
  })

  test('one wild session hardly moves it', () => {
    const wild = historyOf([...readings.slice(0, -1), 1e9])
    expect(score(9, 3, wild)).toEqual(score(9))
  })

  test('today is not part of its own history', () => {
    const withToday = withReading(historyOf(readings), session(20), at(20, 3), 1000)
    expect(score(9, 3, withToday)).toEqual(score(9))
  })

  test('null with a reason', () => {
    expect(score(7, 8).reason).toBe('outside_session')
    expect(score(null).reason).toBe('no_reading')
    expect(score(7, 5)).toMatchObject({ z: null, sessions: 0, reason: 'insufficient_history' })
    expect(score(7, 3, historyOf(readings.slice(0, 11)))).toMatchObject({ sessions: 11, z: null })
    expect(score(7, 3, historyOf(readings.slice(0, 12))).z).not.toBeNull()
    expect(score(7, 3, historyOf(readings.map(() => 4)))).toMatchObject({ z: null, reason: 'flat_history' })
  })

  test('does not depend on the unit of the figure', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 12, maxLength: 60 })
    fc.assert(
      fc.property(distinct, fc.integer({ min: -1000, max: 1000 }), (values, today) => {
        const { z } = score(today, 3, historyOf(values).slice(-20))
        const shifted = score(4 * today + 8, 3, historyOf(values.map((value) => 4 * value + 8)).slice(-20))
        expect(shifted.z ?? 0).toBeCloseTo(z ?? 0, 9)
      }),
      { seed: 20261121 },
    )
  })
})
