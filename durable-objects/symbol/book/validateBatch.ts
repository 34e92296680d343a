/**
 * Everything that refuses a batch whole, checked before anything changes: what passes here cannot fail to apply.
 * Values that are merely wrong (a negative bid) do not refuse a batch; `applyBatch` flags them one by one.
 */
import { dateFromWire } from '#schemas/ingest/build'
import type { BatchSections, IngestBatch } from '#schemas/ingest/batch'
import type { IngestRefused } from '#schemas/ingest/answer'
import { MISSING_REASONS } from '#schemas/tick'
import { parseIsoDate } from '#quant/calendar/isoDate'
import { MAX_CONTRACTS } from '#quant/chain/admission'
import { formatOccSymbol } from '#quant/contracts/occSymbol'
import type { ChainBook } from './chainBook.ts'
import { startsEmpty } from './epoch.ts'

const MAX_MULTIPLIER = 1_000_000

export interface ValidBatch {
  readonly ok: true
  readonly batch: IngestBatch
  readonly startsEpoch: boolean
  /** OSI symbol of each row of the contracts section. */
  readonly contracts: readonly string[]
}

export function validateBatch(book: ChainBook, batch: IngestBatch): ValidBatch | IngestRefused {
  const startsEpoch = batch.epoch !== book.epoch || batch.source !== book.source
  const named = nameContracts(batch)
  if (!named.ok) return named
  const defined = new Map<number, string>()
  for (let i = 0; i < named.contracts.length; i++) {
    const id = batch.contracts.contractId[i] as number
    const contract = named.contracts[i] as string
    const held = defined.get(id) ?? (startsEpoch ? undefined : contractOfId(book, id))
    if (held !== undefined && held !== contract) {
      return refused(
        'batch_field',
        `contracts.contractId[${i}]`,
        `expected ${id} to stay ${held}, was ${contract}`,
      )
    }
    defined.set(id, contract)
  }
  return (
    contractLimitDefect(book, batch, startsEpoch, named.contracts) ??
    unknownContractDefect(book, batch, startsEpoch, defined) ??
    valueCodeDefect(batch) ?? { ok: true, batch, startsEpoch, contracts: named.contracts }
  )
}

function contractOfId(book: ChainBook, id: number): string | undefined {
  const row = book.rowOfId.get(id)
  return row === undefined ? undefined : book.contract[row]
}

function nameContracts(batch: IngestBatch): { ok: true; contracts: string[] } | IngestRefused {
  const { count, rootIndex, expiryDate, strike, isCall, multiplier } = batch.contracts
  const contracts: string[] = []
  const isoDates = new Map<number, string>()
  for (let i = 0; i < count; i++) {
    const wireDate = expiryDate[i] as number
    const date = isoDates.get(wireDate) ?? dateFromWire(wireDate)
    isoDates.set(wireDate, date)
    const units = multiplier[i] as number
    const right = isCall[i] as number
    if (parseIsoDate(date) === null) {
      return refused('batch_field', `contracts.expiryDate[${i}]`, `expected a date yyyymmdd, was ${wireDate}`)
    }
    if (right > 1) return refused('batch_field', `contracts.isCall[${i}]`, `expected 0 or 1, was ${right}`)
    if (!(units > 0 && units <= MAX_MULTIPLIER)) {
      return refused(
        'batch_field',
        `contracts.multiplier[${i}]`,
        `expected above 0 to ${MAX_MULTIPLIER}, was ${units}`,
      )
    }
    const root = batch.roots[rootIndex[i] as number] as string
    const contract = formatOccSymbol({
      root,
      expiryDate: date,
      right: right === 1 ? 'call' : 'put',
      strike: strike[i] as number,
    })
    if (contract === null) {
      const detail = `expected an OCC contract (root of 1-6 A-Z 0-9, strike a multiple of 0.001 below 100,000), was ${JSON.stringify(root)} at ${strike[i]}`
      return refused('batch_field', `contracts.strike[${i}]`, detail)
    }
    contracts.push(contract)
  }
  return { ok: true, contracts }
}

function contractLimitDefect(
  book: ChainBook,
  batch: IngestBatch,
  startsEpoch: boolean,
  contracts: readonly string[],
): IngestRefused | null {
  const fresh = startsEpoch && startsEmpty(book, batch)
  const added = new Set(fresh ? contracts : contracts.filter((contract) => !book.rowOfContract.has(contract)))
  const total = (fresh ? 0 : book.count) + added.size
  return total <= MAX_CONTRACTS
    ? null
    : refused('contract_limit', 'contracts', `expected at most ${MAX_CONTRACTS} contracts, was ${total}`)
}

/** Sections whose rows name a contract. */
const NAMING_SECTIONS = [
  'quotes',
  'trades',
  'openInterest',
  'sessionVolume',
] as const satisfies readonly (keyof BatchSections)[]

function unknownContractDefect(
  book: ChainBook,
  batch: IngestBatch,
  startsEpoch: boolean,
  defined: ReadonlyMap<number, string>,
): IngestRefused | null {
  for (const section of NAMING_SECTIONS) {
    const { contractId, count } = batch[section]
    for (let i = 0; i < count; i++) {
      const id = contractId[i] as number
      if (defined.has(id) || (!startsEpoch && book.rowOfId.has(id))) continue
      return refused(
        'batch_unknown_contract',
        `${section}.contractId[${i}]`,
        `expected an id defined in epoch ${batch.epoch}, was ${id}`,
      )
    }
  }
  return null
}

function valueCodeDefect({ quotes, openInterest }: IngestBatch): IngestRefused | null {
  const badReason = quotes.missing.findIndex((code) => code >= MISSING_REASONS.length)
  if (badReason >= 0) {
    return refused(
      'batch_field',
      `quotes.missing[${badReason}]`,
      `expected below ${MISSING_REASONS.length}, was ${quotes.missing[badReason]}`,
    )
  }
  const known = new Set<number>()
  for (let i = 0; i < openInterest.count; i++) {
    const date = openInterest.tradeDate[i] as number
    if (known.has(date)) continue
    if (parseIsoDate(dateFromWire(date)) === null) {
      return refused('batch_field', `openInterest.tradeDate[${i}]`, `expected a date yyyymmdd, was ${date}`)
    }
    known.add(date)
  }
  return null
}

function refused(code: IngestRefused['code'], field: string, detail: string): IngestRefused {
  return { ok: false, code, field, detail }
}
