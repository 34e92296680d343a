/** Turns a list of ticks into the columnar sections of a batch, and dates into their wire form. */
import { emptySection } from '../binary/columns.ts'
import { MISSING_REASONS, type ContractTick, type Tick } from '../tick.ts'
import {
  CONTRACT_SECTION,
  OPEN_INTEREST_SECTION,
  QUOTE_SECTION,
  SESSION_VOLUME_SECTION,
  TRADE_SECTION,
  UNDERLYING_SECTION,
  type BatchHeader,
  type BatchSections,
  type IngestBatch,
} from './batch.ts'

type TickOf<K extends Tick['kind']> = Extract<Tick, { kind: K }>

/** Ticks of one kind keep their order. */
export function buildBatch(header: BatchHeader, ticks: readonly Tick[]): IngestBatch {
  const byKind = Object.groupBy(ticks, (tick) => tick.kind) as { [K in Tick['kind']]?: TickOf<K>[] }
  const contracts = byKind.contract ?? []
  const roots = [...new Set(contracts.map((contract) => contract.root))]
  return {
    ...header,
    roots,
    contracts: contractSection(contracts, roots),
    quotes: quoteSection(byKind.quote ?? []),
    trades: tradeSection(byKind.trade ?? []),
    openInterest: openInterestSection(byKind.openInterest ?? []),
    sessionVolume: sessionVolumeSection(byKind.sessionVolume ?? []),
    underlying: underlyingSection(byKind.underlying ?? []),
  }
}

/** `2026-11-20` to 20261120. */
export function dateToWire(isoDate: string): number {
  return Number(isoDate.replaceAll('-', ''))
}

/** 20261120 to `2026-11-20`. */
export function dateFromWire(yyyymmdd: number): string {
  const text = String(yyyymmdd).padStart(8, '0')
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
}

function contractSection(
  ticks: readonly ContractTick[],
  roots: readonly string[],
): BatchSections['contracts'] {
  const section = emptySection(CONTRACT_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.contractId[i] = tick.contractId
    section.rootIndex[i] = roots.indexOf(tick.root)
    section.expiryDate[i] = dateToWire(tick.expiryDate)
    section.strike[i] = tick.strike
    section.isCall[i] = tick.right === 'call' ? 1 : 0
    section.multiplier[i] = tick.multiplier
  })
  return section
}

function quoteSection(ticks: readonly TickOf<'quote'>[]): BatchSections['quotes'] {
  const section = emptySection(QUOTE_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.contractId[i] = tick.contractId
    section.bid[i] = tick.bid ?? Number.NaN
    section.ask[i] = tick.ask ?? Number.NaN
    section.bidSize[i] = tick.bidSize
    section.askSize[i] = tick.askSize
    section.eventMs[i] = tick.eventMs
    section.missing[i] = MISSING_REASONS.indexOf(tick.missing)
  })
  return section
}

function tradeSection(ticks: readonly TickOf<'trade'>[]): BatchSections['trades'] {
  const section = emptySection(TRADE_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.contractId[i] = tick.contractId
    section.price[i] = tick.price
    section.size[i] = tick.size
    section.eventMs[i] = tick.eventMs
    section.conditionCode[i] = tick.conditionCode
    section.exchangeCode[i] = tick.exchangeCode
    section.vendorSequence[i] = tick.vendorSequence
  })
  return section
}

function openInterestSection(ticks: readonly TickOf<'openInterest'>[]): BatchSections['openInterest'] {
  const section = emptySection(OPEN_INTEREST_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.contractId[i] = tick.contractId
    section.openInterest[i] = tick.openInterest
    section.tradeDate[i] = dateToWire(tick.tradeDate)
  })
  return section
}

function sessionVolumeSection(ticks: readonly TickOf<'sessionVolume'>[]): BatchSections['sessionVolume'] {
  const section = emptySection(SESSION_VOLUME_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.contractId[i] = tick.contractId
    section.volume[i] = tick.volume
    section.eventMs[i] = tick.eventMs
  })
  return section
}

function underlyingSection(ticks: readonly TickOf<'underlying'>[]): BatchSections['underlying'] {
  const section = emptySection(UNDERLYING_SECTION, ticks.length)
  ticks.forEach((tick, i) => {
    section.price[i] = tick.price
    section.bid[i] = tick.bid ?? Number.NaN
    section.ask[i] = tick.ask ?? Number.NaN
    section.eventMs[i] = tick.eventMs
  })
  return section
}
