import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, dayWithin, decideUse, MINUTE_MS, NO_USE, type QuotaUse } from './quota.ts'

const limits = { unitsPerMinute: 10, unitsPerDay: 15 }
const noonMs = Date.UTC(2026, 10, 20, 12)

function spend(units: readonly number[], nowMs: number, held: QuotaUse = NO_USE) {
  let use = held
  const admitted = units.map((unit) => {
    const verdict = decideUse(use, unit, limits, nowMs)
    if (verdict.ok) use = verdict.use
    return verdict.ok
  })
  return { use, admitted }
}

describe('a quota', () => {
  it('admits to the unit, and a small call where a large one no longer fits', () => {
    expect(spend([4, 4, 3, 2, 1], noonMs).admitted).toEqual([true, true, false, true, false])
  })

  it('opens again with the minute, but not beyond the day', () => {
    const { use } = spend([10], noonMs)
    expect(decideUse(use, 1, limits, noonMs + MINUTE_MS - 1)).toMatchObject({
      ok: false,
      exhausted: 'minute',
    })
    const next = spend([5, 1], noonMs + MINUTE_MS, use)
    expect(next.admitted).toEqual([true, false])
    expect(decideUse(next.use, 1, limits, noonMs + MINUTE_MS)).toMatchObject({
      exhausted: 'day',
      standing: { day: { remaining: 0, resetsAtMs: noonMs + DAY_MS / 2 }, minute: { remaining: 5 } },
    })
    expect(decideUse(next.use, 1, limits, noonMs + DAY_MS / 2).ok).toBe(true)
  })

  it('is not opened by a clock that is set back', () => {
    const { use } = spend([10], noonMs)
    expect(decideUse(use, 1, limits, noonMs - MINUTE_MS).ok).toBe(false)
    expect(decideUse(use, 1, limits, noonMs - DAY_MS).ok).toBe(false)
  })

  it('never admits more than either limit within its window, whatever comes when', () => {
    const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40_000 })))
    fc.assert(
      fc.property(calls, (steps) => {
        let use = NO_USE
        let nowMs = noonMs
        const perMinute = new Map<number, number>()
        let perDay = 0
        for (const [units, waitMs] of steps) {
          nowMs += waitMs
          const verdict = decideUse(use, units, limits, nowMs)
          if (!verdict.ok) continue
          use = verdict.use
          const minute = Math.floor(nowMs / MINUTE_MS)
          perMinute.set(minute, (perMinute.get(minute) ?? 0) + units)
          perDay += units
        }
        expect(Math.max(0, ...perMinute.values())).toBeLessThanOrEqual(limits.unitsPerMinute)
        expect(perDay).toBeLessThanOrEqual(limits.unitsPerDay)
      }),
    )
  })
})

describe('the day within a quota of a key', () => {
  const day = { limit: 15, remaining: 6, resetsAtMs: noonMs }

  it.each([
    [10, 3, { limit: 10, remaining: 6 }],
    [10, 8, { limit: 10, remaining: 2 }],
    [10, 12, { limit: 10, remaining: 0 }],
    [100, 9, { limit: 15, remaining: 6 }],
  ])('of %i with %i used is %o', (limit, used, left) => {
    expect(dayWithin(day, limit, used)).toEqual({ ...left, resetsAtMs: noonMs })
  })
})
