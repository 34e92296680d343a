/**
 * Binary form of the gamma-compact frame: the same content as the JSON form, byte for byte reproducible.
 *
 *   0  u32 magic "FLWG"   4 u16 version   6 u8 feed   7 u8 flip status
 *   8  u32 total bytes   12 u32 CRC-32 of [16, total)
 *  16  f64 epoch, sequence, previous, asOfMs, publishedMs
 *  56  u32 contracts, priced, flips, strikes, profile points, text bytes
 *  80  f64 open-interest coverage, then FRAME_SCALARS (NaN is null)
 *  then f64 columns flips.price, flips.slope, strikes.strike, .callGex, .putGex, profile.spot, .netGex
 *  then UTF-8 JSON of the text fields, padded to 8.
 */
import * as v from 'valibot'
import { ownBuffer, paddedTo8 } from '../binary/columns.ts'
import { crc32 } from '../binary/crc32.ts'
import { FEED_KINDS } from '../feed.ts'
import { FLIP_STATUSES, FRAME_SCALARS, FRAME_VERSION, GammaFrameSchema, type GammaFrame } from './gamma.ts'

export const FRAME_MAGIC = 0x47574c46
const SCALARS_OFFSET = 80
const COLUMNS_OFFSET = SCALARS_OFFSET + 8 * (1 + FRAME_SCALARS.length)

const TextSchema = v.object({
  symbol: GammaFrameSchema.entries.symbol,
  source: GammaFrameSchema.entries.source,
  currency: GammaFrameSchema.entries.currency,
  model: GammaFrameSchema.entries.model,
  method: GammaFrameSchema.entries.method,
  freshness: GammaFrameSchema.entries.quality.entries.freshness,
  flags: GammaFrameSchema.entries.quality.entries.flags,
  windows: GammaFrameSchema.entries.windows,
  reasons: GammaFrameSchema.entries.reasons,
})

/** Wrong or damaged bytes; `message` says what was expected and what came. */
export class FrameDecodeError extends Error {}

export function encodeGammaFrame(frame: GammaFrame): Uint8Array {
  const { symbol, source, currency, model, method, windows, reasons, quality, flips, strikes, profile } =
    frame
  const textFields = {
    symbol,
    source,
    currency,
    model,
    method,
    freshness: quality.freshness,
    flags: quality.flags,
    windows,
    reasons,
  }
  const text = new TextEncoder().encode(JSON.stringify(textFields))
  const columns = [
    flips.map((flip) => flip.price),
    flips.map((flip) => flip.slope),
    strikes.strike,
    strikes.callGex,
    strikes.putGex,
    profile.spot,
    profile.netGex,
  ]
  const rows = columns.reduce((sum, column) => sum + column.length, 0)
  const total = COLUMNS_OFFSET + 8 * rows + paddedTo8(text.length)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, FRAME_MAGIC, true)
  view.setUint16(4, FRAME_VERSION, true)
  view.setUint8(6, FEED_KINDS.indexOf(frame.feed))
  view.setUint8(7, FLIP_STATUSES.indexOf(frame.flipStatus))
  view.setUint32(8, total, true)
  const position = [frame.epoch, frame.sequence, frame.previous, frame.asOfMs, frame.publishedMs]
  position.forEach((value, i) => view.setFloat64(16 + 8 * i, value, true))
  const counts = [
    quality.contracts,
    quality.priced,
    flips.length,
    strikes.strike.length,
    profile.spot.length,
    text.length,
  ]
  counts.forEach((value, i) => view.setUint32(56 + 4 * i, value, true))
  const scalars = [quality.openInterestCoverage, ...FRAME_SCALARS.map((field) => frame[field])]
  scalars.forEach((value, i) => view.setFloat64(SCALARS_OFFSET + 8 * i, value ?? Number.NaN, true))
  let offset = COLUMNS_OFFSET
  for (const column of columns) {
    for (const value of column) {
      view.setFloat64(offset, value, true)
      offset += 8
    }
  }
  bytes.set(text, offset)
  view.setUint32(12, crc32(bytes.subarray(16)), true)
  return bytes
}

/** @throws FrameDecodeError */
export function decodeGammaFrame(bytes: Uint8Array): GammaFrame {
  const buffer = ownBuffer(bytes)
  const view = checkedView(buffer)
  const [contracts = 0, priced = 0, flipCount = 0, strikeCount = 0, profileCount = 0, textBytes = 0] =
    Array.from({ length: 6 }, (_, i) => view.getUint32(56 + 4 * i, true))
  const number = (offset: number) => view.getFloat64(offset, true)
  const nullable = (offset: number) => (Number.isNaN(number(offset)) ? null : number(offset))
  let offset = COLUMNS_OFFSET
  const column = (count: number) => {
    const values = Array.from(new Float64Array(buffer, offset, count))
    offset += 8 * count
    return values
  }
  const needed =
    COLUMNS_OFFSET + 8 * (2 * flipCount + 3 * strikeCount + 2 * profileCount) + paddedTo8(textBytes)
  if (needed !== buffer.byteLength) {
    throw new FrameDecodeError(`expected columns of ${needed} bytes, was ${buffer.byteLength}`)
  }
  const flipPrices = column(flipCount)
  const flipSlopes = column(flipCount)
  const strikes = { strike: column(strikeCount), callGex: column(strikeCount), putGex: column(strikeCount) }
  const profile = { spot: column(profileCount), netGex: column(profileCount) }
  const text = v.parse(
    TextSchema,
    JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, offset, textBytes))),
  )
  const { freshness, flags, ...named } = text
  const scalars = Object.fromEntries(
    FRAME_SCALARS.map((field, i) => [field, nullable(SCALARS_OFFSET + 8 * (i + 1))]),
  ) as Pick<GammaFrame, (typeof FRAME_SCALARS)[number]>
  return {
    v: FRAME_VERSION,
    type: 'gamma',
    ...named,
    epoch: number(16),
    sequence: number(24),
    previous: number(32),
    asOfMs: number(40),
    publishedMs: number(48),
    feed: FEED_KINDS[view.getUint8(6)] ?? 'recorded',
    flipStatus: FLIP_STATUSES[view.getUint8(7)] ?? 'no_data',
    quality: { freshness, flags, contracts, priced, openInterestCoverage: nullable(SCALARS_OFFSET) },
    ...scalars,
    flips: flipPrices.map((price, i) => ({ price, slope: flipSlopes[i] as number })),
    strikes,
    profile,
  }
}

function checkedView(buffer: ArrayBuffer): DataView {
  if (buffer.byteLength < COLUMNS_OFFSET) {
    throw new FrameDecodeError(`expected at least ${COLUMNS_OFFSET} bytes, was ${buffer.byteLength}`)
  }
  const view = new DataView(buffer)
  const magic = view.getUint32(0, true)
  const version = view.getUint16(4, true)
  const total = view.getUint32(8, true)
  const checksum = view.getUint32(12, true)
  if (magic !== FRAME_MAGIC) throw new FrameDecodeError(`expected magic ${FRAME_MAGIC}, was ${magic}`)
  if (version !== FRAME_VERSION)
    throw new FrameDecodeError(`expected version ${FRAME_VERSION}, was ${version}`)
  if (total !== buffer.byteLength)
    throw new FrameDecodeError(`expected ${total} bytes, was ${buffer.byteLength}`)
  const actual = crc32(new Uint8Array(buffer, 16))
  if (checksum !== actual) throw new FrameDecodeError(`expected checksum ${checksum}, was ${actual}`)
  return view
}
