/** A small deterministic market for the tests of this folder: contracts, batches, and streams of batches. */
import { buildBatch } from '#schemas/ingest/build'
import { encodeBatch } from '#schemas/ingest/codec'
import type { BatchHeader, IngestBatch } from '#schemas/ingest/batch'
import type { IngestAccepted, IngestRefused } from '#schemas/ingest/answer'
import type { ContractTick, QuoteTick, Tick, TradeTick } from '#schemas/tick'
import { greeks } from '#quant/pricing/blackScholes'
import { admitBatch } from './ingest/admitBatch.ts'
import { applyToState, emptyState, type LiveState } from './state.ts'
import { streamEpochAfter } from './stream/streamEpoch.ts'

/** 10:30 in New York on a Friday, session open. Far ahead, so that no alarm set by it comes by itself during a test. */
export const NOW_MS = Date.UTC(2035, 10, 16, 15, 30)
/** Of the first life of a stream that begins then. */
export const EPOCH = streamEpochAfter(null, NOW_MS)
export const SPOT = 6_000
const STRIKES = [5_800, 5_900, 5_950, 6_000, 6_050, 6_100, 6_200]
const EXPIRIES = ['2035-11-16', '2035-12-31'] as const
const VOL = 0.15
const RATE = 0.04

export const CONTRACTS: readonly ContractTick[] = EXPIRIES.flatMap((expiryDate, e) =>
  STRIKES.flatMap((strike, k) =>
    (['call', 'put'] as const).map((right, r) => ({
      kind: 'contract' as const,
      contractId: 1 + r + 2 * (k + STRIKES.length * e),
      root: 'SPXW',
      expiryDate,
      strike,
      right,
      multiplier: 100,
    })),
  ),
)

export function header(fields: Partial<BatchHeader> = {}): BatchHeader {
  return { source: 'test', feed: 'live', symbol: 'SPX', epoch: 1, sequence: 1, createdMs: NOW_MS, ...fields }
}

export function batchOf(fields: Partial<BatchHeader>, ticks: readonly Tick[]): IngestBatch {
  return buildBatch(header(fields), ticks)
}

export function encoded(fields: Partial<BatchHeader>, ticks: readonly Tick[]): Uint8Array {
  return encodeBatch(batchOf(fields, ticks))
}

export function quote(
  contractId: number,
  bid: number | null,
  ask: number | null,
  eventMs = NOW_MS,
): QuoteTick {
  const missing = bid === null ? 'no_bid' : ask === null ? 'no_ask' : 'none'
  return { kind: 'quote', contractId, bid, ask, bidSize: 10, askSize: 12, eventMs, missing }
}

export function trade(contractId: number, price: number, size: number, eventMs = NOW_MS): TradeTick {
  return {
    kind: 'trade',
    contractId,
    price,
    size,
    eventMs,
    conditionCode: 0,
    exchangeCode: 0,
    vendorSequence: 0,
  }
}

export function underlying(price: number, eventMs = NOW_MS): Tick {
  return { kind: 'underlying', price, bid: null, ask: null, eventMs }
}

/** Definitions, open interest, quotes at the model's price and spot: everything a first frame needs. */
export function openingTicks(eventMs = NOW_MS, spot = SPOT): Tick[] {
  const openInterest = CONTRACTS.map(({ contractId, right, strike }) => ({
    kind: 'openInterest' as const,
    contractId,
    openInterest: (right === 'call') === strike >= SPOT ? 2_000 : 500,
    tradeDate: '2035-11-15',
  }))
  return [...CONTRACTS, ...openInterest, ...modelQuotes(eventMs, spot), underlying(spot, eventMs)]
}

export function modelQuotes(eventMs = NOW_MS, spot = SPOT, contracts = CONTRACTS): Tick[] {
  return contracts.map((contract) => {
    const closeMs = Date.parse(`${contract.expiryDate}T21:00:00Z`)
    const years = Math.max(60_000, closeMs - eventMs) / (365 * 86_400_000)
    const { price } = greeks({
      spot,
      strike: contract.strike,
      years,
      rate: RATE,
      dividendYield: 0,
      vol: VOL,
      right: contract.right,
    })
    return quote(contract.contractId, Math.max(0.05, price - 0.05), price + 0.1, eventMs)
  })
}

/** Applies bytes to a state as the object does, without storage. */
export function deliver(state: LiveState, bytes: Uint8Array, symbol = 'SPX'): IngestAccepted | IngestRefused {
  const admission = admitBatch(state, symbol, bytes)
  if (admission.kind === 'answer') return admission.answer
  const { flagged } = applyToState(state, admission.valid, NOW_MS)
  const { epoch, sequence } = admission.valid.batch
  return { ok: true, status: 'applied', position: { epoch, sequence }, flagged }
}

export function stateAfter(batches: readonly Uint8Array[]): LiveState {
  const state = emptyState()
  for (const bytes of batches) deliver(state, bytes)
  return state
}

/** `ticks` cut into batches of an epoch at the given places. */
export function cut(
  ticks: readonly Tick[],
  places: readonly number[],
  fields: Partial<BatchHeader> = {},
): Uint8Array[] {
  const bounds = [...new Set([0, ...places.map((place) => place % ticks.length), ticks.length])].sort(
    (a, b) => a - b,
  )
  return bounds.slice(1).map((to, i) => encoded({ ...fields, sequence: i + 1 }, ticks.slice(bounds[i], to)))
}
