import { beforeEach, describe, expect, it } from 'vitest'
import type { NamedEvent } from '#schemas/webhookEvents'
import { usageEvents, UsageWatch } from './UsageWatch.ts'

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
  const told: string[] = []
  let failures = 0
  const tell = async (events: readonly NamedEvent[]) => {
    if (failures-- > 0) throw new Error('out of reach')
    told.push(...events.map(({ id }) => id))
  }
  let watch = new UsageWatch(tell, () => undefined)
  beforeEach(() => {
    told.length = 0
    failures = 0
    watch = new UsageWatch(tell, () => undefined)
  })

  it('tells each threshold once a day', async () => {
    for (const remaining of [500, 200, 150, 0, 0]) await watch.look(standing(remaining), NOW_MS)
    await watch.look(standing(100, 21), NOW_MS + 86_400_000)
    expect(told).toEqual(['evt_usage-2026-11-20-80', 'evt_usage-2026-11-20-100', 'evt_usage-2026-11-21-80'])
  })

  it('tells it once of many at once, and again a minute after it could not', async () => {
    failures = 1
    await Promise.all([1, 2, 3].map(() => watch.look(standing(100), NOW_MS)))
    expect(told).toEqual([])
    await watch.look(standing(100), NOW_MS + 59_999)
    expect(told).toEqual([])
    await Promise.all([1, 2, 3].map(() => watch.look(standing(100), NOW_MS + 60_000)))
    expect(told).toEqual(['evt_usage-2026-11-20-80'])
  })
})
