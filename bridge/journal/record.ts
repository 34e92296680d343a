/**
 * One record of the journal. Little-endian:
 *
 *   0  u32  body bytes
 *   4  u32  CRC-32 of the body
 *   8       body:  0 u8 kind (1 batch, 2 acknowledgement) · 1 u8 closes its group · 2-7 zero
 *                  8 f64 epoch · 16 f64 sequence · 24 f64 feed cursor (NaN: none) · 32 the encoded batch
 *
 * Length and checksum together tell a torn record from a whole one.
 */
import { crc32 } from '#schemas/binary/crc32'

const PREFIX_BYTES = 8
const BODY_HEADER_BYTES = 32
export const RECORD_OVERHEAD_BYTES = PREFIX_BYTES + BODY_HEADER_BYTES

interface RecordPosition {
  readonly epoch: number
  readonly sequence: number
}

export interface BatchRecord extends RecordPosition {
  readonly kind: 'batch'
  /** Last batch of those appended together; only whole groups are ever sent. */
  readonly closesGroup: boolean
  readonly cursor: number | null
  readonly payload: Uint8Array
}

/** Everything up to `sequence` of `epoch` is durable at the receiver. */
export interface AcknowledgementRecord extends RecordPosition {
  readonly kind: 'acknowledgement'
}

export type JournalRecord = BatchRecord | AcknowledgementRecord

export function encodeRecord(record: JournalRecord): Uint8Array {
  const payload = record.kind === 'batch' ? record.payload : new Uint8Array(0)
  const bytes = new Uint8Array(RECORD_OVERHEAD_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, BODY_HEADER_BYTES + payload.length, true)
  view.setUint8(8, record.kind === 'batch' ? 1 : 2)
  view.setUint8(9, record.kind === 'batch' && record.closesGroup ? 1 : 0)
  view.setFloat64(16, record.epoch, true)
  view.setFloat64(24, record.sequence, true)
  view.setFloat64(32, (record.kind === 'batch' ? record.cursor : null) ?? Number.NaN, true)
  bytes.set(payload, RECORD_OVERHEAD_BYTES)
  view.setUint32(4, crc32(bytes.subarray(PREFIX_BYTES)), true)
  return bytes
}

/** The record at `offset` and where the next begins, or null when there is no whole, intact record. */
export function decodeRecord(
  bytes: Uint8Array,
  offset: number,
): { readonly record: JournalRecord; readonly end: number } | null {
  if (offset + RECORD_OVERHEAD_BYTES > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bodyBytes = view.getUint32(offset, true)
  const end = offset + PREFIX_BYTES + bodyBytes
  if (bodyBytes < BODY_HEADER_BYTES || end > bytes.length) return null
  if (crc32(bytes.subarray(offset + PREFIX_BYTES, end)) !== view.getUint32(offset + 4, true)) return null
  const position = { epoch: view.getFloat64(offset + 16, true), sequence: view.getFloat64(offset + 24, true) }
  if (view.getUint8(offset + 8) === 2) return { record: { kind: 'acknowledgement', ...position }, end }
  const cursor = view.getFloat64(offset + 32, true)
  const record: BatchRecord = {
    kind: 'batch',
    ...position,
    closesGroup: view.getUint8(offset + 9) === 1,
    cursor: Number.isNaN(cursor) ? null : cursor,
    payload: bytes.subarray(offset + RECORD_OVERHEAD_BYTES, end),
  }
  return { record, end }
}
