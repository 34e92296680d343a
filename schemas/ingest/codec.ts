/**
 * Binary form of the ingest batch.
 *
 *   0  u32  magic "FLWB"          40  u16  feed kind
 *   4  u16  version               42  u16  source bytes
 *   6  u16  reserved, 0           44  u16  symbol bytes
 *   8  u32  total bytes           46  u16  roots bytes (roots joined by ",")
 *  12  u32  CRC-32 of [16, total) 48  6×u32  rows per section, in BATCH_SECTIONS order
 *  16  f64  epoch                 72  source, symbol, roots (UTF-8), padded to 8
 *  24  f64  sequence                  then the sections' columns
 *  32  f64  created (UTC ms)
 *
 * Decoding refuses a batch whole and names the field: what was expected, what came.
 */
import {
  ownBuffer,
  paddedTo8,
  readSection,
  sectionByteLength,
  writeSection,
  type Section,
} from '../binary/columns.ts'
import { crc32 } from '../binary/crc32.ts'
import { FEED_KINDS } from '../feed.ts'
import { isSymbol } from '../symbol.ts'
import { BATCH_SECTIONS, type BatchHeader, type BatchSections, type IngestBatch } from './batch.ts'

export const BATCH_MAGIC = 0x42574c46
export const BATCH_VERSION = 1
export const MAX_BATCH_BYTES = 1024 * 1024
const HEADER_BYTES = 72
const SECTION_NAMES = Object.keys(BATCH_SECTIONS) as (keyof BatchSections)[]

export interface BatchDefect {
  readonly code:
    | 'batch_truncated'
    | 'batch_too_large'
    | 'batch_bad_magic'
    | 'batch_version'
    | 'batch_checksum'
    | 'batch_field'
  /** The field at fault, e.g. `version` or `quotes.count`. */
  readonly field: string
  readonly expected: string
  readonly received: string
}
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly defect: BatchDefect }

export function encodeBatch(batch: IngestBatch): Uint8Array {
  const text = new TextEncoder()
  const source = text.encode(batch.source)
  const symbol = text.encode(batch.symbol)
  const roots = text.encode(batch.roots.join(','))
  const stringBytes = source.length + symbol.length + roots.length
  let total = HEADER_BYTES + paddedTo8(stringBytes)
  for (const name of SECTION_NAMES) total += sectionByteLength(BATCH_SECTIONS[name], batch[name].count)

  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, BATCH_MAGIC, true)
  view.setUint16(4, BATCH_VERSION, true)
  view.setUint32(8, total, true)
  view.setFloat64(16, batch.epoch, true)
  view.setFloat64(24, batch.sequence, true)
  view.setFloat64(32, batch.createdMs, true)
  view.setUint16(40, FEED_KINDS.indexOf(batch.feed), true)
  view.setUint16(42, source.length, true)
  view.setUint16(44, symbol.length, true)
  view.setUint16(46, roots.length, true)
  SECTION_NAMES.forEach((name, i) => view.setUint32(48 + 4 * i, batch[name].count, true))
  bytes.set(source, HEADER_BYTES)
  bytes.set(symbol, HEADER_BYTES + source.length)
  bytes.set(roots, HEADER_BYTES + source.length + symbol.length)
  let offset = HEADER_BYTES + paddedTo8(stringBytes)
  for (const name of SECTION_NAMES) {
    offset = writeSection(BATCH_SECTIONS[name], batch[name] as Section<never>, bytes, offset)
  }
  view.setUint32(12, crc32(bytes.subarray(16)), true)
  return bytes
}

