import type { ChainBook } from '#durable-objects/symbol/book/chainBook'
import type { IngestBatch } from '#schemas/ingest/batch'
import type { World } from '../world/World.ts'
import { ReferenceBook } from './ReferenceBook.ts'

/**
 * Keeps the books on ingest: which batches the symbol applied, which of them are stored, which a bridge was told are
 * durable. Every promise about them is checked here, when it can first be broken.
 */
export class IngestLedger {
  readonly #world: World
  readonly #applied: IngestBatch[] = []
  #stored = 0
  #reference = new ReferenceBook()
  readonly #acknowledged = new Map<number, number>()
  readonly #dialled = new Map<number, string>()

  constructor(world: World) {
    this.#world = world
  }

  get applied(): number {
    return this.#applied.length
  }

  applyOnce(batch: IngestBatch, book: ChainBook): void {
    const before = this.#applied.at(-1)
    const isNext =
      batch.epoch === before?.epoch
        ? batch.sequence === before.sequence + 1
        : batch.sequence === 1 && batch.epoch > (before?.epoch ?? 0)
    this.#world.check(isNext, 'batches are applied once and in order', () => {
      return `${batch.epoch}/${batch.sequence} after ${before?.epoch}/${before?.sequence}`
    })
    this.#applied.push(batch)
    this.#reference.apply(batch)
    this.compare(book)
  }

  /** The batches applied so far, `count` in number, are on disk. */
  stored(count: number): void {
    this.#stored = Math.max(this.#stored, count)
  }

  /** The symbol's object came back from its storage. */
  restored(book: ChainBook): void {
    this.#applied.length = this.#stored
    this.#reference = new ReferenceBook()
    for (const batch of this.#applied) this.#reference.apply(batch)
    for (const [epoch, sequence] of this.#acknowledged) this.#checkStored(epoch, sequence)
    this.compare(book)
  }

  compare(book: ChainBook): void {
    const difference = this.#reference.differenceFrom(book)
    this.#world.check(difference === null, 'the book is what its batches say', () => difference ?? '')
  }

  acknowledged(epoch: number, sequence: number): void {
    this.#checkStored(epoch, sequence)
    this.#acknowledged.set(epoch, Math.max(sequence, this.#acknowledged.get(epoch) ?? 0))
  }

  dialled(epoch: number, bridge: string, grantedTo: string | undefined, holder: string): void {
    this.#world.check(grantedTo === holder, 'only the holder dials', () => `${bridge} under ${epoch}`)
    const other = this.#dialled.get(epoch)
    this.#world.check(other === undefined, 'an epoch is dialled once', () => `${epoch}: ${other}, ${bridge}`)
    this.#dialled.set(epoch, bridge)
  }

  #checkStored(epoch: number, sequence: number): void {
    const held = this.#applied.slice(0, this.#stored).findLast((entry) => entry.epoch === epoch)
    this.#world.check((held?.sequence ?? 0) >= sequence, 'what is acknowledged is durable', () => {
      return `${epoch}/${sequence} was acknowledged, stored is ${epoch}/${held?.sequence ?? 0}`
    })
  }
}
