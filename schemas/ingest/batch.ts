/**
 * The ingest batch: what a bridge posts for one symbol. Columnar, self-describing in size, and placed in its
 * source's stream by `(epoch, sequence)`: sequences start at 1 in every epoch and have no gaps, so an object can
 * apply each batch exactly once. Contract ids are scoped to `(source, epoch)`.
 */
import type { Section } from '../binary/columns.ts'
import type { FeedKind } from '../feed.ts'

export const CONTRACT_SECTION = {
  contractId: 'u32',
  rootIndex: 'u16',
  /** yyyymmdd as a number. */
  expiryDate: 'u32',
  strike: 'f64',
  /** 1 call, 0 put. */
  isCall: 'u8',
  multiplier: 'f64',
} as const

/** A missing side is NaN with `missing` saying why (index into MISSING_REASONS). */
export const QUOTE_SECTION = {
  contractId: 'u32',
  bid: 'f64',
  ask: 'f64',
  bidSize: 'u32',
  askSize: 'u32',
  eventMs: 'f64',
  missing: 'u8',
} as const

export const TRADE_SECTION = {
  contractId: 'u32',
  price: 'f64',
  size: 'u32',
  eventMs: 'f64',
  conditionCode: 'u16',
  exchangeCode: 'u16',
  vendorSequence: 'u32',
} as const

export const OPEN_INTEREST_SECTION = { contractId: 'u32', openInterest: 'f64', tradeDate: 'u32' } as const

export const SESSION_VOLUME_SECTION = { contractId: 'u32', volume: 'f64', eventMs: 'f64' } as const

export const UNDERLYING_SECTION = { price: 'f64', bid: 'f64', ask: 'f64', eventMs: 'f64' } as const

/** Wire order of the sections. */
export const BATCH_SECTIONS = {
  contracts: CONTRACT_SECTION,
  quotes: QUOTE_SECTION,
  trades: TRADE_SECTION,
  openInterest: OPEN_INTEREST_SECTION,
  sessionVolume: SESSION_VOLUME_SECTION,
  underlying: UNDERLYING_SECTION,
} as const
export type BatchSections = {
  readonly [K in keyof typeof BATCH_SECTIONS]: Section<(typeof BATCH_SECTIONS)[K]>
}

export interface BatchPosition {
  /** One life of one bridge on one symbol; a later life has a larger number. Integer below 2^53. */
  readonly epoch: number
  /** 1, 2, 3 … within the epoch. */
  readonly sequence: number
}

export interface BatchHeader extends BatchPosition {
  /** Who sends it, e.g. `synthetic` or `cboe-file`. 1-32 of [a-z0-9-]. */
  readonly source: string
  readonly feed: FeedKind
  readonly symbol: string
  /** Bridge clock when the batch was sealed. */
  readonly createdMs: number
}

export interface IngestBatch extends BatchHeader, BatchSections {
  /** OSI roots that `contracts.rootIndex` points into. */
  readonly roots: readonly string[]
}
