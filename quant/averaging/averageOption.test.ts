import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { black76 } from '../pricing/black76.ts'
import { seededRandom } from '../reference/random.ts'
import { averageOption, type AverageOptionInput } from './averageOption.ts'

const HALF_HOUR = 1 / (365 * 48)

const input = fc.record({
  spot: fc.double({ min: 50, max: 30_000, noNaN: true }),
  strikeShare: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
  unaveraged: fc.double({ min: 0.01, max: 1, noNaN: true }),
  averageShare: fc.double({ min: 0.98, max: 1.02, noNaN: true }),
  vol: fc.double({ min: 0.05, max: 1, noNaN: true }),
})

interface Drawn {
  spot: number
  strikeShare: number
  unaveraged: number
  averageShare: number
  vol: number
}

function terms({
  spot,
  strikeShare,
  unaveraged,
  averageShare,
  vol,
}: Drawn): Omit<AverageOptionInput, 'right'> {
  return {
    spot,
    strike: spot * strikeShare,
    unaveraged,
    averageSoFar: spot * averageShare,
    years: unaveraged * HALF_HOUR,
    vol,
  }
}

describe('against simulated averages', () => {
  /** Mean payoff over antithetic pairs of paths, and its standard error. */
  function simulate(option: AverageOptionInput): { price: number; error: number } {
    const random = seededRandom(20220331)
    const steps = 64
    const pairs = 20_000
    const dt = option.years / steps
    const drift = -0.5 * option.vol ** 2 * dt
    const width = option.vol * Math.sqrt(dt)
    const payoff = (normals: readonly number[], sign: number): number => {
      let price = option.spot
      let sum = 0
      for (const z of normals) {
        const next = price * Math.exp(drift + sign * width * z)
        sum += 0.5 * (price + next)
        price = next
      }
      const settled = (1 - option.unaveraged) * option.averageSoFar + (option.unaveraged * sum) / steps
      return Math.max(0, option.right === 'call' ? settled - option.strike : option.strike - settled)
    }
    let total = 0
    let squares = 0
    for (let pair = 0; pair < pairs; pair++) {
      const normals = Array.from({ length: steps }, () => normal(random))
      const mean = 0.5 * (payoff(normals, 1) + payoff(normals, -1))
      total += mean
      squares += mean * mean
    }
    const price = total / pairs
    return { price, error: Math.sqrt((squares / pairs - price * price) / pairs) }
  }

  function normal(random: () => number): number {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  }

  test.each([
    ['the whole window to come', 1, 17_000, 'call'],
    ['half of it', 0.5, 17_004, 'call'],
    ['half of it', 0.5, 17_000, 'put'],
    ['its last tenth', 0.1, 17_001, 'put'],
  ] as const)('%s, u = %d, strike %d, %s', (_, unaveraged, strike, right) => {
    const option = {
      spot: 17_005,
      strike,
      unaveraged,
      averageSoFar: 16_998,
      years: unaveraged * HALF_HOUR,
      vol: 0.25,
      right,
    }
    const { price, error } = simulate(option)
    expect(Math.abs(averageOption(option).price - price)).toBeLessThan(3.5 * error)
    expect(error).toBeLessThan(0.025 * price)
  })
})

test('calls less puts are the forward of the average less the strike', () => {
  fc.assert(
    fc.property(input, (drawn) => {
      const option = terms(drawn)
      const { spot, unaveraged, averageSoFar, strike } = option
      const call = averageOption({ ...option, right: 'call' })
      const put = averageOption({ ...option, right: 'put' })
      const forward = (1 - unaveraged) * averageSoFar + unaveraged * spot
      expect((call.price - put.price) / spot).toBeCloseTo((forward - strike) / spot, 10)
      expect(call.delta - put.delta).toBeCloseTo(unaveraged, 12)
      expect(call.gamma).toBe(put.gamma)
    }),
  )
})

test('delta and gamma are the derivatives of the price in spot', () => {
  fc.assert(
    fc.property(input, (drawn) => {
      const option = { ...terms(drawn), right: 'call' as const }
      const bump = 0.01 * option.spot * option.vol * Math.sqrt(option.years)
      const at = (spot: number) => averageOption({ ...option, spot })
      const up = at(option.spot + bump)
      const down = at(option.spot - bump)
      const { delta, gamma } = at(option.spot)
      const peak = 1 / (option.spot * option.vol * Math.sqrt(option.years))
      expect((up.price - down.price) / (2 * bump)).toBeCloseTo(delta, 3)
      expect((up.delta - down.delta) / (2 * bump) / peak).toBeCloseTo(gamma / peak, 2)
    }),
  )
})

test('against an option on the last price at the same total volatility, delta is u times and gamma u² times as much', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 1, noNaN: true }), (unaveraged) => {
      const option = terms({ spot: 100, strikeShare: 1, unaveraged, averageShare: 1, vol: 0.2 })
      const { price, delta, gamma } = averageOption({ ...option, right: 'call' })
      // At the money φ(d1)/w is all of gamma: the volatility of A is u times that of the rest.
      const totalVol = (Math.sqrt(2 * Math.PI) * price) / 100
      expect(delta / unaveraged).toBeCloseTo(0.5, 3)
      const plain = 1 / (Math.sqrt(2 * Math.PI) * 100 * totalVol)
      expect(gamma / plain).toBeCloseTo(unaveraged ** 2, 4)
    }),
  )
})

test('before anything is averaged it is an option of a third of the variance', () => {
  const years = HALF_HOUR
  const option = { spot: 100, strike: 100.05, unaveraged: 1, averageSoFar: Number.NaN, years, vol: 0.3 }
  const plain = black76({
    forward: 100,
    strike: 100.05,
    years: years / 3,
    discount: 1,
    vol: 0.3,
    right: 'call',
  })
  expect(averageOption({ ...option, right: 'call' }).price).toBeCloseTo(plain, 7)
})

test('the series and the closed form of the variance meet', () => {
  const at = (x: number): number => {
    const option = { spot: 1, strike: 1, unaveraged: 1, averageSoFar: 1, years: 1, vol: Math.sqrt(x) }
    return averageOption({ ...option, right: 'call' }).price
  }
  expect(at(0.01 * (1 - 1e-9)) / at(0.01 * (1 + 1e-9))).toBeCloseTo(1, 8)
})

test('a strike the average can no longer miss is certain', () => {
  const option = { spot: 100, strike: 40, unaveraged: 0.5, averageSoFar: 100, years: 1e-5, vol: 0.2 }
  expect(averageOption({ ...option, right: 'call' })).toEqual({ price: 60, delta: 0.5, gamma: 0 })
  expect(averageOption({ ...option, right: 'put' })).toEqual({ price: 0, delta: 0, gamma: 0 })
})

test('garbage is NaN', () => {
  const option = { spot: 100, strike: 100, unaveraged: 0.5, averageSoFar: 100, years: 1e-5, vol: 0.2 }
  for (const bad of [
    { spot: -1 },
    { vol: NaN },
    { years: 0 },
    { unaveraged: 0 },
    { unaveraged: 1.5 },
    { averageSoFar: NaN },
  ])
    expect(averageOption({ ...option, right: 'call', ...bad }).price).toBeNaN()
})
