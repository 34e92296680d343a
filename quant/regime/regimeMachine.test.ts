import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RegimeFeatures } from './regimeFeatures.ts'
import { nextRegime, NO_REGIME, type Regime, type RegimeState } from './regimeMachine.ts'
import { readRegime } from './regimeReading.ts'

const QUIET: RegimeFeatures = {
  flipDistanceSigmas: 1,
  isOneSigned: false,
  gammaSign: 1,
  gammaShare: 0.01,
  gammaBasis: 'open_notional',
  pull: 0.1,
  signAgreement: 1,
  coverage: 1,
  vannaSign: 1,
  charmSign: -1,
  termSlopeVolPts: 2,
  realisedToImplied: null,
}
const SHORT = { gammaSign: -1, flipDistanceSigmas: -1 } as const

function labels(
  cycles: readonly Partial<RegimeFeatures>[],
  from: RegimeState = NO_REGIME,
): (Regime | null)[] {
  let state = from
  return cycles.map((changes, i) => (state = nextRegime(state, { ...QUIET, ...changes }, i)).regime)
}
const times = (count: number, changes: Partial<RegimeFeatures>) =>
  Array.from({ length: count }, () => changes)
const held = (regime: Regime): RegimeState => ({ regime, cycles: 10, sinceMs: 0 })
const after = (regime: Regime, changes: Partial<RegimeFeatures>) => labels([changes], held(regime))[0]

describe('nextRegime', () => {
  it.each<[Regime, Partial<RegimeFeatures>]>([
    ['long_gamma', {}],
    ['long_gamma_pinned', { pull: 0.3 }],
    ['long_gamma_pinned', { pull: 0.3, flipDistanceSigmas: null, isOneSigned: true }],
    ['long_gamma', { pull: 0.3, flipDistanceSigmas: 0.45 }],
    ['long_gamma', { pull: 0.3, flipDistanceSigmas: null }],
    ['long_gamma', { gammaSign: null }],
    ['transition', { flipDistanceSigmas: 0.2 }],
    ['transition', { flipDistanceSigmas: -0.2 }],
    ['transition', { signAgreement: 0.5 }],
    ['transition', { gammaSign: 0 }],
    ['short_gamma', SHORT],
    ['short_gamma', { gammaSign: null, flipDistanceSigmas: -1 }],
    ['short_gamma_stressed', { ...SHORT, termSlopeVolPts: -0.1 }],
  ])('%s first: %o', (regime, changes) => {
    expect(labels([changes])).toEqual([regime])
  })

  it('leaves a label at the wider threshold alone', () => {
    expect(after('transition', { flipDistanceSigmas: 0.34 })).toBe('transition')
    expect(after('transition', { flipDistanceSigmas: 0.36 })).toBe('long_gamma')
    expect(after('long_gamma', { flipDistanceSigmas: 0.26 })).toBe('long_gamma')
    expect(after('long_gamma', { flipDistanceSigmas: 0.24 })).toBe('transition')
    expect(after('long_gamma_pinned', { pull: 0.21, flipDistanceSigmas: 0.41 })).toBe('long_gamma_pinned')
    expect(after('long_gamma_pinned', { pull: 0.19 })).toBe('long_gamma')
    expect(after('short_gamma_stressed', { ...SHORT, termSlopeVolPts: 0.4 })).toBe('short_gamma_stressed')
    expect(after('short_gamma_stressed', { ...SHORT, termSlopeVolPts: 0.6 })).toBe('short_gamma')
  })

  it('stays three cycles at least, and goes from side to side through transition', () => {
    const seen = labels([{}, ...times(8, SHORT)])
    expect(seen).toEqual([
      ...times(3, {}).map(() => 'long_gamma'),
      ...times(3, {}).map(() => 'transition'),
      ...times(3, {}).map(() => 'short_gamma'),
    ])
  })

  it('holds what it knew while nothing is known', () => {
    const state = held('short_gamma')
    expect(nextRegime(state, { ...QUIET, gammaSign: null, flipDistanceSigmas: null }, 5)).toBe(state)
    expect(nextRegime(NO_REGIME, { ...QUIET, gammaSign: null, flipDistanceSigmas: null }, 5)).toBe(NO_REGIME)
  })

  it('never changes while every feature stays inside its band', () => {
    const inside = (low: number, high: number) =>
      fc.double({ min: low, max: high, noNaN: true, minExcluded: true, maxExcluded: true })
    const bands: [Regime, 1 | -1, number, number][] = [
      ['long_gamma', 1, 0.25, 0.35],
      ['transition', 1, 0.25, 0.35],
      ['transition', -1, 0.25, 0.35],
      ['short_gamma', -1, 0.25, 0.35],
      ['short_gamma_stressed', -1, 0.25, 0.35],
      ['long_gamma', 1, 0.4, 0.5],
      ['long_gamma_pinned', 1, 0.4, 0.5],
    ]
    for (const [start, gammaSign, low, high] of bands) {
      const cycle = fc.record({
        flipDistanceSigmas: inside(low, high),
        pull: inside(0.2, 0.25),
        termSlopeVolPts: inside(0, 0.5),
        signAgreement: inside(0.6, 1),
        gammaSign: fc.constant(gammaSign),
      })
      const property = fc.property(fc.array(cycle, { minLength: 1, maxLength: 60 }), (cycles) => {
        expect(new Set(labels(cycles, held(start)))).toEqual(new Set([start]))
      })
      fc.assert(property, { seed: 8, numRuns: 100 })
    }
  })
})

