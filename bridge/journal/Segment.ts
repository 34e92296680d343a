import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from './epochFile.ts'
import { encodeRecord } from './record.ts'
import { scanSegment, type BatchPlace, type SegmentScan } from './scanSegment.ts'

export interface SegmentName {
  readonly epoch: number
  readonly firstSequence: number
}

/** One file of the journal, `{epoch}-{firstSequence}.log`: records back to back, written at its end only. */
export class Segment {
  readonly epoch: number
  readonly file: number
  readonly #path: string
  lastSequence: number
  #bytes: number

  private constructor(path: string, file: number, epoch: number, lastSequence: number, bytes: number) {
    this.#path = path
    this.file = file
    this.epoch = epoch
    this.lastSequence = lastSequence
    this.#bytes = bytes
  }

  static create(directory: string, name: SegmentName): Segment {
    const path = pathOf(directory, name)
    const file = openSync(path, 'wx+')
    syncDirectory(directory)
    return new Segment(path, file, name.epoch, name.firstSequence - 1, 0)
  }

  /** Opens what an earlier life left and cuts off what is torn. */
  static recover(
    directory: string,
    name: SegmentName,
  ): { readonly segment: Segment; readonly scan: SegmentScan; readonly droppedBytes: number } {
    const path = pathOf(directory, name)
    const bytes = readFileSync(path)
    const scan = scanSegment(bytes)
    const file = openSync(path, 'r+')
    if (scan.goodBytes < bytes.length) ftruncateSync(file, scan.goodBytes)
    const lastSequence = scan.batches.at(-1)?.sequence ?? name.firstSequence - 1
    const segment = new Segment(path, file, name.epoch, lastSequence, scan.goodBytes)
    return { segment, scan, droppedBytes: bytes.length - scan.goodBytes }
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @throws when the disk is full; what it took of it lies beyond the end and is written over. */
  write(bytes: Uint8Array): void {
    // A disk that fills up takes a part without an error.
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.file, bytes, done, bytes.length - done, this.#bytes + done)
    }
    this.#bytes += bytes.length
  }

  note(sequence: number): void {
    try {
      this.write(encodeRecord({ kind: 'acknowledgement', epoch: this.epoch, sequence }))
    } catch {
      // A full disk must not stop deliveries, which are what empties it; without the note a restart sends duplicates.
    }
  }

  read({ payloadOffset, payloadBytes }: BatchPlace): Uint8Array {
    const bytes = new Uint8Array(payloadBytes)
    readSync(this.file, bytes, 0, payloadBytes, payloadOffset)
    return bytes
  }

  close(): void {
    closeSync(this.file)
  }

  remove(): void {
    this.close()
    rmSync(this.#path, { force: true })
  }

  /** Out of the way, for a person to look at. Returns where. */
  setAside(): string {
    this.close()
    const kept = `${this.#path}.undelivered`
    renameSync(this.#path, kept)
    return kept
  }
}

/** Oldest first. */
export function segmentNames(directory: string): SegmentName[] {
  return readdirSync(directory)
    .flatMap((file) => {
      const match = /^(\d+)-(\d+)\.log$/.exec(file)
      return match ? [{ epoch: Number(match[1]), firstSequence: Number(match[2]) }] : []
    })
    .sort((a, b) => a.epoch - b.epoch || a.firstSequence - b.firstSequence)
}

function pathOf(directory: string, { epoch, firstSequence }: SegmentName): string {
  return join(directory, `${epoch}-${firstSequence}.log`)
}
