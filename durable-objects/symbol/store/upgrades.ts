/** Checkpoints of earlier versions, one step at a time. What a version looked like is frozen here. */
import { paddedTo8, sectionByteLength, type SectionSpec } from '#schemas/binary/columns'

export const HEADER_BYTES = 32
const FLOAT_BYTES = 8

/** Version → what turns its bytes, already checked, into those of the next version; the checksum is not kept up. */
export const UPGRADES: ReadonlyMap<number, (bytes: Uint8Array) => Uint8Array> = new Map([[1, addFlow]])

const ROW_COLUMNS_1: SectionSpec = {
  rootIndex: 'u16',
  expiryDate: 'u32',
  strike: 'f64',
  isCall: 'u8',
  multiplier: 'f64',
  bid: 'f64',
  ask: 'f64',
  bidSize: 'u32',
  askSize: 'u32',
  quoteMs: 'f64',
  missing: 'u8',
  last: 'f64',
  lastMs: 'f64',
  volume: 'f64',
  volumeMs: 'f64',
  volumeDate: 'u32',
  openInterest: 'f64',
  openInterestDate: 'u32',
  flags: 'u8',
}

const FLOW_2 = {
  sessionDate: 0,
  contracts: 0,
  classifiedContracts: 0,
  premium: 0,
  rates: { newestMs: null, clockRestarted: false, sums: Array.from({ length: 24 }, () => 0) },
  recent: [],
}

/** Signed flow and previous open interest, not known, around unclassified flow, none. */
const COLUMNS_ADDED_2 = [Number.NaN, 0, Number.NaN]

/** 1 → 2: rows end in three columns more; the text holds the symbol's flow (none). */
function addFlow(bytes: Uint8Array): Uint8Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  const textBytes = header.getUint32(16, true)
  const rows = header.getUint32(20, true)
  const rowsAt = HEADER_BYTES + paddedTo8(textBytes)
  const rowsEnd = rowsAt + sectionByteLength(ROW_COLUMNS_1, rows)
  const held = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + textBytes)))
  const text = new TextEncoder().encode(JSON.stringify({ ...held, flow: FLOW_2 }))
  const newRowsAt = HEADER_BYTES + paddedTo8(text.length)
  const newRowsEnd = newRowsAt + (rowsEnd - rowsAt)

  const added = new Uint8Array(
    newRowsEnd + COLUMNS_ADDED_2.length * FLOAT_BYTES * rows + (bytes.length - rowsEnd),
  )
  const view = new DataView(added.buffer)
  added.set(bytes.subarray(0, HEADER_BYTES))
  view.setUint32(4, 2, true)
  view.setUint32(8, added.length, true)
  view.setUint32(16, text.length, true)
  added.set(text, HEADER_BYTES)
  added.set(bytes.subarray(rowsAt, rowsEnd), newRowsAt)
  let offset = newRowsEnd
  for (const value of COLUMNS_ADDED_2)
    for (let row = 0; row < rows; row++, offset += FLOAT_BYTES) view.setFloat64(offset, value, true)
  added.set(bytes.subarray(rowsEnd), offset)
  return added
}
