import { expect, test } from 'vitest'
import { viewerDay, type RelayRule, type ViewerDayShape } from './viewerDay.ts'

const RULE: RelayRule = { target: 400, limit: 600, adviceSeconds: 30, resumesPerSecond: 1_900 }
const SHAPE: ViewerDayShape = {
  viewers: 5_000,
  meanVisitSeconds: 2_400,
  regions: [0.5, 0.2, 0.2, 0.1],
  deployAtSecond: 7_200,
  relayDiesAtSecond: 3_600,
}

test('relays grow with the viewers, none beyond its limit, and everybody cut comes back within seconds', () => {
  const day = viewerDay(SHAPE, RULE, 7)
  expect(day.peakViewers).toBeGreaterThan(4_000)
  expect(day.fullestRelay).toBeLessThanOrEqual(RULE.limit)
  expect(day.peakRelays).toBeGreaterThanOrEqual(Math.floor(day.peakViewers / RULE.limit))
  expect(day.deployBackSeconds).toBeGreaterThan(0)
  expect(day.deployBackSeconds).toBeLessThan(15)
  expect(day.relayDeathBackSeconds).toBeGreaterThan(0)
})

test('a seed is a day', () => {
  expect(viewerDay(SHAPE, RULE, 7)).toEqual(viewerDay(SHAPE, RULE, 7))
  expect(viewerDay(SHAPE, RULE, 8)).not.toEqual(viewerDay(SHAPE, RULE, 7))
})

test('without a target to grow by, the limit refuses', () => {
  const crowd = { ...SHAPE, viewers: 640, regions: [1] }
  const day = viewerDay(crowd, { ...RULE, target: Infinity }, 7)
  expect(day.refused).toBeGreaterThan(0)
  expect(day.fullestRelay).toBe(RULE.limit)
})
