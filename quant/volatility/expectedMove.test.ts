import { describe, expect, test } from 'vitest'
import { normalCdf } from '../math/normal.ts'
import { black76 } from '../pricing/black76.ts'
import { expectedMoves } from './expectedMove.ts'
import type { ExpirySmile } from './smileInputs.ts'

const FORWARD = 6487.3
const VOL = 0.15
const YEARS = 2 / 365
const DISCOUNT = 0.999

function smileWith(strikes: readonly [number, number] | null): ExpirySmile {
  const straddle = (strike: number) => {
    const leg = (right: 'call' | 'put'): number =>
      black76({ forward: FORWARD, strike, years: YEARS, discount: DISCOUNT, vol: VOL, right })
    return { strike, price: leg('call') + leg('put') }
  }
  return {
    expiryMs: 1,
    years: YEARS,
    forward: FORWARD,
    discount: DISCOUNT,
    rows: [],
    straddles: strikes === null ? null : [straddle(strikes[0]), straddle(strikes[1])],
  }
}

describe('three ways agree in a normal market', () => {
  const sigma = FORWARD * VOL * Math.sqrt(YEARS)

  test.each([[6485, 6490] as const, [6475, 6500] as const, [6470, 6520] as const])(
    'strikes %i and %i',
    (low, high) => {
      const moves = expectedMoves(smileWith([low, high]), VOL)
      expect(moves.oneSigmaByVol.move).toBeCloseTo(sigma, 10)
      // A fifth of a percent: the straddle of a lognormal is a hair less than that of a normal.
      expect((moves.oneSigmaByStraddle.move as number) / sigma).toBeCloseTo(1, 2)
      expect(Math.abs((moves.oneSigmaByStraddle.move as number) / sigma - 1)).toBeLessThan(0.004)
      expect((moves.straddle.move as number) / sigma).toBeCloseTo(Math.sqrt(2 / Math.PI), 2)
    },
  )
})

test('each is labelled by what it covers', () => {
  const { straddle, oneSigmaByStraddle, oneSigmaByVol } = expectedMoves(smileWith([6485, 6490]), VOL)
  const within = (z: number): number => 2 * normalCdf(z) - 1
  expect(straddle.coverage).toBeCloseTo(within(Math.sqrt(2 / Math.PI)), 9)
  expect(oneSigmaByStraddle.coverage).toBeCloseTo(within(1), 9)
  expect(oneSigmaByVol.coverage).toBeCloseTo(within(1), 9)
  expect(straddle.moveShare).toBeCloseTo((straddle.move as number) / FORWARD, 14)
})

describe('reasons', () => {
  test('no quoted straddle', () => {
    const moves = expectedMoves(smileWith(null), VOL)
    expect(moves.straddle).toMatchObject({ move: null, moveShare: null, reason: 'no_straddle_quote' })
    expect(moves.oneSigmaByVol.reason).toBeNull()
  })

  test('strikes further apart than the move', () => {
    expect(expectedMoves(smileWith([6400, 6600]), VOL).straddle.reason).toBe('strikes_too_coarse')
  })

  test('no fitted smile', () => {
    expect(expectedMoves(smileWith([6485, 6490]), null).oneSigmaByVol).toMatchObject({
      move: null,
      reason: 'no_smile',
    })
  })
})
