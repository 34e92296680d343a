import { describe, expect, test } from 'vitest'
import { putQuote, reprice, repriceAtVols } from '../analytics/engine.ts'
import { SAMPLE_MARKET } from '../chain/sampleChain.ts'
import { smileInputs } from './smileInputs.ts'
import { sampleEngine } from './sampleSmiles.ts'

const { spot, nowMs, vol } = SAMPLE_MARKET

function rowOf(engine: ReturnType<typeof sampleEngine>, e: number, strike: number, side: 1 | -1): number {
  const { chain } = engine
  for (let i = chain.expiryStart[e] as number; i < (chain.expiryStart[e + 1] as number); i++)
    if (chain.strike[i] === strike && chain.callSign[i] === side) return i
  throw new Error(`no row at ${strike}`)
}

describe('the smile of each live expiry', () => {
  test('holds the volatilities the market was made with, puts below the forward and calls above', () => {
    const smiles = smileInputs(sampleEngine().chain)
    expect(smiles).toHaveLength(5)
    for (const { rows, forward } of smiles) {
      for (const row of rows) {
        expect(row.vol).toBeCloseTo(vol(row.strike, 0), 3)
        expect(row.right).toBe(row.strike < forward ? 'put' : 'call')
        expect(row.k).toBeCloseTo(Math.log(row.strike / forward), 12)
      }
    }
  })

  test('weighs a row by its vega and its spread in volatility, with a floor', () => {
    const [, , month] = smileInputs(sampleEngine({ halfSpread: 0.3 }).chain)
    for (const { k, vol, bidVol, askVol, weight } of month?.rows ?? []) {
      expect(bidVol).toBeLessThan(vol)
      expect(askVol).toBeGreaterThan(vol)
      const spread = Math.max(0.002, (askVol as number) - (bidVol as number))
      const vegaShare = Math.exp((-0.5 * k * k) / (vol * vol * (month?.years ?? Number.NaN)))
      expect([0, vegaShare / spread ** 2]).toContainEqual(weight)
    }
  })

  test('a settled expiry has none', () => {
    const engine = sampleEngine()
    reprice(engine, spot, nowMs + 2 * 86_400_000)
    expect(smileInputs(engine.chain)).toHaveLength(4)
  })
})

test('a strip ends at the second strike in a row without a quote', () => {
  const engine = sampleEngine()
  const month = 2
  const strikes = (): number[] => (smileInputs(engine.chain)[month]?.rows ?? []).map(({ strike }) => strike)
  putQuote(engine, rowOf(engine, month, 5500, -1), 0, 0.05)
  reprice(engine, spot, nowMs)
  expect(Math.min(...strikes())).toBe(4800)
  expect(strikes()).not.toContain(5500)
  putQuote(engine, rowOf(engine, month, 5475, -1), 0, 0.05)
  reprice(engine, spot, nowMs)
  expect(Math.min(...strikes())).toBe(5525)
})

test('a quote that is mostly spread is kept as a point and weighs nothing', () => {
  const engine = sampleEngine()
  const row = rowOf(engine, 2, 5500, -1)
  const mid = engine.chain.price[row] as number
  putQuote(engine, row, 0.7 * mid, 1.3 * mid)
  reprice(engine, spot, nowMs)
  expect(smileInputs(engine.chain)[2]?.rows.find(({ strike }) => strike === 5500)?.weight).toBe(0)
})

test("a vendor's volatilities come without bid and ask and weigh by vega", () => {
  const engine = sampleEngine()
  const given = Float64Array.from(engine.chain.vol, (own) => 1.1 * own)
  repriceAtVols(engine, spot, nowMs, given)
  const rows = smileInputs(engine.chain)[2]?.rows ?? []
  expect(rows.length).toBeGreaterThan(50)
  // Only wings so cheap that their spread holds the vendor's value too keep their quote.
  const near = rows.filter(({ k }) => Math.abs(k) < 0.05)
  expect(near.every(({ bidVol, askVol }) => bidVol === null && askVol === null)).toBe(true)
  const heaviest = rows.reduce((best, row) => (row.weight > best.weight ? row : best))
  expect(Math.abs(heaviest.k)).toBeLessThan(0.005)
})

test('the straddles around the forward are the quoted ones', () => {
  const smile = smileInputs(sampleEngine().chain)[2]
  const [below, above] = smile?.straddles ?? []
  expect(below?.strike).toBeLessThanOrEqual(smile?.forward ?? 0)
  expect((above?.strike ?? 0) - (below?.strike ?? 0)).toBe(25)
  expect(below?.price).toBeGreaterThan(0)
})
