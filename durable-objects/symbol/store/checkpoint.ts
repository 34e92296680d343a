/**
 * The whole state of a symbol as one run of bytes.
 *
 *   0  u32 magic "FLWC"   4 u32 version   8 u32 total bytes   12 u32 CRC-32 of [16, total)
 *  16  u32 text bytes, rows, ids, samples
 *  32  UTF-8 JSON of everything that is not a column, padded to 8
 *      then the columns of the rows, of the ids and of the timeline.
 *
 * A reader of a newer program upgrades older versions one step at a time through `UPGRADES`; bytes of a version it
 * does not know are refused, never guessed.
 */
import * as v from 'valibot'
import {
  emptySection,
  ownBuffer,
  paddedTo8,
  readSection,
  sectionByteLength,
  writeSection,
  type Section,
  type SectionSpec,
} from '#schemas/binary/columns'
import { crc32 } from '#schemas/binary/crc32'
import { FEED_KINDS } from '#schemas/feed'
import { rootSpec } from '#quant/contracts/rootMaster'
import { BOOK_COLUMNS, emptyBook, type BookColumns, type ChainBook } from '../book/chainBook.ts'
import type { Positions } from '../ingest/position.ts'
import type { TimelineSample } from '../views/timeline.ts'
import { FlowSchema } from './flowSchema.ts'
import { HEADER_BYTES, UPGRADES } from './upgrades.ts'

export const CHECKPOINT_MAGIC = 0x43574c46
export const CHECKPOINT_VERSION = 2

const ID_COLUMNS = { contractId: 'u32', row: 'f64' } as const
const SAMPLE_COLUMNS = { asOfMs: 'f64', spot: 'f64', netGex: 'f64', nearestFlip: 'f64' } as const

export interface SymbolState {
  readonly book: ChainBook
  readonly positions: Positions
  readonly timeline: readonly TimelineSample[]
}

/** Damaged or foreign bytes; `message` says what was expected and what came. */
export class CheckpointError extends Error {}

const nullableNumber = v.nullable(v.number())
const TextSchema = v.object({
  source: v.string(),
  feed: v.picklist(FEED_KINDS),
  epoch: v.number(),
  contract: v.array(v.string()),
  roots: v.array(v.string()),
  underlying: v.object({
    price: nullableNumber,
    bid: nullableNumber,
    ask: nullableNumber,
    eventMs: nullableNumber,
  }),
  flow: FlowSchema,
  asOfMs: nullableNumber,
  clockRestarted: v.boolean(),
  lastSeenMs: v.number(),
  version: v.number(),
  layoutVersion: v.number(),
  lateTicks: v.number(),
  flaggedTicks: v.number(),
  active: v.nullable(v.string()),
  positions: v.array(v.tuple([v.string(), v.object({ epoch: v.number(), sequence: v.number() })])),
})

export function encodeCheckpoint({ book, positions, timeline }: SymbolState): Uint8Array<ArrayBuffer> {
  const { columns, rowOfId, count, underlying } = book
  const text = new TextEncoder().encode(
    JSON.stringify({
      ...plainFields(book),
      underlying: { ...underlying, eventMs: Number.isNaN(underlying.eventMs) ? null : underlying.eventMs },
      active: positions.active,
      positions: [...positions.bySource],
    }),
  )
  const rows = sliceRows(columns, count)
  const ids = emptySection(ID_COLUMNS, rowOfId.size)
  ids.contractId.set([...rowOfId.keys()])
  ids.row.set([...rowOfId.values()])
  const samples = emptySection(SAMPLE_COLUMNS, timeline.length)
  timeline.forEach((sample, i) => {
    for (const name of Object.keys(SAMPLE_COLUMNS) as (keyof TimelineSample)[])
      samples[name][i] = sample[name]
  })

  const bytes = new Uint8Array(byteLength(text.length, count, ids.count, samples.count))
  const view = new DataView(bytes.buffer)
  const header = [
    CHECKPOINT_MAGIC,
    CHECKPOINT_VERSION,
    bytes.length,
    0,
    text.length,
    count,
    ids.count,
    samples.count,
  ]
  header.forEach((value, i) => view.setUint32(4 * i, value, true))
  bytes.set(text, HEADER_BYTES)
  let offset = HEADER_BYTES + paddedTo8(text.length)
  offset = writeSection(BOOK_COLUMNS, rows, bytes, offset)
  offset = writeSection(ID_COLUMNS, ids, bytes, offset)
  writeSection(SAMPLE_COLUMNS, samples, bytes, offset)
  view.setUint32(12, crc32(bytes.subarray(16)), true)
  return bytes
}

