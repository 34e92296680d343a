/**
 * Columnar sections: each section is a count and a fixed list of typed columns, every column padded to 8 bytes,
 * so that a decoder can lay typed-array views straight over the received buffer. Little-endian throughout (every
 * platform this runs on is; a big-endian host would fail the golden vectors at once).
 */

export type ColumnArray = Float64Array | Uint32Array | Uint16Array | Uint8Array
export type ColumnType = 'f64' | 'u32' | 'u16' | 'u8'

const CONSTRUCTORS = { f64: Float64Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const
export type ColumnOf<T extends ColumnType> = InstanceType<(typeof CONSTRUCTORS)[T]>

/** Column name to element type, in wire order. */
export type SectionSpec = Readonly<Record<string, ColumnType>>
export type Section<S extends SectionSpec> = { readonly count: number } & {
  readonly [K in keyof S]: ColumnOf<S[K]>
}

/** Not by `& ~7`, which wraps at 2^32: a count that claims gigabytes would pass for a small one. */
export function paddedTo8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

export function emptySection<S extends SectionSpec>(spec: S, count = 0): Section<S> {
  const columns: Record<string, ColumnArray> = {}
  for (const [column, type] of Object.entries(spec)) columns[column] = new CONSTRUCTORS[type](count)
  return { count, ...columns } as Section<S>
}

export function sectionByteLength(spec: SectionSpec, count: number): number {
  let bytes = 0
  for (const type of Object.values(spec)) bytes += paddedTo8(count * CONSTRUCTORS[type].BYTES_PER_ELEMENT)
  return bytes
}

/** Writes `section` at `offset` (a multiple of 8) and returns the offset after it. */
export function writeSection<S extends SectionSpec>(
  spec: S,
  section: Section<S>,
  target: Uint8Array,
  offset: number,
): number {
  for (const column of Object.keys(spec)) {
    const values = section[column] as ColumnArray
    target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset)
    offset += paddedTo8(values.byteLength)
  }
  return offset
}

/** Views over `buffer` from `offset` (a multiple of 8). The caller has checked that the bytes are there. */
export function readSection<S extends SectionSpec>(
  spec: S,
  count: number,
  buffer: ArrayBuffer,
  offset: number,
): { section: Section<S>; end: number } {
  const columns: Record<string, ColumnArray> = {}
  for (const [column, type] of Object.entries(spec)) {
    const values = new CONSTRUCTORS[type](buffer, offset, count)
    columns[column] = values
    offset += paddedTo8(values.byteLength)
  }
  return { section: { count, ...columns } as Section<S>, end: offset }
}

/** The bytes as an ArrayBuffer of their own that starts at 0, copying only when they are a view into another. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes
  if (byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer
  // Not `bytes.slice()`: on a Node Buffer that is another view into the same pool.
  return new Uint8Array(bytes).buffer
}
