import { Publisher } from '#durable-objects/symbol/stream/publisher'
import { checkpointOf, type LiveState } from '#durable-objects/symbol/state'
import { RecentSignatures } from '#durable-objects/lib/recentSignatures'
import type { IngestAnswer } from '#schemas/ingest/answer'
import type { GammaFrame } from '#schemas/frame/gamma'
import { quantise } from '#schemas/stream/quantise'
import type { Cores } from '../cores.ts'
import { GatedStorage } from '../world/GatedStorage.ts'
import type { Process } from '../world/Process.ts'
import { frameOf } from '../stream/frameOf.ts'
import type { IngestLedger } from './IngestLedger.ts'
import { SYMBOL } from './market.ts'

/** What is on disk. */
interface Stored {
  checkpoint: Uint8Array | null
  tail: Uint8Array[]
  streamEpoch: number
}

/** Told of every frame when it is made and when it leaves. */
export interface FrameListener {
  made(frame: GammaFrame): void
  leaves(frame: GammaFrame): void
  died(): void
}

const CHECKPOINT_EVERY = 15

/** The symbol's object around its own decisions: stores, applies, then answers, with nothing in between. */
export class SimulatedSymbol {
  readonly process: Process
  readonly #cores: Cores
  readonly #ledger: IngestLedger
  readonly #listener: FrameListener
  readonly #storage: GatedStorage
  readonly #stored: Stored = { checkpoint: null, tail: [], streamEpoch: 0 }
  #state: LiveState
  #publisher = new Publisher()
  #signatures = new RecentSignatures()
  #tailLength = 0
  /** As this life of the object knows it. */
  #streamEpoch = 0
  newest: GammaFrame | null = null

  constructor(process: Process, cores: Cores, ledger: IngestLedger, listener: FrameListener) {
    this.process = process
    this.#cores = cores
    this.#ledger = ledger
    this.#listener = listener
    this.#storage = new GatedStorage(process, cores.holdsOutputs)
    this.#state = this.#restore()
  }

  serve(bytes: Uint8Array, signature: string, reply: (answer: IngestAnswer) => void): void {
    const nowMs = this.process.nowMs()
    const answer = this.#answerTo(bytes, signature, nowMs)
    this.#storage.say(() => reply(answer))
    if (!answer.ok || answer.status !== 'applied') return
    const delayMs = this.#publisher.request(nowMs)
    if (delayMs !== null) this.process.after(delayMs, () => this.#publish())
    if (this.#tailLength >= CHECKPOINT_EVERY) this.process.after(1, () => this.#checkpoint())
  }

  /** The newest frame leaves again, to `leave`, behind whatever is not stored yet. */
  say(leave: () => void): void {
    this.#storage.say(leave)
  }

  kill(): void {
    this.#storage.lose()
    this.process.say(`is killed; ${this.#stored.tail.length} batches on a checkpoint are stored`)
    this.process.kill()
    this.#listener.died()
  }

  restart(): void {
    this.process.start()
    this.#publisher = new Publisher()
    this.#signatures = new RecentSignatures()
    this.newest = null
    this.#state = this.#restore()
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

  #publish(): void {
    this.#publisher.timerEnded()
    const nowMs = this.process.nowMs()
    const { book } = this.#state
    if (book.asOfMs === null) return
    const position = this.#publisher.publish(nowMs, () => this.#nextStreamEpoch())
    const frame = quantise(frameOf(book, position, nowMs))
    this.newest = frame
    this.#listener.made(frame)
    this.#storage.say(() => this.#listener.leaves(frame))
  }

  #nextStreamEpoch(): number {
    const epoch = this.#cores.nextStreamEpoch(this.#streamEpoch)
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