const number = fc.oneof(
  fc.double(),
  fc.double({ min: -2, max: 2 }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity),
)
const sign = fc.option(fc.constantFrom(-1 as const, 0 as const, 1 as const))
const anything: fc.Arbitrary<RegimeFeatures> = fc.record({
  flipDistanceSigmas: fc.option(number),
  isOneSigned: fc.boolean(),
  gammaSign: sign,
  gammaShare: fc.option(number),
  gammaBasis: fc.constant(null),
  pull: fc.option(number),
  signAgreement: fc.option(number),
  coverage: fc.option(number),
  vannaSign: sign,
  charmSign: sign,
  termSlopeVolPts: fc.option(number),
  realisedToImplied: fc.option(number),
})

describe('whatever the features', () => {
  it('no label is held for fewer than three cycles and no side follows the other directly', () => {
    const property = fc.property(fc.array(anything, { maxLength: 80 }), (cycles) => {
      const known = labels(cycles).filter((label) => label !== null)
      const starts = known.flatMap((label, i) => (i === 0 || known[i - 1] !== label ? [i] : []))
      for (const [n, start] of starts.slice(1).entries()) {
        expect(start - (starts[n] as number)).toBeGreaterThanOrEqual(3)
        const sides = [known[start], known[start - 1]].map((label) => label?.split('_')[0]).sort()
        expect(sides).not.toEqual(['long', 'short'])
      }
    })
    fc.assert(property, { seed: 9, numRuns: 500 })
  })

  it('confidence is in [0, 1], or null with a reason, and drivers are finite', () => {
    const property = fc.property(
      anything,
      fc.constantFrom<Regime | null>(null, 'long_gamma', 'transition'),
      (features, regime) => {
        const state = nextRegime({ regime, cycles: 5, sinceMs: 0 }, features, 1)
        const { confidence, reason, label, drivers, implications } = readRegime(state, features)
        expect(confidence === null ? reason !== null : confidence >= 0 && confidence <= 1).toBe(true)
        expect(drivers.every(({ value }) => Number.isFinite(value))).toBe(true)
        expect(implications.length > 0).toBe(label !== 'unknown')
      },
    )
    fc.assert(property, { seed: 10, numRuns: 1_000 })
  })
})
