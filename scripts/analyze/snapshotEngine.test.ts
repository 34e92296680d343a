import { expect, test } from 'vitest'
import type { ChainRow, ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import { snapshotView } from './allMetrics.ts'
import { priceSnapshot } from './snapshotEngine.ts'

const AS_OF_MS = Date.parse('2025-09-04T18:30:00Z')

const ROW: ChainRow = {
  symbol: 'SPXW250919C06500000',
  root: 'SPXW',
  expiryDate: '2025-09-19',
  strike: 6500,
  right: 'call',
  bid: 78.5,
  ask: 78.7,
  quoteMissing: 'none',
  last: null,
  volume: 10,
  openInterest: 100,
  vendorIv: 0.15,
  vendorIvMissing: 'none',
  vendorDelta: null,
  vendorGamma: null,
}

function snapshotOf(rows: readonly ChainRow[]): ChainSnapshot {
  return {
    source: 'cboe-file',
    underlying: 'SPX',
    spot: 6500,
    bid: null,
    ask: null,
    pulledAtMs: AS_OF_MS,
    asOfMs: AS_OF_MS,
    openInterestOf: 'previous_session',
    rows,
    rejected: [],
  }
}

test('a contract listed twice counts once, as it stood first, and is reported', () => {
  const put: ChainRow = { ...ROW, symbol: 'SPXW250919P06500000', right: 'put' }
  const rows = [ROW, put, { ...ROW, openInterest: 7 }, put]
  const { engine, excluded, rows: kept } = priceSnapshot(snapshotOf(rows), AS_OF_MS, 'own')
  expect(kept).toEqual([ROW, put])
  expect([...engine.chain.openInterest]).toEqual([100, 100])
  expect(excluded).toEqual({ 'listed more than once': 2 })
})

test('the same strike of another root or expiry is another contract', () => {
  const rows = [ROW, { ...ROW, root: 'SPX' }, { ...ROW, expiryDate: '2025-09-26' }, { ...ROW, strike: 6505 }]
  const { excluded, rows: kept } = priceSnapshot(snapshotOf(rows), AS_OF_MS, 'own')
  expect([kept.length, excluded]).toEqual([4, {}])
})

test('the count of the session before, where a vendor gives it, makes the change of open interest', () => {
  const put: ChainRow = { ...ROW, right: 'put', previousOpenInterest: 130 }
  const viewOf = (rows: readonly ChainRow[]) => {
    const snapshot = snapshotOf(rows)
    return snapshotView(snapshot, priceSnapshot(snapshot, AS_OF_MS, 'own'))
  }
  expect(viewOf([put, ROW]).previousOpenInterest).toEqual(Float64Array.of(Number.NaN, 130))
  expect(viewOf([ROW]).previousOpenInterest).toBeNull()
})
