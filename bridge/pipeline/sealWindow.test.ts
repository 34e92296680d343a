import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealAtMs, sealWindow } from './sealWindow.ts'

const window = sealWindow(100)

describe('sealAtMs', () => {
  it.each([
    ['a first tick', -Infinity, Infinity, false, 10_100],
    ['a first tick after a silence', 5_000, 0.001, false, 10_100],
    ['5,000 ticks a second', 9_990, 5, false, 10_100],
    ['100 ticks a second: 50 make a batch', 9_990, 0.1, false, 10_490],
    ['one quote a second: a batch a second', 9_990, 0.001, false, 10_990],
    ['the same with a print', 9_990, 0.001, true, 10_240],
    ['no ticks at all lately', 9_990, 0, false, 10_990],
  ])('%s', (_, sealedMs, ticksPerMs, holdsEvents, expected) => {
    expect(sealAtMs(window, 10_000, sealedMs, ticksPerMs, holdsEvents)).toBe(expected)
  })

  it('never waits less than the least nor more than the longest window', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 1e6, noNaN: true })),
      fc.boolean(),
      (minMs, quietMs, ticksPerMs, holdsEvents) => {
        const openedMs = 1_000_000
        const waitMs =
          sealAtMs(sealWindow(minMs), openedMs, openedMs - quietMs, ticksPerMs, holdsEvents) - openedMs
        expect(waitMs).toBeGreaterThanOrEqual(minMs)
        expect(waitMs).toBeLessThanOrEqual(Math.max(minMs, holdsEvents ? 250 : 1_000))
        expect(Number.isInteger(waitMs)).toBe(true)
      },
    )
    fc.assert(property, { seed: 7, numRuns: 300 })
  })
})
