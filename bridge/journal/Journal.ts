import { fdatasync, mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { lockDirectory } from './directoryLock.ts'
import { readEpochState, writeEpochState, type EpochState } from './epochFile.ts'
import { encodeRecord, RECORD_OVERHEAD_BYTES } from './record.ts'
import type { BatchPlace } from './scanSegment.ts'
import { Segment, segmentNames, type SegmentName } from './Segment.ts'

const SEGMENT_BYTES = 8 * 1024 * 1024
const MAX_BYTES = 2 * 1024 ** 3
const syncData = promisify(fdatasync)

/** Batches of one epoch that were never acknowledged. */
export interface Leftovers {
  readonly epoch: number
  readonly firstSequence: number
  readonly lastSequence: number
}

export interface JournalOptions {
  readonly segmentBytes?: number
  /** Once the segments hold this much, nothing more is taken in. */
  readonly maxBytes?: number
  /** Off only where durability across power loss does not matter, such as a demonstration. */
  readonly fsync?: boolean
}

/**
 * Append-only log of the batches of one symbol, in segment files named `{epoch}-{firstSequence}.log`. A batch is
 * written here before it is sent and forgotten only when the receiver has acknowledged it as durable.
 *
 * `append` reaches the page cache, which a killed process cannot lose; `sync` reaches the disk, which a power cut
 * cannot either. A batch must not be sent before `sync` has resolved.
 */
export class Journal {
  readonly directory: string
  readonly #segmentBytes: number
  readonly #maxBytes: number
  readonly #fsync: boolean
  readonly #unlock: () => void
  #state: EpochState
  #cursor: number | null
  #segments: Segment[] = []
  #places = new Map<string, { segment: Segment; place: BatchPlace }>()
  #acknowledged = new Map<number, number>()
  #nextSequence = 1
  #droppedBytes = 0

  /** Opens and recovers. Throws with a message for a person when the directory cannot be used. */
  constructor(directory: string, options: JournalOptions = {}) {
    mkdirSync(directory, { recursive: true })
    this.directory = directory
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    this.#maxBytes = options.maxBytes ?? MAX_BYTES
    this.#fsync = options.fsync ?? true
    this.#unlock = lockDirectory(directory)
    this.#state = readEpochState(directory) ?? { epoch: 0, feedIdentity: '', cursor: null }
    this.#cursor = this.#state.cursor
    for (const name of segmentNames(directory)) this.#recover(name)
  }

  /** Oldest first. */
  leftovers(): Leftovers[] {
    const epochs = [...new Set(this.#segments.map((segment) => segment.epoch))]
    return epochs
      .map((epoch) => ({
        epoch,
        firstSequence: this.acknowledged(epoch) + 1,
        lastSequence: Math.max(...this.#segmentsOf(epoch).map((segment) => segment.lastSequence)),
      }))
      .filter(({ firstSequence, lastSequence }) => firstSequence <= lastSequence)
  }

  /** Where the named feed stood when its last whole group was journaled; null for another feed. */
  cursorOf(feedIdentity: string): number | null {
    return this.#state.feedIdentity === feedIdentity ? this.#cursor : null
  }

  /** Bytes of torn or damaged records found, and dropped, at opening. */
  get droppedBytes(): number {
    return this.#droppedBytes
  }

  get epoch(): number {
    return this.#state.epoch
  }

  get nextSequence(): number {
    return this.#nextSequence
  }

  acknowledged(epoch: number): number {
    return this.#acknowledged.get(epoch) ?? 0
  }

  /** Batches that the receiver has not acknowledged. */
  get unacknowledged(): number {
    return this.leftovers().reduce(
      (sum, { firstSequence, lastSequence }) => sum + lastSequence - firstSequence + 1,
      0,
    )
  }

  /**
   * Starts the epoch that the lease has granted. Segments of earlier ones are deleted: all in them is acknowledged.
   * @throws Error when the epoch is not larger than the last, or something of it was neither acknowledged nor set aside
   */
  beginEpoch(feedIdentity: string, epoch: number): void {
    const cursor = this.cursorOf(feedIdentity)
    if (epoch <= this.epoch) throw new Error(`expected an epoch above ${this.epoch}, was ${epoch}`)
    if (this.leftovers().length > 0) throw new Error(`epoch ${this.epoch} still holds unacknowledged batches`)
    this.#state = { epoch, feedIdentity, cursor }
    this.#cursor = cursor
    writeEpochState(this.directory, this.#state)
    for (const segment of this.#segments) segment.remove()
    this.#segments = []
    this.#places.clear()
    this.#acknowledged.clear()
    this.#nextSequence = 1
  }

  /**
   * Appends encoded batches as one group: after a crash either all of them are found or none.
   * @throws Error when the disk or the journal's own limit is reached; nothing was appended then
   */
  append(payloads: readonly Uint8Array[], cursor: number | null): void {
    this.#checkRoom(payloads)
    const segment = this.#writableSegment()
    const records = payloads.map((payload, i) =>
      encodeRecord({
        kind: 'batch',
        epoch: this.epoch,
        sequence: this.#nextSequence + i,
        closesGroup: i === payloads.length - 1,
        cursor,
        payload,
      }),
    )
    let offset = segment.bytes
    segment.write(Buffer.concat(records))
    for (const payload of payloads) {
      const sequence = this.#nextSequence++
      const payloadOffset = offset + RECORD_OVERHEAD_BYTES
      const place = { epoch: this.epoch, sequence, payloadOffset, payloadBytes: payload.length }
      this.#places.set(placeKey(this.epoch, sequence), { segment, place })
      segment.lastSequence = sequence
      offset = payloadOffset + payload.length
    }
    if (cursor !== null) this.#cursor = cursor
  }

  /** Resolves when everything appended so far is on disk. */
  async sync(): Promise<void> {
    const newest = this.#segments.at(-1)
    if (this.#fsync && newest) await syncData(newest.file)
  }

  /** The encoded batch, or null when it is not held (any more). */
  read(epoch: number, sequence: number): Uint8Array | null {
    const found = this.#places.get(placeKey(epoch, sequence))
    return found ? found.segment.read(found.place) : null
  }

  /** The receiver holds everything up to `sequence` durably. Losing this note to a crash costs only a duplicate. */
  acknowledge(epoch: number, sequence: number): void {
    const before = this.acknowledged(epoch)
    if (sequence <= before) return
    this.#acknowledged.set(epoch, sequence)
    for (let gone = before + 1; gone <= sequence; gone++) this.#places.delete(placeKey(epoch, gone))
    const newest = this.#segmentsOf(epoch).at(-1)
    newest?.note(sequence)
    const done = this.#segmentsOf(epoch).filter((s) => s !== newest && s.lastSequence <= sequence)
    for (const segment of done) segment.remove()
    this.#segments = this.#segments.filter((segment) => !done.includes(segment))
  }

  /** Keeps the files of an epoch that can no longer be delivered, out of the way, for a person to look at. */
  setAside(epoch: number): string[] {
    const kept = this.#segmentsOf(epoch).map((segment) => segment.setAside())
    for (const [key, { segment }] of this.#places) if (segment.epoch === epoch) this.#places.delete(key)
    this.#segments = this.#segments.filter((segment) => segment.epoch !== epoch)
    return kept
  }

  close(): void {
    for (const segment of this.#segments) segment.close()
    this.#segments = []
    this.#unlock()
  }

  #recover(name: SegmentName): void {
    const { segment, scan, droppedBytes } = Segment.recover(this.directory, name)
    this.#droppedBytes += droppedBytes
    this.#segments.push(segment)
    for (const place of scan.batches)
      this.#places.set(placeKey(name.epoch, place.sequence), { segment, place })
    // Segments before this one are deleted only when acknowledged, so its first sequence is itself a proof.
    const known = this.#acknowledged.get(name.epoch) ?? name.firstSequence - 1
    this.#acknowledged.set(name.epoch, Math.max(known, scan.acknowledged))
    if (name.epoch === this.#state.epoch && scan.cursor !== null) this.#cursor = scan.cursor
  }

  #checkRoom(payloads: readonly Uint8Array[]): void {
    const held = this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
    const added = payloads.reduce((sum, { length }) => sum + length + RECORD_OVERHEAD_BYTES, 0)
    if (held + added <= this.#maxBytes) return
    const detail = `${this.unacknowledged} unacknowledged batches in ${held} bytes, the limit is ${this.#maxBytes}`
    throw new Error(`${this.directory} is full: ${detail}`)
  }

  #writableSegment(): Segment {
    const newest = this.#segments.at(-1)
    if (newest && newest.bytes < this.#segmentBytes) return newest
    const segment = Segment.create(this.directory, {
      epoch: this.epoch,
      firstSequence: this.#nextSequence,
    })
    this.#segments.push(segment)
    return segment
  }

  #segmentsOf(epoch: number): Segment[] {
    return this.#segments.filter((segment) => segment.epoch === epoch)
  }
}

function placeKey(epoch: number, sequence: number): string {
  return `${epoch}/${sequence}`
}
