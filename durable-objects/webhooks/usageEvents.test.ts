import { describe, expect, it } from 'vitest'
import { usageEvents, UsageWatch } from './usageEvents.ts'

const NOW_MS = Date.UTC(2026, 10, 20, 12)
const standing = (remaining: number, day = 20) => ({
  limit: 1_000,
  remaining,
  resetsAtMs: Date.UTC(2026, 10, day + 1),
})

describe('what a standing says', () => {
  it.each([
    [201, []],
    [200, [80]],
    [1, [80]],
    [0, [80, 100]],
  ])('with %i of 1,000 units left is %j', (remaining, percents) => {
    const events = usageEvents(standing(remaining), NOW_MS)
    expect(events.map(({ event }) => event.data)).toEqual(
      percents.map((percent) => ({
        day: '2026-11-20',
        percent,
        units: 1_000 - remaining,
        unitsPerDay: 1_000,
      })),
    )
    expect(events.map(({ id }) => id)).toEqual(percents.map((percent) => `evt_usage-2026-11-20-${percent}`))
  })
})

describe('a watch', () => {
  it('has each threshold as news once a day', () => {
    const watch = new UsageWatch()
    const news = (remaining: number, day?: number) =>
      watch.news(standing(remaining, day), NOW_MS).map(({ id }) => id)
    expect(news(500)).toEqual([])
    expect(news(200)).toEqual(['evt_usage-2026-11-20-80'])
    expect(news(150)).toEqual([])
    expect(news(0)).toEqual(['evt_usage-2026-11-20-100'])
    expect(news(0)).toEqual([])
    expect(news(100, 21)).toEqual(['evt_usage-2026-11-21-80'])
  })

  it('has both at once when one call goes beyond both', () => {
    const ids = new UsageWatch().news(standing(0), NOW_MS).map(({ id }) => id)
    expect(ids).toEqual(['evt_usage-2026-11-20-80', 'evt_usage-2026-11-20-100'])
  })
})