/** @throws CheckpointError */
export function decodeCheckpoint(stored: Uint8Array): SymbolState {
  const buffer = ownBuffer(upgraded(checked(stored)))
  const view = new DataView(buffer)
  const [textBytes = 0, rowCount = 0, idCount = 0, sampleCount = 0] = Array.from({ length: 4 }, (_, i) =>
    view.getUint32(16 + 4 * i, true),
  )
  const needed = byteLength(textBytes, rowCount, idCount, sampleCount)
  if (needed !== buffer.byteLength) {
    throw new CheckpointError(`expected ${needed} bytes for its counts, was ${buffer.byteLength}`)
  }
  const json = new TextDecoder().decode(new Uint8Array(buffer, HEADER_BYTES, textBytes))
  const { active, positions, underlying, ...plain } = v.parse(TextSchema, JSON.parse(json))
  let offset = HEADER_BYTES + paddedTo8(textBytes)
  const section = <S extends SectionSpec>(spec: S, count: number): Section<S> => {
    const read = readSection(spec, count, buffer, offset)
    offset = read.end
    return read.section
  }
  const rows = section(BOOK_COLUMNS, rowCount)
  const ids = section(ID_COLUMNS, idCount)
  const samples = section(SAMPLE_COLUMNS, sampleCount)
  const book: ChainBook = {
    ...emptyBook(),
    ...plain,
    underlying: { ...underlying, eventMs: underlying.eventMs ?? Number.NaN },
    count: rowCount,
    columns: withRoom(rows),
    calendars: plain.roots.map((root) => rootSpec(root).calendar),
    rowOfContract: new Map(plain.contract.map((contract, row) => [contract, row])),
    rowOfId: new Map(Array.from(ids.contractId, (id, i) => [id, ids.row[i] as number])),
  }
  return { book, positions: { active, bySource: new Map(positions) }, timeline: sampleRows(samples) }
}

/** What goes into the text as it is; the maps are rebuilt from it. */
function plainFields(book: ChainBook) {
  const { source, feed, epoch, contract, roots, flow, asOfMs, clockRestarted, lastSeenMs } = book
  const { version, layoutVersion, lateTicks, flaggedTicks } = book
  return {
    source,
    feed,
    epoch,
    contract,
    roots,
    flow,
    asOfMs,
    clockRestarted,
    lastSeenMs,
    version,
    layoutVersion,
    lateTicks,
    flaggedTicks,
  }
}

function byteLength(textBytes: number, rows: number, ids: number, samples: number): number {
  return (
    HEADER_BYTES +
    paddedTo8(textBytes) +
    sectionByteLength(BOOK_COLUMNS, rows) +
    sectionByteLength(ID_COLUMNS, ids) +
    sectionByteLength(SAMPLE_COLUMNS, samples)
  )
}

function sliceRows(columns: BookColumns, count: number): BookColumns {
  const sliced: Record<string, unknown> = { count }
  for (const name of Object.keys(BOOK_COLUMNS) as (keyof typeof BOOK_COLUMNS)[]) {
    sliced[name] = columns[name].subarray(0, count)
  }
  return sliced as unknown as BookColumns
}

/** Columns of their own, with room to grow. */
function withRoom(rows: BookColumns): BookColumns {
  const roomy = emptySection(BOOK_COLUMNS, Math.max(256, rows.count))
  for (const name of Object.keys(BOOK_COLUMNS) as (keyof typeof BOOK_COLUMNS)[]) roomy[name].set(rows[name])
  return roomy
}

function sampleRows(samples: Section<typeof SAMPLE_COLUMNS>): TimelineSample[] {
  return Array.from(samples.asOfMs, (asOfMs, i) => ({
    asOfMs,
    spot: samples.spot[i] as number,
    netGex: samples.netGex[i] as number,
    nearestFlip: samples.nearestFlip[i] as number,
  }))
}

/** The same bytes, once magic, length and checksum are right. */
function checked(bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES)
    throw new CheckpointError(`expected ${HEADER_BYTES} bytes, was ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  if (magic !== CHECKPOINT_MAGIC)
    throw new CheckpointError(`expected magic ${CHECKPOINT_MAGIC}, was ${magic}`)
  const total = view.getUint32(8, true)
  if (total !== bytes.length) throw new CheckpointError(`expected ${total} bytes, was ${bytes.length}`)
  const checksum = view.getUint32(12, true)
  const actual = crc32(bytes.subarray(16))
  if (checksum !== actual) throw new CheckpointError(`expected checksum ${checksum}, was ${actual}`)
  return bytes
}

function upgraded(bytes: Uint8Array): Uint8Array {
  const version = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true)
  if (version === CHECKPOINT_VERSION) return bytes
  const upgrade = UPGRADES.get(version)
  if (upgrade === undefined) {
    throw new CheckpointError(`expected version ${CHECKPOINT_VERSION} or an older known one, was ${version}`)
  }
  return upgraded(upgrade(bytes))
}
