import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalisedShortfall, normalisedValue, normalisedVega } from './normalisedBlack.ts'

// x, s, b and e^(−x/2) − b from N(d1) and N(d2) at 300 digits: at the money, in the wings, near the ceiling.
test.each([
  [0, 1e-6, 3.98942280401416e-7, 0.9999996010577196],
  [0, 0.5, 0.19741265136584746, 0.8025873486341526],
  [0, 6, 0.9973002039367398, 0.002699796063260189],
  [0.001, 0.002, 0.0003955930139305659, 0.9991045319652387],
  [0.05, 0.01, 5.346102959978999e-10, 0.9753099114937224],
  [0.2, 0.3, 0.04505314297206885, 0.8597842750638908],
  [0.8, 0.05, 1.9805700375412983e-60, 0.6703200460356393],
  [1.5, 2.5, 0.28249278146544643, 0.1898737712755683],
  [3, 0.4, 1.6145026015935594e-15, 0.2231301601484282],
  [1e-4, 1e-5, 7.474560254497672e-30, 0.9999500012499791],
  [0.3, 12, 0.8607079744524688, 1.972589038704079e-9],
  [0.9, 0.03, 4.895320662271036e-201, 0.6376281516217733],
])('b(%f, %f) to 1e-15·(1 + h²)', (x, s, value, shortfall) => {
  const h = x / s
  expect(Math.abs(normalisedValue(x, s) / value - 1)).toBeLessThan(1e-15 * (1 + h * h))
  expect(Math.abs(normalisedShortfall(x, s) / shortfall - 1)).toBeLessThan(1e-15 * (1 + s * s))
})

test('the value rises with volatility, at the rate the vega states', () => {
  const h = fc.double({ min: 0, max: 8, noNaN: true })
  const s = fc.double({ min: 1e-4, max: 4, noNaN: true })
  fc.assert(
    fc.property(h, s, (h, s) => {
      const x = h * s
      const step = 1e-4 * s
      const slope = (normalisedValue(x, s + step) - normalisedValue(x, s - step)) / (2 * step)
      const scale = normalisedVega(x, s) + 1e-9 * normalisedValue(x, s)
      expect(Math.abs(slope - normalisedVega(x, s)) / scale).toBeLessThan(1e-4)
    }),
    { seed: 20261120 },
  )
})
