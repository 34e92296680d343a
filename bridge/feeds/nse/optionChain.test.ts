import { describe, expect, test } from 'vitest'
import { readSnapshot } from '../chain/readSnapshot.ts'
import { describeProblem, type ChainSnapshot } from '../chain/snapshot.ts'

const CALL = {
  strikePrice: 17000,
  expiryDate: '31-Mar-2022',
  underlying: 'NIFTY',
  identifier: 'OPTIDXNIFTY31-03-2022CE17000.00',
  openInterest: 73,
  changeinOpenInterest: -12,
  totalTradedVolume: 1201,
  impliedVolatility: 24.66,
  lastPrice: 219.4,
  bidQty: 750,
  bidprice: 219.15,
  askPrice: 219.8,
}
const PUT = { ...CALL, openInterest: 0, impliedVolatility: 0, lastPrice: 0, bidprice: 0, askPrice: 0.05 }
const RECORDS = {
  timestamp: '28-Mar-2022 10:47:19',
  underlyingValue: 17022.5,
  data: [{ strikePrice: 17000, expiryDate: '31-Mar-2022', CE: CALL, PE: PUT }],
}

function text(records: Record<string, unknown>): string {
  return JSON.stringify({ records: { ...RECORDS, ...records }, filtered: {} })
}

function withCall(fields: Record<string, unknown>): string {
  return text({ data: [{ CE: { ...CALL, ...fields }, PE: PUT }] })
}

function snapshotOf(body: string): ChainSnapshot {
  const result = readSnapshot(body)
  if (!result.ok) throw new Error(describeProblem(result.problem))
  return result.snapshot
}

function problemOf(body: string): string {
  const result = readSnapshot(body)
  return result.ok ? 'parsed' : describeProblem(result.problem)
}

describe('NSE option chain', () => {
  test('reads underlying, spot and India time', () => {
    const { rows: _, ...head } = snapshotOf(text({}))
    expect(head).toEqual({
      source: 'nse-file',
      underlying: 'NIFTY',
      spot: 17022.5,
      bid: null,
      ask: null,
      pulledAtMs: Date.UTC(2022, 2, 28, 5, 17, 19),
      asOfMs: Date.UTC(2022, 2, 28, 5, 17, 19),
      openInterestOf: 'this_session',
      rejected: [],
    })
  })

  test('open interest and volume are contracts already: not divided by the lot of 50', () => {
    expect(snapshotOf(text({})).rows[0]).toEqual({
      symbol: 'OPTIDXNIFTY31-03-2022CE17000.00',
      root: 'NIFTY',
      expiryDate: '2022-03-31',
      strike: 17000,
      right: 'call',
      bid: 219.15,
      ask: 219.8,
      quoteMissing: 'none',
      last: 219.4,
      volume: 1201,
      openInterest: 73,
      previousOpenInterest: 85,
      vendorIv: 0.2466,
      vendorIvMissing: 'none',
      vendorDelta: null,
      vendorGamma: null,
    })
  })

  test('zeros are counts for open interest, and missing for prices and volatility', () => {
    expect(snapshotOf(text({})).rows[1]).toMatchObject({
      right: 'put',
      openInterest: 0,
      bid: null,
      ask: 0.05,
      quoteMissing: 'no_bid',
      last: null,
      vendorIv: null,
      vendorIvMissing: 'vendor_sentinel',
    })
  })

  test.each([undefined, 'x', 74])(
    'a change of %s leaves the count before unknown',
    (changeinOpenInterest) => {
      expect(snapshotOf(withCall({ changeinOpenInterest })).rows[0]?.previousOpenInterest).toBeNull()
    },
  )

  test.each([
    ['a share, whose lot is in no table', { underlying: 'RELIANCE' }, 'root'],
    ['no such date', { expiryDate: '31-Feb-2022' }, 'expiry_date'],
    ['another month name', { expiryDate: '31-Mär-2022' }, 'expiry_date'],
    ['no strike', { strikePrice: 0 }, 'strike'],
  ])('%s is rejected by itself', (_, fields, reason) => {
    const { rows, rejected } = snapshotOf(withCall(fields))
    expect(rows).toHaveLength(1)
    expect(rejected).toMatchObject([{ line: 0, reason }])
  })

  test('a strike without sides is rejected, garbage figures are missing', () => {
    expect(snapshotOf(text({ data: [...RECORDS.data, {}, 7] })).rejected).toHaveLength(2)
    expect(
      snapshotOf(withCall({ openInterest: 'x', bidprice: null, impliedVolatility: -3 })).rows[0],
    ).toMatchObject({
      openInterest: null,
      quoteMissing: 'invalid',
      vendorIv: null,
      vendorIvMissing: 'invalid',
    })
  })

  test.each([
    ['no strikes', { data: null }, 'expected an array of strikes, found "null" at records.data'],
    ['no price', { underlyingValue: 0 }, 'at records.underlyingValue'],
    ['no time', { timestamp: '28-Mar-2022 25:00:00' }, 'at records.timestamp'],
    ['nothing in it', { data: [1] }, 'expected an index option, found 1 strikes without any'],
  ])('%s: one line saying what and where', (_, records, message) => {
    expect(problemOf(text(records))).toContain(message)
  })
})
