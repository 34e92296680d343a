import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addToSums,
  decayedSum,
  emptySums,
  FLOW_HORIZONS_MINUTES,
  FLOW_QUANTITIES,
  type FlowAmounts,
} from './decayedSums.ts'

const MINUTE_MS = 60_000
const amountsOf = (delta: number): FlowAmounts => ({
  ...(Object.fromEntries(FLOW_QUANTITIES.map((quantity) => [quantity, 0])) as FlowAmounts),
  delta,
})
const events = fc.array(
  fc.record({ atMs: fc.nat(3_600_000), delta: fc.integer({ min: -1_000, max: 1_000 }) }),
  {
    minLength: 1,
    maxLength: 30,
  },
)

test('a sum is Σ x·e^(−age/τ), in whatever order events come', () => {
  const property = fc.property(events, fc.nat(600_000), (all, later) => {
    const state = emptySums()
    for (const { atMs, delta } of all) addToSums(state, atMs, amountsOf(delta), 1)
    const nowMs = Math.max(...all.map(({ atMs }) => atMs)) + later
    for (const minutes of FLOW_HORIZONS_MINUTES) {
      const direct = all.reduce(
        (sum, { atMs, delta }) => sum + delta * Math.exp((atMs - nowMs) / (minutes * MINUTE_MS)),
        0,
      )
      expect(decayedSum(state, 'delta', minutes, nowMs)).toBeCloseTo(direct, 8)
    }
  })
  fc.assert(property, { seed: 3, numRuns: 200 })
})

test('an event taken back leaves what was there, whenever that happens', () => {
  const property = fc.property(events, fc.nat(3_600_000), (all, atMs) => {
    const [plain, disturbed] = [emptySums(), emptySums()]
    addToSums(disturbed, atMs, amountsOf(777), 1)
    for (const { atMs: ms, delta } of all) {
      addToSums(plain, ms, amountsOf(delta), 1)
      addToSums(disturbed, ms, amountsOf(delta), 1)
    }
    addToSums(disturbed, atMs, amountsOf(777), -1)
    const nowMs = 7_200_000
    expect(decayedSum(disturbed, 'delta', 15, nowMs)).toBeCloseTo(decayedSum(plain, 'delta', 15, nowMs), 8)
  })
  fc.assert(property, { seed: 4, numRuns: 200 })
})

test('a steady stream settles at its rate', () => {
  const state = emptySums()
  for (let second = 0; second < 7_200; second++) addToSums(state, second * 1_000, amountsOf(2), 1)
  for (const minutes of FLOW_HORIZONS_MINUTES) {
    const perMinute = decayedSum(state, 'delta', minutes, 7_199_000) / minutes
    expect(perMinute / 120).toBeCloseTo(1, 1)
  }
})

test('nothing grows when asked about the past', () => {
  const state = emptySums()
  expect(decayedSum(state, 'delta', 1, 0)).toBe(0)
  addToSums(state, MINUTE_MS, amountsOf(5), 1)
  expect(decayedSum(state, 'delta', 1, 0)).toBe(5)
})

test('a clock that started over carries what is held and goes on from there', () => {
  const state = emptySums()
  addToSums(state, 60 * MINUTE_MS, amountsOf(5), 1)
  state.clockRestarted = true
  addToSums(state, MINUTE_MS, amountsOf(3), 1)
  expect(decayedSum(state, 'delta', 5, MINUTE_MS)).toBe(8)
  expect(decayedSum(state, 'delta', 5, 6 * MINUTE_MS)).toBeCloseTo(8 / Math.E, 12)
})
