import { describe, expect, test } from 'vitest'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET } from '../chain/sampleChain.ts'
import { sampleEngine } from './sampleSmiles.ts'
import { volatilityStructure } from './volatilityStructure.ts'

const { spot, strikes, nowMs } = SAMPLE_MARKET

describe('a made-up market', () => {
  const structure = volatilityStructure(sampleEngine())

  test('has its volatility at the forward and its downward slope, at every expiry it can be read', () => {
    expect(structure.expiries).toHaveLength(5)
    for (const { atmVol, forward, skew, reason } of structure.expiries) {
      expect(reason).toBeNull()
      expect(atmVol).toBeCloseTo(0.14 - 0.3 * Math.log(forward / spot), 3)
      expect(skew?.atmSlope).toBeCloseTo(-0.3, 1)
    }
    expect(structure.flags).toEqual({})
  })

  test('carries no figure that is not a number', () => {
    const numbers: number[] = []
    const walk = (value: unknown): void => {
      if (typeof value === 'number') numbers.push(value)
      else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk)
    }
    walk(structure)
    expect(numbers.length).toBeGreaterThan(200)
    expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
    expect(JSON.parse(JSON.stringify(structure))).toEqual(structure)
  })

  test('does not depend on the scale of prices', () => {
    const scaled = volatilityStructure(
      sampleEngine({
        spot: 8 * spot,
        strikes: strikes.map((strike) => 8 * strike),
        vol: (strike) => SAMPLE_MARKET.vol(strike / 8, 0),
        halfSpread: 8 * SAMPLE_MARKET.halfSpread,
        openInterest: (strike, right) => SAMPLE_MARKET.openInterest(strike / 8, right, 0),
      }),
    )
    for (const [i, expiry] of structure.expiries.entries()) {
      const other = scaled.expiries[i]
      expect(other?.atmVol).toBeCloseTo(expiry.atmVol as number, 6)
      expect(other?.skew?.skew25VolPts).toBeCloseTo(expiry.skew?.skew25VolPts as number, 3)
    }
    expect(scaled.gammaEntropy?.bits).toBeCloseTo(structure.gammaEntropy?.bits as number, 6)
    expect((scaled.expectedMoves[0]?.straddle.move as number) / 8).toBeCloseTo(
      structure.expectedMoves[0]?.straddle.move as number,
      5,
    )
  })
})

test('a chain that has settled has a structure of nulls with reasons', () => {
  const engine = sampleEngine()
  reprice(engine, spot, nowMs + 400 * 86_400_000)
  const structure = volatilityStructure(engine)
  expect(structure.expiries).toEqual([])
  expect(structure.densities).toEqual([])
  expect(structure.termStructure.constantMaturity.map(({ reason }) => reason)).toEqual(
    Array.from({ length: 4 }, () => 'no_smiles'),
  )
  expect(structure.averageSkew.reason).toBe('no_delta_pairs')
  expect(structure.gammaEntropy).toBeNull()
})
