import { decodeRecord, RECORD_OVERHEAD_BYTES } from './record.ts'

/** Where one batch lies in its segment file. */
export interface BatchPlace {
  readonly epoch: number
  readonly sequence: number
  readonly payloadOffset: number
  readonly payloadBytes: number
}

export interface SegmentScan {
  readonly batches: readonly BatchPlace[]
  /** Cursor of the newest whole group, null when the feed gave none. */
  readonly cursor: number | null
  /** Newest acknowledged sequence found, 0 when none. */
  readonly acknowledged: number
  /** Bytes up to the end of the last record that counts. */
  readonly goodBytes: number
}

/**
 * Reads a segment up to the first record that is torn or damaged. Batches after the last closed group are left out as
 * well: they were being appended when the bridge died, so none of them was ever sent, and the feed gives them again.
 */
export function scanSegment(bytes: Uint8Array): SegmentScan {
  const batches: BatchPlace[] = []
  let open: BatchPlace[] = []
  let cursor: number | null = null
  let acknowledged = 0
  let goodBytes = 0
  let offset = 0
  for (let next = decodeRecord(bytes, offset); next; next = decodeRecord(bytes, offset)) {
    const { record, end } = next
    if (record.kind === 'batch') {
      const { epoch, sequence, payload } = record
      open.push({
        epoch,
        sequence,
        payloadOffset: offset + RECORD_OVERHEAD_BYTES,
        payloadBytes: payload.length,
      })
      if (record.closesGroup) {
        batches.push(...open)
        open = []
        cursor = record.cursor
      }
    } else {
      acknowledged = Math.max(acknowledged, record.sequence)
    }
    if (open.length === 0) goodBytes = end
    offset = end
  }
  return { batches, cursor, acknowledged, goodBytes }
}
