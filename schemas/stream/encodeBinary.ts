/**
 * Binary snapshots and deltas: the same content as their JSON, in one layout. `n` is a varint, `z` a zigzag varint,
 * `p` a pair (`varint.ts`).
 *
 *   u8 'F'   u8 version 1 in the high half, kind in the low one: 1 snapshot, 2 delta   u8 parts that follow
 *   text channel   n epoch, sequence   n sequence − previous   n asOfMs   z publishedMs − asOfMs   u32 checksum
 *   u8 log2 unit   n bitmap of STREAM_SCALARS present   per scalar n: 0 null, else zigzag of its units plus 1
 *   strikes  n rows   n grid in thousandths   rows: z steps of the grid from the row before, p call put
 *   profile  u8 log2 unit   n levels   p net of two levels each, the last beside 0 when they are odd
 *   spots    z cents from the level before, for each level
 *   flips    n rows   rows: z cents, f32 slope
 *   text     of a JSON object with TextChanges
 *
 * A text is n bytes and UTF-8. A snapshot is the changes from a frame of nulls, zeros and empty tables, with all texts.
 */
import type { GammaFrame } from '../frame/gamma.ts'
import { changesBetween, type FrameChanges, type GammaDelta } from './delta.ts'
import { emptyFrame, type GammaSnapshot } from './snapshot.ts'
import { PER_ONE, SCALAR_UNITS, STREAM_SCALARS, type StreamScalar } from './units.ts'
import { ByteWriter, MOST_VARINT_BYTES } from './varint.ts'

export const MAGIC = 0x46
export const KIND = { snapshot: 0x11, delta: 0x12 } as const
export const PARTS = { strikes: 1, profile: 2, spots: 4, flips: 8, text: 16 } as const

type Header = Pick<GammaDelta, 'channel' | 'checksum'> &
  Pick<GammaFrame, 'epoch' | 'sequence' | 'previous' | 'asOfMs' | 'publishedMs'>

const writer = new ByteWriter()

export function encodeDelta(delta: GammaDelta): Uint8Array<ArrayBuffer> {
  return encode(KIND.delta, delta, delta)
}

export function encodeSnapshot({ channel, checksum, frame }: GammaSnapshot): Uint8Array<ArrayBuffer> {
  const { epoch, sequence, previous, asOfMs, publishedMs } = frame
  const { feed, source, currency, model, method, flipStatus, windows, reasons } = frame
  const { freshness, flags } = frame.quality
  const text = { feed, source, currency, model, method, flipStatus, windows, reasons, freshness, flags }
  const changes = { ...changesBetween(emptyFrame(frame.symbol), frame), text }
  return encode(KIND.snapshot, { channel, checksum, epoch, sequence, previous, asOfMs, publishedMs }, changes)
}

function encode(kind: number, header: Header, changes: FrameChanges): Uint8Array<ArrayBuffer> {
  const { strikes, profile, flips, text } = changes
  writer.u8(MAGIC)
  writer.u8(kind)
  writer.u8(
    (strikes.strike.length > 0 ? PARTS.strikes : 0) |
      (profile === undefined ? 0 : PARTS.profile) |
      (profile?.spot === undefined ? 0 : PARTS.spots) |
      (flips === undefined ? 0 : PARTS.flips) |
      (text === undefined ? 0 : PARTS.text),
  )
  writeHeader(header)
  writeScalars(changes)
  if (strikes.strike.length > 0) writeStrikes(strikes)
  if (profile !== undefined) writeProfile(profile)
  if (flips !== undefined) writeFlips(flips)
  if (text !== undefined) writer.text(JSON.stringify(text))
  return writer.finish()
}

function writeHeader({ channel, epoch, sequence, previous, asOfMs, publishedMs, checksum }: Header): void {
  writer.text(channel)
  writer.reserve(5 * MOST_VARINT_BYTES + 4)
  writer.varint(epoch)
  writer.varint(sequence)
  writer.varint(sequence - previous)
  writer.varint(asOfMs)
  writer.zigzag(publishedMs - asOfMs)
  writer.u32(checksum)
}

const SCALAR_INDEX: ReadonlyMap<string, number> = new Map(STREAM_SCALARS.map((field, i) => [field, i]))
const values: (number | null)[] = STREAM_SCALARS.map(() => null)

/** Asks only for the scalars that are there: the sets differ from delta to delta, and asking for absent ones is slow. */
function writeScalars({ unit, scalars }: FrameChanges): void {
  writer.reserve((2 + STREAM_SCALARS.length) * MOST_VARINT_BYTES)
  writer.u8(Math.log2(unit))
  let present = 0
  for (const field in scalars) {
    const value = scalars[field as keyof typeof scalars]
    const i = SCALAR_INDEX.get(field)
    if (i === undefined || value === undefined) continue
    present |= 1 << i
    values[i] = value
  }
  writer.varint(present)
  for (let i = 0; i < STREAM_SCALARS.length; i++) {
    if ((present & (1 << i)) !== 0)
      writeScalar(values[i] ?? null, SCALAR_UNITS[STREAM_SCALARS[i] as StreamScalar], unit)
  }
}

function writeScalar(value: number | null, kind: keyof typeof PER_ONE | 'gex', unit: number): void {
  if (value === null) {
    writer.varint(0)
    return
  }
  const units = Math.round(kind === 'gex' ? value / unit : value * PER_ONE[kind])
  writer.varint(units < 0 ? -2 * units : 2 * units + 1)
}

function writeStrikes({ strike, call, put }: FrameChanges['strikes']): void {
  const rows = strike.length
  const grid = gridOf(strike)
  writer.reserve((2 + 4 * rows) * MOST_VARINT_BYTES)
  writer.varint(rows)
  writer.varint(grid)
  let before = 0
  for (let row = 0; row < rows; row++) {
    const at = Math.round((strike[row] as number) * PER_ONE.strike) / grid
    writer.zigzag(at - before)
    writer.pair(call[row] as number, put[row] as number)
    before = at
  }
}

/** In thousandths; each is a multiple of those after it. */
const GRIDS = [100_000, 50_000, 25_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1] as const

/** The widest grid on which all strikes lie: neighbours are then a step or few apart. */
function gridOf(strikes: readonly number[]): number {
  let widest = 0
  for (let i = 0; i < strikes.length; i++) {
    const thousandths = Math.round((strikes[i] as number) * PER_ONE.strike)
    // Not `%`: of doubles that is a call into C, and took half the time of a delta.
    while (!Number.isInteger(thousandths / (GRIDS[widest] as number))) widest++
  }
  return GRIDS[widest] as number
}

function writeProfile({ unit, spot, net }: NonNullable<FrameChanges['profile']>): void {
  writer.reserve((4 + 3 * net.length) * MOST_VARINT_BYTES)
  writer.u8(Math.log2(unit))
  writer.varint(net.length)
  for (let level = 0; level < net.length; level += 2) writer.pair(net[level] as number, net[level + 1] ?? 0)
  if (spot === undefined) return
  let before = 0
  for (const price of spot) {
    const cents = Math.round(price * PER_ONE.price)
    writer.zigzag(cents - before)
    before = cents
  }
}

function writeFlips(flips: GammaFrame['flips']): void {
  writer.reserve((1 + 2 * flips.length) * MOST_VARINT_BYTES)
  writer.varint(flips.length)
  for (const { price, slope } of flips) {
    writer.zigzag(Math.round(price * PER_ONE.price))
    writer.f32(slope)
  }
}
