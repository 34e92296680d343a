/** One small batch with a row in every section; the input of the golden encoding and of tests in other rooms. */
import { buildBatch } from './build.ts'
import type { IngestBatch } from './batch.ts'
import type { Tick } from '../tick.ts'

const eventMs = Date.UTC(2026, 10, 20, 15, 30, 0)

export const SAMPLE_TICKS: readonly Tick[] = [
  {
    kind: 'contract',
    contractId: 1,
    root: 'SPXW',
    expiryDate: '2026-11-20',
    strike: 6500,
    right: 'call',
    multiplier: 100,
  },
  {
    kind: 'contract',
    contractId: 2,
    root: 'SPXW',
    expiryDate: '2026-11-20',
    strike: 6500,
    right: 'put',
    multiplier: 100,
  },
  {
    kind: 'contract',
    contractId: 3,
    root: 'SPX',
    expiryDate: '2026-12-18',
    strike: 6450.5,
    right: 'put',
    multiplier: 100,
  },
  { kind: 'underlying', price: 6485.64, bid: null, ask: null, eventMs },
  { kind: 'quote', contractId: 1, bid: 12.3, ask: 12.6, bidSize: 40, askSize: 12, eventMs, missing: 'none' },
  {
    kind: 'quote',
    contractId: 2,
    bid: null,
    ask: 0.05,
    bidSize: 0,
    askSize: 900,
    eventMs: eventMs + 1,
    missing: 'no_bid',
  },
  { kind: 'openInterest', contractId: 1, openInterest: 1234, tradeDate: '2026-11-19' },
  { kind: 'sessionVolume', contractId: 3, volume: 777, eventMs },
  {
    kind: 'trade',
    contractId: 1,
    price: 12.5,
    size: 10,
    eventMs: eventMs + 2,
    conditionCode: 219,
    exchangeCode: 65,
    vendorSequence: 4_000_000_001,
  },
]

export const SAMPLE_BATCH: IngestBatch = buildBatch(
  {
    source: 'sample',
    feed: 'synthetic',
    symbol: 'SPX',
    epoch: 1_763_000_000_000,
    sequence: 1,
    createdMs: eventMs + 50,
  },
  SAMPLE_TICKS,
)
