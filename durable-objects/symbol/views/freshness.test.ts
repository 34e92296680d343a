import { describe, expect, it } from 'vitest'
import type { FeedKind } from '#schemas/feed'
import { freshnessAt } from './freshness.ts'

const at = (utc: string) => Date.parse(utc)
const OPEN = at('2026-11-20T15:30:00Z')
const SUNDAY = at('2026-11-22T15:30:00Z')
const AFTER_HALF_DAY = at('2026-11-27T19:00:00Z')

const clock = (feed: FeedKind, asOfMs: number, lastSeenMs = asOfMs) => ({
  feed,
  asOfMs,
  lastSeenMs,
  calendar: 'XNYS' as const,
})

describe('freshnessAt', () => {
  it.each<[string, FeedKind, number, number, string]>([
    ['a live tick of now', 'live', OPEN, OPEN, 'fresh'],
    ['a live feed silent for 15 s', 'live', OPEN, OPEN + 15_000, 'stale'],
    ['the last tick on a Sunday', 'live', OPEN, SUNDAY, 'closed'],
    ['the last tick after a half-day', 'live', AFTER_HALF_DAY - 3_600_000, AFTER_HALF_DAY, 'closed'],
    ['a delayed feed 16 minutes behind', 'delayed', OPEN, OPEN + 16 * 60_000, 'fresh'],
    ['a delayed feed 25 minutes behind', 'delayed', OPEN, OPEN + 25 * 60_000, 'stale'],
    ['a recording', 'recorded', OPEN, OPEN, 'closed'],
    ['a synthetic tick on a Sunday', 'synthetic', SUNDAY, SUNDAY + 14_999, 'fresh'],
    ['a synthetic market silent for 15 s', 'synthetic', SUNDAY, SUNDAY + 15_000, 'stale'],
  ])('%s', (_, feed, asOfMs, nowMs, expected) => {
    expect(freshnessAt(clock(feed, asOfMs), nowMs)).toBe(expected)
  })

  it('judges a synthetic market by when it was heard, because it runs on a clock of its own', () => {
    expect(freshnessAt(clock('synthetic', at('2020-01-02T15:00:00Z'), OPEN), OPEN + 1_000)).toBe('fresh')
  })
})
