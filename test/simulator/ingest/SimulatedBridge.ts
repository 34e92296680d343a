import { readAnswer, type PostResult } from '#bridge/delivery/answer'
import { DEFAULT_DELIVERY } from '#bridge/delivery/delivery'
import { POST_TIMEOUT_MS } from '#bridge/delivery/poster'
import type { Journal } from '#bridge/journal/Journal'
import { LEASE_TIMEOUT_MS, readLeaseAnswer, type LeaseResult } from '#bridge/lease/askLease'
import { Lease } from '#bridge/lease/Lease'
import { SymbolPipeline, type PipelineOutcome } from '#bridge/pipeline/SymbolPipeline'
import { sealWindow } from '#bridge/pipeline/sealWindow'
import type { IngestAnswer } from '#schemas/ingest/answer'
import type { LeaseAnswer, LeaseRequest } from '#schemas/ingest/lease'
import { PROBLEMS, type ProblemCode } from '#schemas/problem'
import type { Cores } from '../cores.ts'
import type { Network } from '../world/Network.ts'
import type { Process } from '../world/Process.ts'
import type { IngestLedger } from './IngestLedger.ts'
import { JournalModel } from './JournalModel.ts'
import type { SimulatedLease } from './SimulatedLease.ts'
import { SOURCE } from './market.ts'
import type { SimulatedSymbol } from './SimulatedSymbol.ts'
import type { Vendor } from './Vendor.ts'

const LEASE_UNANSWERED = { kind: 'unavailable', reason: 'timeout', retryAfterMs: null } as const

export interface BridgeSurroundings {
  readonly cores: Cores
  readonly network: Network
  readonly vendor: Vendor
  readonly lease: SimulatedLease
  readonly symbol: SimulatedSymbol
  readonly ledger: IngestLedger
}

/** The bridge itself, all of it, on a simulated clock, disk, vendor and network; a supervisor starts it again. */
export class SimulatedBridge {
  readonly process: Process
  readonly #around: BridgeSurroundings
  readonly #journal: JournalModel
  #holder: string
  #holders = 0
  #attempts = 0
  #signedMs = 0
  #pipeline: SymbolPipeline | null = null

  constructor(process: Process, around: BridgeSurroundings) {
    this.process = process
    this.#around = around
    this.#journal = new JournalModel(process, (epoch, sequence) =>
      around.ledger.acknowledged(epoch, sequence),
    )
    this.#holder = this.#drawHolder()
  }

  get phase(): string {
    return this.process.isAlive ? (this.#pipeline?.status.phase ?? 'down') : 'down'
  }

  get unacknowledged(): number {
    return this.#journal.unacknowledged
  }

  start(): void {
    const { process } = this
    process.start()
    process.say('starts')
    const { random } = process.world
    const clock = { now: () => process.nowMs(), sleep: process.sleep.bind(process) }
    const { life } = process
    const pipeline = new SymbolPipeline({
      feed: this.#around.vendor.feedOf(process, () => this.#dials()),
      // The pipeline uses only what the model has.
      journal: this.#journal as unknown as Journal,
      lease: new Lease({
        ask: (request) => this.#ask(request),
        clock,
        random: () => random.uniform(),
        holder: this.#holderId(),
        source: SOURCE,
      }),
      post: (batch) => this.#post(batch),
      clock,
      random: () => random.uniform(),
      delivery: DEFAULT_DELIVERY,
      window: sealWindow(100),
      highWaterBatches: 8,
      shutdownMs: 1_000,
      log: ({ event, detail }) => process.say(`${event} ${detail}`),
    })
    this.#pipeline = pipeline
    void pipeline.run(new AbortController().signal).then((outcome) => {
      if (process.life === life) this.#ended(outcome)
    })
  }

  kill(isPowerCut: boolean): void {
    this.process.say(isPowerCut ? 'loses power' : 'is killed')
    this.process.kill()
    if (isPowerCut) this.#journal.cutPower()
  }

  #ended(outcome: PipelineOutcome): void {
    const { process } = this
    const text = JSON.stringify(outcome)
    process.say(`ends: ${text}`)
    const isRefused = outcome.kind === 'stopped' && outcome.stop.kind === 'refused'
    process.world.check(!isRefused, 'nothing a bridge sends is refused for good', () => text)
    process.kill()
    process.world.after(process.world.between(500, 3_000), () => {
      if (!process.isAlive) this.start()
    })
  }

  #dials(): void {
    const { epoch } = this.#journal
    this.process.say(`dials under ${epoch}`)
    const { lease, ledger } = this.#around
    ledger.dialled(epoch, this.process.name, lease.holderOfEpoch.get(epoch), this.#holder)
  }

  #post(batch: Uint8Array): Promise<PostResult> {
    const { network, symbol } = this.#around
    const signature = `${this.process.name} ${++this.#attempts}`
    const { promise, resolve } = Promise.withResolvers<PostResult>()
    network.call<IngestAnswer>(
      this.process,
      symbol.process,
      POST_TIMEOUT_MS,
      (reply) => symbol.serve(batch, signature, reply),
      (answer) =>
        resolve(
          answer === null
            ? this.#around.cores.unanswered
            : readAnswer(...httpOf(answer), this.process.nowMs()),
        ),
    )
    return promise
  }

  #ask(request: LeaseRequest): Promise<LeaseResult> {
    const { network, lease } = this.#around
    const askedMs = this.process.world.nowMs
    this.#signedMs = Math.max(this.process.nowMs(), this.#signedMs + 1)
    const signed = { ...request, signedMs: this.#signedMs }
    const { promise, resolve } = Promise.withResolvers<LeaseResult>()
    network.call<LeaseAnswer>(
      this.process,
      lease.process,
      LEASE_TIMEOUT_MS,
      (reply) => lease.serve(signed, askedMs, reply),
      (answer) =>
        resolve(
          answer === null ? LEASE_UNANSWERED : readLeaseAnswer(...httpOf(answer), this.process.nowMs()),
        ),
    )
    return promise
  }

  #holderId() {
    const holder = () => this.#holder
    return {
      get current() {
        return holder()
      },
      redraw: () => {
        this.#holder = this.#drawHolder()
      },
    }
  }

  #drawHolder(): string {
    return `${this.process.name}-${this.#holders++}`
  }
}

/** As the Worker puts it: status, Retry-After, body. */
function httpOf(
  answer: { readonly ok: true } | { readonly ok: false; readonly code: ProblemCode },
): [number, null, string] {
  return [answer.ok ? 200 : PROBLEMS[answer.code][0], null, JSON.stringify(answer)]
}
