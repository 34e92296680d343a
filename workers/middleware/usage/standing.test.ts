import { describe, expect, it } from 'vitest'
import { currentStanding, exhaustedWindow, rateLimitHeaders } from './standing.ts'

const limits = { unitsPerMinute: 60, unitsPerDay: 5_000 }
const nowMs = Date.UTC(2026, 10, 20, 12, 0, 18)
const minuteEndsMs = Date.UTC(2026, 10, 20, 12, 1)
const dayEndsMs = Date.UTC(2026, 10, 21)
const told = {
  minute: { limit: 60, remaining: 10, resetsAtMs: minuteEndsMs },
  day: { limit: 5_000, remaining: 12, resetsAtMs: dayEndsMs },
}

describe('what an isolate makes of a standing', () => {
  it('is the whole quota before it has been told anything', () => {
    expect(currentStanding(null, 0, limits, nowMs)).toEqual({
      minute: { limit: 60, remaining: 60, resetsAtMs: minuteEndsMs },
      day: { limit: 5_000, remaining: 5_000, resetsAtMs: dayEndsMs },
    })
  })

  it('is what it was told less what it has served since, window by window', () => {
    const served = currentStanding(told, 4, limits, nowMs)
    expect([served.minute.remaining, served.day.remaining]).toEqual([6, 8])
    const later = currentStanding(told, 4, limits, minuteEndsMs)
    expect([later.minute.remaining, later.day.remaining]).toEqual([56, 8])
  })

  it('has room or names the window that has none, the longer wait first', () => {
    expect(exhaustedWindow(told, 10)).toBeNull()
    expect(exhaustedWindow(told, 11)).toBe('minute')
    expect(exhaustedWindow(told, 13)).toBe('day')
  })

  it('is told in the headers of the draft, with whole seconds that are never too few', () => {
    expect(rateLimitHeaders(told, nowMs + 1)).toEqual({
      'RateLimit-Policy': '"minute";q=60;w=60, "day";q=5000;w=86400',
      RateLimit: '"minute";r=10;t=42, "day";r=12;t=43182',
    })
  })
})