/** Checks everything but the columns: enough for an edge that routes the batch without reading its ticks. */
export function decodeBatchHeader(
  bytes: Uint8Array,
): Decoded<BatchHeader & { readonly roots: readonly string[] }> {
  const defect = envelopeDefect(bytes)
  if (defect) return { ok: false, defect }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sourceEnd = HEADER_BYTES + view.getUint16(42, true)
  const symbolEnd = sourceEnd + view.getUint16(44, true)
  const rootsEnd = symbolEnd + view.getUint16(46, true)
  const text = new TextDecoder()
  const rootsText = text.decode(bytes.subarray(symbolEnd, rootsEnd))
  const feed = FEED_KINDS[view.getUint16(40, true)]
  const header = {
    source: text.decode(bytes.subarray(HEADER_BYTES, sourceEnd)),
    symbol: text.decode(bytes.subarray(sourceEnd, symbolEnd)),
    roots: rootsText === '' ? [] : rootsText.split(','),
    epoch: view.getFloat64(16, true),
    sequence: view.getFloat64(24, true),
    createdMs: view.getFloat64(32, true),
  }
  if (!/^[a-z0-9-]{1,32}$/.test(header.source)) {
    return fieldDefect('source', '1-32 of a-z, 0-9, "-"', JSON.stringify(header.source))
  }
  if (!isSymbol(header.symbol))
    return fieldDefect('symbol', 'an underlying symbol', JSON.stringify(header.symbol))
  if (feed === undefined)
    return fieldDefect('feed', `0-${FEED_KINDS.length - 1}`, String(view.getUint16(40, true)))
  for (const field of ['epoch', 'sequence', 'createdMs'] as const) {
    const value = header[field]
    if (!Number.isSafeInteger(value) || value < 1) return fieldDefect(field, 'an integer ≥ 1', String(value))
  }
  return { ok: true, value: { ...header, feed } }
}

export function decodeBatch(bytes: Uint8Array): Decoded<IngestBatch> {
  const header = decodeBatchHeader(bytes)
  if (!header.ok) return header
  const buffer = ownBuffer(bytes)
  const view = new DataView(buffer)
  const sections: Partial<Record<keyof BatchSections, unknown>> = {}
  let offset = sectionsOffset(view)
  SECTION_NAMES.forEach((name, i) => {
    const { section, end } = readSection(
      BATCH_SECTIONS[name],
      view.getUint32(48 + 4 * i, true),
      buffer,
      offset,
    )
    sections[name] = section
    offset = end
  })
  const batch = { ...header.value, ...(sections as unknown as BatchSections) }
  const badRow = batch.contracts.rootIndex.findIndex((index) => index >= batch.roots.length)
  if (badRow >= 0) {
    const received = String(batch.contracts.rootIndex[badRow])
    return fieldDefect(`contracts.rootIndex[${badRow}]`, `below ${batch.roots.length}`, received)
  }
  return { ok: true, value: batch }
}

function sectionsOffset(view: DataView): number {
  const stringBytes = view.getUint16(42, true) + view.getUint16(44, true) + view.getUint16(46, true)
  return HEADER_BYTES + paddedTo8(stringBytes)
}

/** Size, magic, version, checksum and section sizes, in the order in which they can be trusted. */
function envelopeDefect(bytes: Uint8Array): BatchDefect | null {
  const received = `${bytes.length} bytes`
  if (bytes.length > MAX_BATCH_BYTES) {
    return { code: 'batch_too_large', field: 'body', expected: `at most ${MAX_BATCH_BYTES} bytes`, received }
  }
  if (bytes.length < HEADER_BYTES) {
    return { code: 'batch_truncated', field: 'header', expected: `at least ${HEADER_BYTES} bytes`, received }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  if (magic !== BATCH_MAGIC) {
    return { code: 'batch_bad_magic', field: 'magic', expected: hex(BATCH_MAGIC), received: hex(magic) }
  }
  const version = view.getUint16(4, true)
  if (version !== BATCH_VERSION) {
    return {
      code: 'batch_version',
      field: 'version',
      expected: String(BATCH_VERSION),
      received: String(version),
    }
  }
  const reserved = view.getUint16(6, true)
  if (reserved !== 0) {
    return { code: 'batch_field', field: 'reserved', expected: '0', received: String(reserved) }
  }
  const total = view.getUint32(8, true)
  if (total !== bytes.length) {
    return { code: 'batch_truncated', field: 'totalBytes', expected: `${total} bytes`, received }
  }
  const checksum = view.getUint32(12, true)
  const actual = crc32(bytes.subarray(16))
  if (checksum !== actual) {
    return { code: 'batch_checksum', field: 'crc32', expected: hex(checksum), received: hex(actual) }
  }
  let needed = sectionsOffset(view)
  SECTION_NAMES.forEach((name, i) => {
    needed += sectionByteLength(BATCH_SECTIONS[name], view.getUint32(48 + 4 * i, true))
  })
  if (needed !== total) {
    return { code: 'batch_field', field: 'sectionCounts', expected: `sections of ${needed} bytes`, received }
  }
  return null
}

function fieldDefect(field: string, expected: string, received: string): { ok: false; defect: BatchDefect } {
  return { ok: false, defect: { code: 'batch_field', field, expected, received } }
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
