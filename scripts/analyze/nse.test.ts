import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem, type ChainRow, type ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import { settlementInstantMs } from '#quant/contracts/settlement'
import { yearsToExpiry } from '#quant/contracts/yearsToExpiry'
import { impliedVol } from '#quant/pricing/impliedVol'
import { answer, type Answer } from './answer.ts'
import { fieldsInCurrency, money } from './money.ts'
import { report } from './report.ts'
import { priceSnapshot } from './snapshotEngine.ts'

const file = join(import.meta.dirname, '../../../shared/data/nse/NIFTY_2022-03-28.json')

/** The rate in the exchange's own volatilities. */
const EXCHANGE_RATE = 0.1

/** Vol points between our volatility of the last print, on the exchange's terms, and the one it publishes. */
function errorVolPts(row: ChainRow, { spot, asOfMs }: ChainSnapshot): number | null {
  const settled = settlementInstantMs(row)
  if (row.vendorIv === null || row.last === null || !settled.ok) return null
  const years = yearsToExpiry(settled.expiryMs, asOfMs)
  const solved = impliedVol({
    forward: spot * Math.exp(EXCHANGE_RATE * years),
    strike: row.strike,
    discount: Math.exp(-EXCHANGE_RATE * years),
    years,
    right: row.right,
    price: row.last,
  })
  return solved.ok ? 100 * Math.abs(solved.vol - row.vendorIv) : null
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

describe.skipIf(!existsSync(file))('a recorded NIFTY chain (../shared/data/nse; skipped when absent)', () => {
  let snapshot: ChainSnapshot
  let found: Answer
  beforeAll(() => {
    const result = readSnapshot(readFileSync(file, 'utf8'))
    if (!result.ok) throw new Error(describeProblem(result.problem))
    snapshot = result.snapshot
    found = answer(snapshot, priceSnapshot(snapshot, snapshot.asOfMs, 'auto'))
  })

  test('every contract is read', () => {
    expect(snapshot.rows).toHaveLength(1676)
    expect(snapshot.rejected).toEqual([])
  })

  test('open interest is in contracts: no more of it than chance divides by the lot', () => {
    const held = snapshot.rows.flatMap(({ openInterest }) => (openInterest ? [openInterest] : []))
    expect(held.length).toBeGreaterThan(1000)
    expect(held.filter((contracts) => contracts % 50 === 0).length).toBeLessThan(0.05 * held.length)
  })

  test("volatility of the last print is the exchange's, at its rate of 10 %, in the median to 0.25 points", () => {
    const errors = snapshot.rows.flatMap((row) => errorVolPts(row, snapshot) ?? [])
    expect(errors.length).toBeGreaterThan(650)
    expect(median(errors)).toBeLessThan(0.25)
    // Away from the last three days, where a stale print is worth whole points, it is half that.
    const later = snapshot.rows.filter(({ expiryDate }) => expiryDate > '2022-04-07')
    expect(median(later.flatMap((row) => errorVolPts(row, snapshot) ?? []))).toBeLessThan(0.13)
  })

  test('the analysis is in rupees, with lots of 50 and forwards by parity', () => {
    expect(found).toMatchObject({ underlying: 'NIFTY', currency: 'INR', contracts: 1676 })
    expect(found.units.gex).toBe('INR of underlying per +1 % of spot')
    expect(found.byExpiry[0]).toMatchObject({ expiry: '2022-03-31', forwardSource: 'parity' })
    expect(found.byExpiry[0]?.settlesAt).toBe('2022-03-31T10:00:00.000Z')
    const { chain } = priceSnapshot(snapshot, snapshot.asOfMs, 'own').engine
    expect(new Set(chain.multiplier)).toEqual(new Set([50]))
  })

  test('the report is in crore, on the clock of India; JSON fields name the rupee', () => {
    const lines = report(found)
    expect(lines).toContain('28 Mar 2022, 10:47 India')
    expect(lines).toMatch(/^gamma exposure, ₹ per \+1 % /m)
    expect(lines).toMatch(/^local +\d+\.\d\d cr +-\d+\.\d\d cr +-?\d+\.\d\d cr$/m)
    const printed = JSON.stringify(fieldsInCurrency(found, found.currency))
    expect(printed).toContain('"netGexInrPer1Pct"')
    expect(printed).not.toMatch(/"\w*Usd\w*":/)
  })
})

test('amounts are written as their market writes them', () => {
  expect([1.5e12, -2.5e6, 12, null].map((value) => money(value, 'USD'))).toEqual([
    '1500.00bn',
    '-2.50m',
    '12.00',
    '–',
  ])
  expect([1.5e12, -2.5e6, 12].map((value) => money(value, 'INR'))).toEqual([
    '150000.00 cr',
    '-25.00 lakh',
    '12.00',
  ])
})
