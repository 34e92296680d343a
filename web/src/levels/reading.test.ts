import { expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { reading } from './reading.ts'

test.each([
  [
    gammaFrame(),
    'Net +$1.00B per 1 % move: under the usual assumption hedging would dampen moves. The flip at 6,450.00 is 0.62 % below spot.',
  ],
  [
    gammaFrame({ netGex: -2e9, nearestFlip: null }),
    'Net −$2.00B per 1 % move: under the usual assumption hedging would amplify moves. No flip in range.',
  ],
  [
    gammaFrame({ netGex: null, reasons: { netGex: 'upgrade_required' } }),
    'No net exposure: needs a higher tier.',
  ],
  [
    gammaFrame({ spotPrice: null, reasons: { spotPrice: 'no price of the underlying yet' } }),
    'No spot: no price of the underlying yet.',
  ],
])('says the picture in a sentence', (frame, sentence) => {
  expect(reading(frame)).toBe(sentence)
})
