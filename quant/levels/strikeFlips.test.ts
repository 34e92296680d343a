import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjacentStrikeFlip } from './adjacentStrikeFlip.ts'
import { cumulativeFlip } from './cumulativeFlip.ts'

const strikes = Float64Array.of(90, 95, 100, 105, 110)
const prices = ({ crossings }: { crossings: readonly { price: number }[] }) =>
  crossings.map(({ price }) => price)

describe('F3: neighbouring strikes of opposite net', () => {
  test('every sign change, interpolated linearly; the nearest is named', () => {
    const flip = adjacentStrikeFlip(strikes, Float64Array.of(-4, -1, 3, 1, -1), 100)
    expect(flip).toMatchObject({ status: 'resolved', nearest: 96.25 })
    expect(prices(flip)).toEqual([96.25, 107.5])
    expect(flip.crossings[0]).toEqual({
      price: 96.25,
      lowStrike: 95,
      highStrike: 100,
      atLowStrike: -1,
      atHighStrike: 3,
      significance: 3 / 4,
    })
  })

  test('one sign, no price', () => {
    expect(adjacentStrikeFlip(strikes, Float64Array.of(1, 2, 3, 0, 1), 100)).toEqual({
      status: 'one_signed',
      nearest: null,
      crossings: [],
    })
    expect(adjacentStrikeFlip(strikes, new Float64Array(5), 100).status).toBe('no_data')
  })
})

describe('F2: running sum over strikes', () => {
  const net = Float64Array.of(-4, -1, 3, 4, 2)

  test('the two directions differ', () => {
    // −4, −5, −2, 2, 4 from below; 4, 8, 9, 6, 2 from above.
    expect(cumulativeFlip(strikes, net, 100, 'low_to_high')).toMatchObject({
      status: 'resolved',
      nearest: 102.5,
    })
    expect(cumulativeFlip(strikes, net, 100, 'high_to_low')).toMatchObject({
      status: 'one_signed',
      nearest: null,
    })
  })

  test('a strike at which the sum is exactly zero is the crossing', () => {
    const flip = cumulativeFlip(strikes, Float64Array.of(-4, -1, 5, 3, 2), 100, 'low_to_high')
    expect(flip.nearest).toBe(100)
  })

  test('a few far contracts that change the sign of almost nothing are not a level', () => {
    const flip = cumulativeFlip(strikes, Float64Array.of(0.01, -40, -20, -10, -5), 100, 'low_to_high')
    expect(flip).toMatchObject({ status: 'noise_floor', nearest: null })
    expect(flip.crossings).toHaveLength(1)
  })
})

const book = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 }).map((nets) => ({
  strike: Float64Array.from(nets, (_, k) => 100 + 5 * k),
  net: Float64Array.from(nets),
}))
const methods = [
  adjacentStrikeFlip,
  (strike: Float64Array, net: Float64Array, spot: number) => cumulativeFlip(strike, net, spot, 'low_to_high'),
  (strike: Float64Array, net: Float64Array, spot: number) => cumulativeFlip(strike, net, spot, 'high_to_low'),
]

test('a strike with nothing open changes no flip', () => {
  fc.assert(
    fc.property(book, fc.nat(11), ({ strike, net }, at) => {
      const empty = 100 + 5 * (at % strike.length) + 2.5
      const order = [...strike, empty].sort((a, b) => a - b)
      const withEmpty = Float64Array.from(order, (k) =>
        k === empty ? 0 : (net[strike.indexOf(k)] as number),
      )
      for (const flip of methods) {
        expect(flip(Float64Array.from(order), withEmpty, 120)).toEqual(flip(strike, net, 120))
      }
    }),
  )
})

test('turning the book around turns no crossing', () => {
  fc.assert(
    fc.property(book, ({ strike, net }) => {
      const turned = net.map((value) => -value)
      for (const flip of methods) {
        expect(prices(flip(strike, turned, 120))).toEqual(prices(flip(strike, net, 120)))
      }
    }),
  )
})

test('a crossing lies between its two strikes, whose figures differ in sign', () => {
  fc.assert(
    fc.property(book, ({ strike, net }) => {
      for (const flip of methods) {
        for (const { price, lowStrike, highStrike, atLowStrike, atHighStrike } of flip(strike, net, 120)
          .crossings) {
          expect(price).toBeGreaterThanOrEqual(lowStrike)
          expect(price).toBeLessThanOrEqual(highStrike)
          expect(Math.sign(atLowStrike)).toBe(-Math.sign(atHighStrike))
        }
      }
    }),
  )
})
