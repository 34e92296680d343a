import type { Journal, Leftovers } from '#bridge/journal/Journal'
import type { Process } from '../world/Process.ts'

type Entry =
  | {
      readonly kind: 'batch'
      readonly epoch: number
      readonly sequence: number
      readonly closesGroup: boolean
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'acknowledgement'; readonly epoch: number; readonly sequence: number }

/** What a bridge's pipeline uses of its journal. */
type JournalPort = Pick<
  Journal,
  | 'epoch'
  | 'nextSequence'
  | 'unacknowledged'
  | 'leftovers'
  | 'cursorOf'
  | 'acknowledged'
  | 'beginEpoch'
  | 'append'
  | 'sync'
  | 'read'
  | 'acknowledge'
  | 'setAside'
>

/** The bridge's journal on a disk that forgets what was not synced when its power is cut. */
export class JournalModel implements JournalPort {
  readonly #process: Process
  readonly #onAcknowledged: (epoch: number, sequence: number) => void
  #entries: Entry[] = []
  #synced = 0
  epoch = 0

  constructor(process: Process, onAcknowledged: (epoch: number, sequence: number) => void) {
    this.#process = process
    this.#onAcknowledged = onAcknowledged
  }

  get nextSequence(): number {
    return this.#lastOf(this.epoch) + 1
  }

  get unacknowledged(): number {
    return this.leftovers().reduce(
      (sum, { firstSequence, lastSequence }) => sum + lastSequence - firstSequence + 1,
      0,
    )
  }

  leftovers(): Leftovers[] {
    return [...new Set(this.#entries.map(({ epoch }) => epoch))]
      .map((epoch) => ({
        epoch,
        firstSequence: this.acknowledged(epoch) + 1,
        lastSequence: this.#lastOf(epoch),
      }))
      .filter(({ firstSequence, lastSequence }) => firstSequence <= lastSequence)
  }

  cursorOf(): number | null {
    return null
  }

  acknowledged(epoch: number): number {
    let newest = 0
    for (const entry of this.#entries) {
      if (entry.kind === 'acknowledgement' && entry.epoch === epoch) newest = Math.max(newest, entry.sequence)
    }
    return newest
  }

  beginEpoch(_: string, epoch: number): void {
    if (epoch <= this.epoch) throw new Error(`expected an epoch above ${this.epoch}, was ${epoch}`)
    if (this.leftovers().length > 0) throw new Error(`epoch ${this.epoch} still holds unacknowledged batches`)
    this.epoch = epoch
    this.#entries = []
    this.#synced = 0
  }

  append(payloads: readonly Uint8Array[]): void {
    const { epoch } = this
    const first = this.nextSequence
    payloads.forEach((bytes, i) => {
      const closesGroup = i === payloads.length - 1
      this.#entries.push({ kind: 'batch', epoch, sequence: first + i, closesGroup, bytes })
    })
  }

  async sync(): Promise<void> {
    const reached = this.#entries.length
    const { epoch } = this
    await this.#process.sleep(this.#process.world.between(0, 20))
    if (epoch === this.epoch) this.#synced = Math.max(this.#synced, reached)
  }

  read(epoch: number, sequence: number): Uint8Array | null {
    for (const entry of this.#entries) {
      if (entry.kind === 'batch' && entry.epoch === epoch && entry.sequence === sequence) return entry.bytes
    }
    return null
  }

  acknowledge(epoch: number, sequence: number): void {
    this.#onAcknowledged(epoch, sequence)
    if (sequence > this.acknowledged(epoch)) this.#entries.push({ kind: 'acknowledgement', epoch, sequence })
  }

  setAside(epoch: number): string[] {
    this.#entries = this.#entries.filter((entry) => entry.epoch !== epoch)
    this.#synced = this.#entries.length
    return []
  }

  /** A part of what was not synced may still have reached the disk, in whole groups. */
  cutPower(): void {
    const { random } = this.#process.world
    let kept = this.#synced + random.integer(this.#entries.length - this.#synced + 1)
    const isTorn = (entry: Entry | undefined) => entry?.kind === 'batch' && !entry.closesGroup
    while (isTorn(this.#entries[kept - 1])) kept--
    this.#entries = this.#entries.slice(0, kept)
    this.#synced = kept
  }

  #lastOf(epoch: number): number {
    let last = 0
    for (const entry of this.#entries) {
      if (entry.kind === 'batch' && entry.epoch === epoch) last = Math.max(last, entry.sequence)
    }
    return last
  }
}
