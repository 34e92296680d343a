import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { contractsOf, signedContracts } from '../levels/weighing.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { linearLadderCrossings, type LinearLadder } from './linearLadder.ts'

const SIXTY: LinearLadder = { low: 0.8, high: 1.2, levels: 60, businessDaysPerYear: 262, rate: 'zero' }
const engine = engineOf(sampleContracts())
reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
const { chain, spot } = engine
const signed = signedContracts(chain, contractsOf(engine, 'open_interest', 'all'), { call: 1, put: -1 })
/** Weekdays from Thursday 4 September 2025 to the sample's expiries. */
const BUSINESS_DAYS = [1, 6, 26, 86, 261]

/** The published recipe, line by line. */
function asPublished(levels: number): number[] {
  const at = Array.from({ length: levels }, (_, i) => spot * (0.8 + (0.4 * i) / (levels - 1)))
  const totals = at.map((level) => {
    let total = 0
    for (let row = 0; row < chain.count; row++) {
      const { gamma } = greeks({
        spot: level,
        strike: chain.strike[row] as number,
        years: (BUSINESS_DAYS[chain.expiryIndex[row] as number] as number) / 262,
        rate: 0,
        dividendYield: 0,
        vol: chain.vol[row] as number,
        right: 'call',
      })
      if (Number.isFinite(gamma)) total += (signed[row] as number) * 100 * level * level * 0.01 * gamma
    }
    return total
  })
  return at.flatMap((level, i) => {
    const [previous, total] = [totals[i - 1] ?? 0, totals[i] as number]
    return previous * total < 0
      ? [level - ((level - (at[i - 1] as number)) * total) / (total - previous)]
      : []
  })
}

test('gives the crossings of the published recipe', () => {
  const expected = asPublished(60)
  const found = linearLadderCrossings(engine, signed, SIXTY)
  expect(expected.length).toBeGreaterThan(0)
  expect(found).toHaveLength(expected.length)
  for (const [i, price] of found.entries()) expect(price).toBeCloseTo(expected[i] as number, 6)
})

test('contracts of one sign have no crossing', () => {
  expect(linearLadderCrossings(engine, signed.map(Math.abs), SIXTY)).toEqual([])
})

test('the rate of the longest expiry moves it, by less than the forward', () => {
  const [none] = linearLadderCrossings(engine, signed, { ...SIXTY, levels: 300 })
  const [own] = linearLadderCrossings(engine, signed, { ...SIXTY, levels: 300, rate: 'longest_expiry' })
  const lower = (none as number) - (own as number)
  expect(lower).toBeGreaterThan(0)
  expect(lower / spot).toBeLessThan(SAMPLE_MARKET.rate)
})
