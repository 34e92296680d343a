import { NO_LEASE, type LeaseState, type SignedLeaseRequest } from '#durable-objects/bridge/lease'
import type { LeaseAnswer, LeaseGranted } from '#schemas/ingest/lease'
import type { Cores } from '../cores.ts'
import { GatedStorage } from '../world/GatedStorage.ts'
import type { Process } from '../world/Process.ts'

/** The lease object: stores what the core decides, then answers. */
export class SimulatedLease {
  readonly process: Process
  readonly #cores: Cores
  readonly #storage: GatedStorage
  #stored: LeaseState = NO_LEASE
  #state: LeaseState = NO_LEASE
  /** As granted, whether or not the answer arrived. */
  readonly holderOfEpoch = new Map<number, string>()
  #newest = { epoch: 0, holder: '', untilMs: 0 }

  constructor(process: Process, cores: Cores) {
    this.process = process
    this.#cores = cores
    this.#storage = new GatedStorage(process, cores.holdsOutputs)
  }

  get newestHolder(): string {
    return this.#newest.holder
  }

  /** `askedMs`: when, in true time. */
  serve(request: SignedLeaseRequest, askedMs: number, reply: (answer: LeaseAnswer) => void): void {
    const decidedMs = this.process.world.nowMs
    const { state, answer } = this.#cores.decideLease(this.#state, request, this.process.nowMs())
    this.#state = state
    if (answer.ok) {
      this.#storage.write(() => {
        this.#stored = state
      })
    }
    this.#storage.say(() => {
      if (answer.ok) this.#answered(request, answer, askedMs, decidedMs)
      reply(answer)
    })
  }

  kill(): void {
    this.#storage.lose()
    this.process.kill()
  }

  restart(): void {
    this.process.start()
    this.#state = this.#stored
  }

  /** Of answers that left: no epoch twice, none lower than before, no second holder before the first one's time is up. */
  #answered(
    request: SignedLeaseRequest,
    { epoch, ttlMs }: LeaseGranted,
    askedMs: number,
    decidedMs: number,
  ): void {
    const { world } = this.process
    const newest = this.#newest
    if (request.op === 'release') {
      if (epoch === newest.epoch) this.#newest = { ...newest, untilMs: 0 }
      return
    }
    const sameUntilMs = request.holder === newest.holder ? newest.untilMs : 0
    const untilMs = Math.max(sameUntilMs, askedMs + ttlMs)
    if (request.op === 'renew') {
      const isHeld = epoch === newest.epoch && request.holder === newest.holder
      world.check(isHeld, 'only the holder renews', () => `${request.holder} renewed ${epoch}`)
      this.#newest = { ...newest, untilMs }
      return
    }
    this.process.say(`grants ${epoch} to ${request.holder}`)
    world.check(epoch > newest.epoch, 'epochs rise', () => `${epoch} after ${newest.epoch}`)
    const isFree = request.holder === newest.holder || decidedMs >= newest.untilMs
    world.check(isFree, 'one holder at a time', () => `${request.holder} beside ${newest.holder}`)
    this.#newest = { epoch, holder: request.holder, untilMs }
    this.holderOfEpoch.set(epoch, request.holder)
  }
}
