import { expect, test } from 'vitest'
import { black76 } from './black76.ts'
import { greeks } from './blackScholes.ts'

test.each(['call', 'put'] as const)('a %s priced on its forward equals one priced on its spot', (right) => {
  const onSpot = {
    spot: 5800,
    strike: 5850,
    years: 7 / 365,
    rate: 0.043,
    dividendYield: 0.013,
    vol: 0.14,
    right,
  }
  const onForward = {
    forward: 5800 * Math.exp((0.03 * 7) / 365),
    strike: 5850,
    years: 7 / 365,
    discount: Math.exp((-0.043 * 7) / 365),
    vol: 0.14,
    right,
  }
  expect(Math.abs(black76(onForward) / greeks(onSpot).price - 1)).toBeLessThan(1e-13)
})

test('an in-the-money price is its intrinsic value plus the value of its opposite', () => {
  const option = { forward: 110, strike: 100, years: 0.5, discount: 0.97, vol: 0.3 }
  const call = black76({ ...option, right: 'call' })
  const put = black76({ ...option, right: 'put' })
  expect(call - put).toBeCloseTo(0.97 * 10, 13)
})

test('nothing is priced without a forward', () => {
  const option = { strike: 100, years: 0.5, discount: 0.97, vol: 0.3, right: 'call' as const }
  expect(black76({ ...option, forward: 0 })).toBeNaN()
  expect(black76({ ...option, forward: NaN })).toBeNaN()
})
