import { Publisher } from '#durable-objects/symbol/stream/publisher'
import { checkpointOf, type LiveState } from '#durable-objects/symbol/state'
import { RecentSignatures } from '#durable-objects/lib/recentSignatures'
import type { IngestAnswer } from '#schemas/ingest/answer'
import { quantise } from '#schemas/stream/quantise'
import type { Cores } from '../cores.ts'
import { GatedStorage } from '../world/GatedStorage.ts'
import type { Process } from '../world/Process.ts'
import { frameOf } from '../stream/frameOf.ts'
import type { SimulatedHub } from '../stream/SimulatedHub.ts'
import type { IngestLedger } from './IngestLedger.ts'
import { SYMBOL } from './market.ts'

/** What is on disk. */
interface Stored {
  checkpoint: Uint8Array | null
  tail: Uint8Array[]
  streamEpoch: number | null
  relays: readonly string[]
}

const CHECKPOINT_EVERY = 15

/** The symbol's object around its own decisions: stores, applies, then answers, with nothing in between. */
export class SimulatedSymbol {
  readonly process: Process
  readonly #cores: Cores
  readonly #ledger: IngestLedger
  readonly #createHub: (joined: readonly string[]) => SimulatedHub
  readonly #storage: GatedStorage
  readonly #stored: Stored = { checkpoint: null, tail: [], streamEpoch: null, relays: [] }
  #state: LiveState
  hub: SimulatedHub
  #publisher = new Publisher()
  #signatures = new RecentSignatures()
  #tailLength = 0
  /** Of the book, in the newest frame of this life. */
  #publishedVersion: number | null = null
  /** As this life of the object knows it. */
  #streamEpoch: number | null = null

  /** `createHub`: for each life, with the names of the relays that joined. */
  constructor(
    process: Process,
    cores: Cores,
    ledger: IngestLedger,
    createHub: (symbol: SimulatedSymbol, joined: readonly string[]) => SimulatedHub,
  ) {
    this.process = process
    this.#cores = cores
    this.#ledger = ledger
    this.#createHub = (joined) => createHub(this, joined)
    this.#storage = new GatedStorage(process, cores.holdsOutputs)
    this.#state = this.#restore()
    this.hub = this.#createHub([])
  }

  serve(bytes: Uint8Array, signature: string, reply: (answer: IngestAnswer) => void): void {
    const nowMs = this.process.nowMs()
    const answer = this.#answerTo(bytes, signature, nowMs)
    this.#storage.say(() => reply(answer))
    if (!answer.ok || answer.status !== 'applied') return
    const delayMs = this.#publisher.request(nowMs)
    if (delayMs !== null) this.process.after(delayMs, () => this.publish())
    if (this.#tailLength >= CHECKPOINT_EVERY) this.process.after(1, () => this.#checkpoint())
  }

  /** `leave` runs once everything before it is stored. */
  say(leave: () => void): void {
    this.#storage.say(leave)
  }

  /** A frame, if the book says something new. */
  publish(): void {
    this.#publisher.timerEnded()
    const { book } = this.#state
    if (book.asOfMs === null || book.version === this.#publishedVersion) return
    this.#publishedVersion = book.version
    const nowMs = this.process.nowMs()
    const position = this.#publisher.publish(nowMs, () => this.#nextStreamEpoch(nowMs))
    this.hub.publish(quantise(frameOf(book, position, nowMs)))
  }

  kill(): void {
    this.#storage.lose()
    this.process.say(`is killed; ${this.#stored.tail.length} batches on a checkpoint are stored`)
    this.process.kill()
  }

  /** What it had stored of its stream is gone, as if all of its storage were; what bridges were promised stays. */
  loseStream(): void {
    this.process.say('loses what it stored of its stream')
    this.#stored.streamEpoch = null
    this.#stored.relays = []
  }

  restart(): void {
    this.process.start()
    this.#publisher = new Publisher()
    this.#signatures = new RecentSignatures()
    this.#publishedVersion = null
    this.#state = this.#restore()
    this.hub = this.#createHub(this.#stored.relays)
  }

  storeRelays(names: readonly string[]): void {
    this.#storage.write(() => {
      this.#stored.relays = names
    })
  }

  #restore(): LiveState {
    const { checkpoint, tail, streamEpoch } = this.#stored
    const stored = { readCheckpoint: () => checkpoint, readTail: () => tail }
    const { world } = this.process
    const state = this.#cores.restoreOrBegin(stored, (error) =>
      world.check(false, 'what is stored can be restored', () => String(error)),
    )
    this.#tailLength = tail.length
    this.#streamEpoch = streamEpoch
    this.#ledger.restored(state.book)
    return state
  }

  #answerTo(bytes: Uint8Array, signature: string, nowMs: number): IngestAnswer {
    if (!this.#signatures.admit(signature, nowMs)) {
      return { ok: false, code: 'replayed_request', field: 'signature', detail: '' }
    }
    const admission = this.#cores.admitBatch(this.#state, SYMBOL, bytes)
    if (admission.kind === 'answer') return admission.answer
    const { epoch, sequence } = admission.valid.batch
    const count = this.#ledger.applied + 1
    this.#storage.write(() => {
      this.#stored.tail.push(bytes)
      this.#ledger.stored(count)
    })
    this.#tailLength++
    const { flagged } = this.#cores.applyToState(this.#state, admission.valid, nowMs)
    this.process.say(`applies ${epoch}/${sequence}`)
    this.#ledger.applyOnce(admission.valid.batch, this.#state.book)
    return { ok: true, status: 'applied', position: { epoch, sequence }, flagged }
  }

  #nextStreamEpoch(nowMs: number): number {
    const epoch = this.#cores.nextStreamEpoch(this.#streamEpoch, nowMs)
    this.#streamEpoch = epoch
    this.#storage.write(() => {
      this.#stored.streamEpoch = epoch
    })
    return epoch
  }

  #checkpoint(): void {
    if (this.#tailLength < CHECKPOINT_EVERY) return
    const bytes = checkpointOf(this.#state)
    this.#tailLength = 0
    this.#storage.write(() => {
      this.#stored.checkpoint = bytes
      // Writes are stored in order: what is in the tail by then is what the checkpoint covers.
      this.#stored.tail = []
    })
  }
}
