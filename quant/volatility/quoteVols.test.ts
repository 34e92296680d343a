import { expect, test } from 'vitest'
import { normalisedValue } from '../pricing/normalisedBlack.ts'
import { totalVolOf } from '../pricing/totalVol.ts'
import { quoteVols } from './quoteVols.ts'

test('within 3 % of the spread that solving bid and ask would give', () => {
  for (const deviation of [0.002, 0.03, 0.2])
    for (const z of [0, 0.5, 1, 2, 3, 4])
      for (const halfShare of [0.005, 0.05, 0.2, 0.4]) {
        const k = z * deviation
        const years = 0.1
        const value = normalisedValue(k, deviation)
        const { bidVol, askVol } = quoteVols({
          k: -k,
          years,
          vol: deviation / Math.sqrt(years),
          value,
          bidShare: 1 - halfShare,
          askShare: 1 + halfShare,
        })
        const bid = totalVolOf(k, value * (1 - halfShare)) / Math.sqrt(years)
        const ask = totalVolOf(k, value * (1 + halfShare)) / Math.sqrt(years)
        expect(Math.abs(bidVol - bid)).toBeLessThan(0.03 * (ask - bid))
        expect(Math.abs(askVol - ask)).toBeLessThan(0.03 * (ask - bid))
      }
})
