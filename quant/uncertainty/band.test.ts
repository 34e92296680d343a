import { expect, test } from 'vitest'
import type { ChainAnalytics } from '../analytics/chainAnalytics.ts'
import { bandOf } from './band.ts'
import type { Scenarios, UncertaintySource } from './scenarios.ts'

/** Scenarios in which the figure, here `magnetStrike`, has the given values. */
function where(values: Partial<Record<UncertaintySource, readonly (number | null)[]>>): Scenarios {
  const scenarios = Object.entries(values).flatMap(([source, figures]) =>
    figures.map((magnetStrike) => ({
      source: source as UncertaintySource,
      name: String(magnetStrike),
      analytics: { magnetStrike } as ChainAnalytics,
    })),
  )
  return { scenarios, missing: [] }
}

const pick = ({ magnetStrike }: ChainAnalytics): number | null => magnetStrike

test('quotes and open interest combine by root sum of squares, each side for itself', () => {
  const { low, high, sources } = bandOf(
    where({ quotes: [97, 103], open_interest: [96, 100, 104, 112] }),
    100,
    pick,
  )
  expect(low).toBe(100 - 5)
  expect(high).toBeCloseTo(100 + Math.sqrt(9 + 144), 12)
  expect(sources.map(({ source, low, high }) => [source, low, high])).toEqual([
    ['quotes', 97, 103],
    ['open_interest', 96, 112],
  ])
})

test('the sign model is listed and not combined', () => {
  const { low, high, sources } = bandOf(where({ quotes: [9, 11], sign_model: [-50, 80] }), 10, pick)
  expect([low, high]).toEqual([9, 11])
  expect(sources[1]).toEqual({
    source: 'sign_model',
    low: -50,
    high: 80,
    method: 'sign_model.m1_m2_m4_m5_m6@1',
    vanishes: false,
  })
})

test('a figure outside all its scenarios is still inside its band', () => {
  const { low, high } = bandOf(where({ quotes: [12, 13], open_interest: [14] }), 10, pick)
  expect(low).toBe(10)
  expect(high).toBe(15)
})

test('a figure that vanishes in a scenario says so, and the others still count', () => {
  const { low, high, sources } = bandOf(
    where({ quotes: [98, null], open_interest: [null, Number.NaN, null, null], sign_model: [101] }),
    100,
    pick,
  )
  expect(sources.map(({ vanishes }) => vanishes)).toEqual([true, true, false])
  expect([low, high]).toEqual([98, 100])
})

test('a missing source is passed on with its reason', () => {
  const missing = [{ source: 'quotes', reason: 'why' }] as const
  expect(bandOf({ scenarios: [], missing }, 3, pick)).toEqual({ low: 3, high: 3, sources: [], missing })
})
