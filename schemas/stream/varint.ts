/** Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the high bit says that more follow. */

/** Bytes that are not a message; `message` says where and what was expected. */
export class StreamDecodeError extends Error {}

/** Bytes of the longest number: 2^53 in groups of seven bits. */
export const MOST_VARINT_BYTES = 8

/** Callers `reserve` what they are going to write at most; the writes themselves check nothing. */
export class ByteWriter {
  #bytes = new Uint8Array(4_096)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(2 * (this.#at + bytes))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }

  /** A copy of what was written; the writer starts over. */
  finish(): Uint8Array<ArrayBuffer> {
    const written = this.#bytes.slice(0, this.#at)
    this.#at = 0
    return written
  }

  u8(value: number): void {
    this.#bytes[this.#at++] = value
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  f32(value: number): void {
    this.#view.setFloat32(this.#at, value, true)
    this.#at += 4
  }

  /** A whole number from 0 to 2^53 − 1. @throws RangeError for any other: nothing else may reach a wire. */
  varint(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      this.#at = 0
      throw new RangeError(`expected a whole number from 0 to 2^53 - 1, was ${value}`)
    }
    while (value > 0x7fff_ffff) {
      this.#bytes[this.#at++] = (value % 128) | 0x80
      value = Math.floor(value / 128)
    }
    while (value > 127) {
      this.#bytes[this.#at++] = (value & 127) | 0x80
      value >>>= 7
    }
    this.#bytes[this.#at++] = value
  }

  /** 0, −1, 1, −2, … as 0, 1, 2, 3, …; at most 2^52 − 1 either way. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** Two small numbers in one byte, −7 to 7 as 1 to 15 in its halves; a half of 0 says that a zigzag follows. */
  pair(high: number, low: number): void {
    const highFits = high >= -7 && high <= 7
    const lowFits = low >= -7 && low <= 7
    this.#bytes[this.#at++] = ((highFits ? high + 8 : 0) << 4) | (lowFits ? low + 8 : 0)
    if (!highFits) this.zigzag(high)
    if (!lowFits) this.zigzag(low)
  }

  /** Its length in bytes, then UTF-8. Reserves for itself. */
  text(text: string): void {
    if (text.length < 128 && this.#shortAscii(text)) return
    const bytes = new TextEncoder().encode(text)
    this.reserve(MOST_VARINT_BYTES + bytes.length)
    this.varint(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Names of channels are short, and calling the encoder costs more than all the numbers of a delta. */
  #shortAscii(text: string): boolean {
    this.reserve(1 + text.length)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return false
      this.#bytes[this.#at + 1 + i] = code
    }
    this.#bytes[this.#at] = text.length
    this.#at += 1 + text.length
    return true
  }
}

/** @throws StreamDecodeError from every read beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    this.#need(1)
    return this.#bytes[this.#at++] as number
  }

  u32(): number {
    this.#need(4)
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  /** @throws StreamDecodeError when it is not finite, too. */
  f32(): number {
    this.#need(4)
    this.#at += 4
    const value = this.#view.getFloat32(this.#at - 4, true)
    if (!Number.isFinite(value)) throw new StreamDecodeError(`expected a finite number, was ${value}`)
    return value
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < MOST_VARINT_BYTES; count++) {
      const byte = this.u8()
      value += (byte & 127) * scale
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
      scale *= 128
    }
    throw new StreamDecodeError(`expected a number below 2^53 before byte ${this.#at}`)
  }

  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  pair(): readonly [high: number, low: number] {
    const byte = this.u8()
    const high = byte < 16 ? this.zigzag() : (byte >> 4) - 8
    const low = (byte & 15) === 0 ? this.zigzag() : (byte & 15) - 8
    return [high, low]
  }

  /** A number of rows, each of at least `rowBytes`: no claim makes the reader allocate more than was sent. */
  count(rowBytes: number): number {
    const count = this.varint()
    if (count * rowBytes > this.left) {
      throw new StreamDecodeError(`expected at most ${this.left} bytes of rows, was ${count} rows`)
    }
    return count
  }

  /** @throws StreamDecodeError when it is not UTF-8, too. */
  text(): string {
    const length = this.count(1)
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    } catch {
      throw new StreamDecodeError(`expected UTF-8 before byte ${this.#at}`)
    }
  }

  #need(bytes: number): void {
    if (this.left < bytes) {
      throw new StreamDecodeError(`expected ${bytes} more bytes at ${this.#at}, was ${this.left}`)
    }
  }
}
