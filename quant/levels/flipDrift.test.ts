import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flipDrift, type FlipSample } from './flipDrift.ts'

const NOW_MS = Date.UTC(2025, 8, 4, 18, 30)
const MINUTE_MS = 60_000
const SPOT = 5800

/** One sample a minute, the newest a minute ago; `flipAt` by minutes before now. */
function minutes(count: number, flipAt: (minutesAgo: number) => number): FlipSample[] {
  return Array.from({ length: count }, (_, i) => {
    const ago = count - i
    return { asOfMs: NOW_MS - ago * MINUTE_MS, spot: SPOT, nearestFlip: flipAt(ago) }
  })
}

test('a flip that moves evenly drifts at its speed, and is as old as the samples or older', () => {
  const found = flipDrift(
    minutes(20, (ago) => 5750 - 0.1 * ago),
    5750,
    NOW_MS,
  )
  expect(found).toMatchObject({ ageMs: 20 * MINUTE_MS, isOlderThanHistory: true, samples: 21 })
  expect(found.driftPerHour).toBeCloseTo(6, 6)
})

test('a jump is another crossing: age counts from there', () => {
  const jumped = minutes(20, (ago) => (ago > 8 ? 5850 : 5750))
  expect(flipDrift(jumped, 5750, NOW_MS)).toEqual({
    ageMs: 8 * MINUTE_MS,
    isOlderThanHistory: false,
    driftPerHour: 0,
    samples: 9,
  })
  expect(flipDrift(jumped, 5850, NOW_MS)).toMatchObject({ ageMs: null, driftPerHour: null, samples: 1 })
})

test('a moment without a flip, or a silence, breaks the track', () => {
  const absent = minutes(20, (ago) => (ago === 6 ? Number.NaN : 5750))
  expect(flipDrift(absent, 5750, NOW_MS).ageMs).toBe(5 * MINUTE_MS)
  const silent = minutes(40, () => 5750).filter(
    ({ asOfMs }) => Math.abs(NOW_MS - asOfMs - 20 * MINUTE_MS) > 9 * MINUTE_MS,
  )
  expect(flipDrift(silent, 5750, NOW_MS).ageMs).toBe(10 * MINUTE_MS)
})

test('drift needs two minutes and five samples, and looks half an hour back', () => {
  expect(
    flipDrift(
      minutes(3, () => 5750),
      5750,
      NOW_MS,
    ),
  ).toMatchObject({ samples: 4, driftPerHour: null })
  const seconds = minutes(10, () => 5750).map((sample, i) => ({
    ...sample,
    asOfMs: NOW_MS - 1000 * (10 - i),
  }))
  expect(flipDrift(seconds, 5750, NOW_MS)).toMatchObject({ ageMs: 10_000, driftPerHour: null })
  const turned = minutes(90, (ago) => (ago > 30 ? 5750 - 0.2 * (ago - 30) : 5750))
  expect(flipDrift(turned, 5750, NOW_MS)).toMatchObject({
    ageMs: 90 * MINUTE_MS,
    driftPerHour: 0,
    samples: 31,
  })
})

test('no samples, and samples from later, say nothing', () => {
  const nothing = { ageMs: null, isOlderThanHistory: false, driftPerHour: null, samples: 1 }
  expect(flipDrift([], 5750, NOW_MS)).toEqual(nothing)
  expect(
    flipDrift(
      minutes(5, () => 5750),
      5750,
      NOW_MS - 10 * MINUTE_MS,
    ),
  ).toEqual(nothing)
})

test('whatever the samples are, every figure is finite or null', () => {
  const number = fc.double()
  const time = fc.oneof(fc.integer({ min: NOW_MS - 1_000_000, max: NOW_MS }), number)
  const flip = fc.oneof(fc.double({ min: 5740, max: 5760 }), number)
  const sample = fc.record({ asOfMs: time, spot: fc.oneof(fc.constant(SPOT), number), nearestFlip: flip })
  fc.assert(
    fc.property(fc.array(sample), fc.double({ min: 5740, max: 5760, noNaN: true }), (samples, price) => {
      const { ageMs, driftPerHour } = flipDrift(samples, price, NOW_MS)
      for (const figure of [ageMs, driftPerHour])
        expect(figure === null || Number.isFinite(figure)).toBe(true)
    }),
  )
})
