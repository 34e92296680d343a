/** A frame on its way out: encoded at most once per encoding, and the same bytes for everyone. */
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import type { GammaDelta } from '#schemas/stream/delta'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import type { Position } from '#schemas/stream/messages'
import type { GammaSnapshot } from '#schemas/stream/snapshot'

export const ENCODINGS = ['json', 'binary'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** In one encoding, as a viewer counts it and a socket sends it. */
export interface Payload {
  readonly channel: string
  readonly sequence: number
  readonly previous: number
  /** Of text in characters, which are bytes but for the names of sources. */
  readonly size: number
  readonly data: string | Uint8Array
}

export class Outgoing {
  readonly channel: string
  readonly position: Position
  /** Sequence of the frame that a delta changes, and a snapshot follows. */
  readonly previous: number
  readonly isSnapshot: boolean
  #message: GammaSnapshot | GammaDelta | null
  #json: Payload | null = null
  #binary: Payload | null = null

  /** `bytes` is the message's binary form when it is known. */
  constructor(message: GammaSnapshot | GammaDelta, bytes: Uint8Array | null = null) {
    const { epoch, sequence, previous } = message.type === 'snapshot' ? message.frame : message
    this.channel = message.channel
    this.position = { epoch, sequence }
    this.previous = previous
    this.isSnapshot = message.type === 'snapshot'
    this.#message = message
    if (bytes !== null) this.#binary = this.#payload(bytes)
  }

  get message(): GammaSnapshot | GammaDelta {
    return this.#message ?? decodeStreamFrame(this.bytes())
  }

  /** The binary form, which is also what goes from object to object. */
  bytes(): Uint8Array {
    return this.#inBinary().data as Uint8Array
  }

  in(encoding: Encoding): Payload {
    if (encoding === 'binary') return this.#inBinary()
    this.#json ??= this.#payload(JSON.stringify(this.message))
    return this.#json
  }

  /** Keeps the binary form alone, a tenth of the memory; whoever wants more of an old frame has it made again. */
  shrink(): void {
    this.#inBinary()
    this.#message = null
    this.#json = null
  }

  #inBinary(): Payload {
    if (this.#binary === null) {
      const { message } = this
      this.#binary = this.#payload(
        message.type === 'snapshot' ? encodeSnapshot(message) : encodeDelta(message),
      )
    }
    return this.#binary
  }

  #payload(data: string | Uint8Array): Payload {
    const { channel, previous } = this
    return { channel, sequence: this.position.sequence, previous, size: data.length, data }
  }
}
