import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { riskNeutralDensity } from './density.ts'
import { entropyOf } from './entropy.ts'
import { smileInputs } from './smileInputs.ts'
import { flatFit, sampleEngine, sviFit } from './sampleSmiles.ts'
import { densityEntropy, gammaEntropy, ivEntropy, lognormalEntropy } from './volEntropy.ts'

describe('entropy', () => {
  test('of a uniform distribution counts its places', () => {
    const entropy = entropyOf([3, 3, 3, 3, 3, 3, 3, 3])
    expect(entropy?.bits).toBeCloseTo(3, 12)
    expect(entropy?.normalised).toBeCloseTo(1, 12)
    expect(entropy?.effectiveCount).toBeCloseTo(8, 10)
  })

  test('of equal places never passes the most there is, rounding included', () => {
    for (let places = 2; places <= 60; places++) {
      const entropy = entropyOf(Array.from({ length: places }, () => 0.1))
      expect(entropy?.normalised).toBeLessThanOrEqual(1)
      expect(entropy?.normalised).toBeCloseTo(1, 12)
    }
  })

  test('of one place is nothing', () => {
    expect(entropyOf([0, 5, 0])).toMatchObject({ bits: 0, normalised: 0, effectiveCount: 1 })
    expect(entropyOf([5])?.normalised).toBe(0)
  })

  test('is null without mass', () => {
    expect(entropyOf([])).toBeNull()
    expect(entropyOf([0, 0])).toBeNull()
    expect(entropyOf([Number.NaN])).toBeNull()
  })

  test('normalised lies in [0, 1], and neither scale nor order matters', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(weights, (weights) => {
        const entropy = entropyOf(weights)
        fc.pre(entropy !== null)
        expect(entropy?.normalised).toBeGreaterThanOrEqual(0)
        expect(entropy?.normalised).toBeLessThanOrEqual(1)
        const other = entropyOf(weights.map((weight) => 4 * weight).reverse())
        expect(other?.bits).toBeCloseTo(entropy?.bits ?? Number.NaN, 9)
      }),
      { seed: 20261120 },
    )
  })
})

describe('of the density', () => {
  test('the reference is 2.808 nats, 4.051 bits, 0.761 of the most', () => {
    const reference = lognormalEntropy(0.03)
    expect((reference?.bits ?? 0) * Math.LN2).toBeCloseTo(2.808, 3)
    expect(reference?.bits).toBeCloseTo(4.051, 3)
    expect(reference?.normalised).toBeCloseTo(0.761, 3)
  })

  test('a flat smile is exactly its reference', () => {
    const flat = flatFit(30, 0.2)
    expect(densityEntropy(flat, riskNeutralDensity(flat)).deltaBits).toBeCloseTo(0, 10)
  })

  test('an index smile is more concentrated than its lognormal: a calm middle and a long tail', () => {
    const fit = sviFit(30)
    const { deltaBits, reason } = densityEntropy(fit, riskNeutralDensity(fit))
    expect(deltaBits).toBeLessThan(-0.02)
    expect(deltaBits).toBeGreaterThan(-0.5)
    expect(reason).toBeNull()
  })

  test('is withheld with the density, for the same reason', () => {
    const fit = { ...sviFit(30), kMin: -0.01, kMax: 0.01 }
    expect(densityEntropy(fit, riskNeutralDensity(fit))).toEqual({
      entropy: null,
      deltaBits: null,
      reason: 'tails_not_quoted',
    })
  })
})

test('of volatility over near strikes: 1 when flat, below when sloped, whatever the level', () => {
  const month = (vol: (strike: number) => number) => {
    const smile = smileInputs(sampleEngine({ vol }).chain)[2]
    if (smile === undefined) throw new Error('no smile')
    return ivEntropy(smile, 0.14)
  }
  expect(month(() => 0.14)?.normalised).toBeCloseTo(1, 9)
  expect(month((strike) => 0.14 - Math.log(strike / 5800))?.normalised).toBeLessThan(0.9995)
})

test('of gamma: open interest at one strike is one strike, spread out it is many', () => {
  const effective = (openInterest: (strike: number) => number): number | undefined =>
    gammaEntropy(sampleEngine({ openInterest }).chain)?.effectiveCount
  expect(effective((strike) => (strike === 5800 ? 100 : 0))).toBeCloseTo(1, 12)
  expect(effective(() => 100)).toBeGreaterThan(15)
  expect(gammaEntropy(sampleEngine({ openInterest: () => 0 }).chain)).toBeNull()
})
