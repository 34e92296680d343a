/** Reads what `encodeBinary.ts` wrote. Any bytes at all give a message or a StreamDecodeError, in time linear in them. */
import * as v from 'valibot'
import { changed } from './applyDelta.ts'
import { symbolOfChannel } from './channel.ts'
import { TextChangesSchema, type FrameChanges, type GammaDelta, type TextChanges } from './delta.ts'
import { KIND, MAGIC, PARTS } from './encodeBinary.ts'
import { emptyFrame, type GammaSnapshot } from './snapshot.ts'
import { MOST_UNITS, PER_ONE, SCALAR_UNITS, STREAM_SCALARS, type StreamScalar } from './units.ts'
import { ByteReader, StreamDecodeError } from './varint.ts'

/** @throws StreamDecodeError */
export function decodeStreamFrame(bytes: Uint8Array): GammaSnapshot | GammaDelta {
  const reader = new ByteReader(bytes)
  const magic = reader.u8()
  const kind = reader.u8()
  if (magic !== MAGIC || (kind !== KIND.snapshot && kind !== KIND.delta)) {
    throw new StreamDecodeError(`expected a snapshot or delta of version 1, was ${magic} ${kind}`)
  }
  const parts = reader.u8()
  const { checksum, channel, ...position } = readHeader(reader)
  const changes = { ...position, ...readChanges(reader, parts) }
  if (reader.left > 0) throw new StreamDecodeError(`expected the end, was ${reader.left} more bytes`)
  if (kind === KIND.delta) return { type: 'delta', channel, checksum, ...changes }
  const symbol = symbolOfChannel(channel)
  const frame = symbol === null ? null : changed(emptyFrame(symbol), changes)
  if (frame === null) throw new StreamDecodeError(`expected a whole frame of a channel, was ${channel}`)
  return { type: 'snapshot', channel, checksum, frame }
}

function readHeader(reader: ByteReader) {
  const channel = reader.text()
  const epoch = reader.varint()
  const sequence = reader.varint()
  const previous = sequence - reader.varint()
  const asOfMs = reader.varint()
  const publishedMs = asOfMs + reader.zigzag()
  if (previous < 0) throw new StreamDecodeError(`expected a previous sequence of at least 0, was ${previous}`)
  return { channel, epoch, sequence, previous, asOfMs, publishedMs, checksum: reader.u32() }
}

function readChanges(reader: ByteReader, parts: number): FrameChanges {
  const unit = readUnit(reader)
  const scalars = readScalars(reader, unit)
  const strikes = parts & PARTS.strikes ? readStrikes(reader) : { strike: [], call: [], put: [] }
  const profile = parts & PARTS.profile ? readProfile(reader, (parts & PARTS.spots) !== 0) : undefined
  const flips = parts & PARTS.flips ? readFlips(reader) : undefined
  const text = parts & PARTS.text ? readTexts(reader) : undefined
  return { unit, scalars, strikes, profile, flips, text }
}

function readUnit(reader: ByteReader): number {
  const unit = 2 ** reader.u8()
  if (unit > MOST_UNITS) throw new StreamDecodeError(`expected a unit of at most 2^50, was ${unit}`)
  return unit
}

function readScalars(reader: ByteReader, unit: number): FrameChanges['scalars'] {
  const present = reader.varint()
  if (present >= 2 ** STREAM_SCALARS.length) throw new StreamDecodeError(`unknown scalars in ${present}`)
  const scalars: Partial<Record<StreamScalar, number | null>> = {}
  for (const [i, field] of STREAM_SCALARS.entries()) {
    if ((present & (1 << i)) !== 0) scalars[field] = readScalar(reader, field, unit)
  }
  return scalars as FrameChanges['scalars']
}

function readScalar(reader: ByteReader, field: StreamScalar, unit: number): number | null {
  const code = reader.varint()
  const units = code % 2 === 0 ? -code / 2 : (code - 1) / 2
  const kind = SCALAR_UNITS[field]
  if (code > 0) return kind === 'gex' ? units * unit : units / PER_ONE[kind]
  if (field === 'contracts' || field === 'priced')
    throw new StreamDecodeError(`expected a number of ${field}`)
  return null
}

function readStrikes(reader: ByteReader): FrameChanges['strikes'] {
  const rows = reader.count(2)
  const grid = reader.varint()
  const strikes: FrameChanges['strikes'] = { strike: [], call: [], put: [] }
  let at = 0
  for (let row = 0; row < rows; row++) {
    at += reader.zigzag()
    strikes.strike.push((at * grid) / PER_ONE.strike)
    const [call, put] = reader.pair()
    strikes.call.push(call)
    strikes.put.push(put)
  }
  return strikes
}

function readProfile(reader: ByteReader, hasSpots: boolean): NonNullable<FrameChanges['profile']> {
  const unit = readUnit(reader)
  const levels = reader.count(hasSpots ? 1.5 : 0.5)
  const net: number[] = []
  while (net.length < levels) net.push(...reader.pair())
  net.length = levels
  if (!hasSpots) return { unit, net }
  let cents = 0
  const spot = Array.from({ length: levels }, () => (cents += reader.zigzag()) / PER_ONE.price)
  return { unit, spot, net }
}

function readFlips(reader: ByteReader): NonNullable<FrameChanges['flips']> {
  return Array.from({ length: reader.count(5) }, () => ({
    price: reader.zigzag() / PER_ONE.price,
    slope: reader.f32(),
  }))
}

function readTexts(reader: ByteReader): TextChanges {
  const text = reader.text()
  try {
    return v.parse(TextChangesSchema, JSON.parse(text), { abortEarly: true })
  } catch (cause) {
    throw new StreamDecodeError(`expected texts of a frame, was ${text.slice(0, 80)}`, { cause })
  }
}
