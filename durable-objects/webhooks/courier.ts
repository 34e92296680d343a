/**
 * Brings events to endpoints: each endpoint in a lane of its own, so that a slow one keeps no other waiting. An attempt is
 * made, then marked; what dies in between is attempted again.
 */
import type { Deliveries, Delivery } from './deliveries.ts'
import type { Endpoint, Endpoints } from './endpoints.ts'
import { signedHeaders } from './signature.ts'
import { afterAttempt, type Attempt, type Verdict } from './schedule.ts'

/** Attempts at once to one endpoint. */
const PARALLEL = 4
/** An alarm may take a quarter of an hour; the next one goes on. */
const RUN_MS = 60_000
/** After something failed here, not at the endpoint. */
const STUMBLE_MS = 15_000

export interface CourierPort {
  readonly endpoints: Endpoints
  readonly deliveries: Deliveries
  transaction(work: () => void): void
  /** What to sign with. Null: nothing may be sent, and the endpoint is paused by now. */
  admit(endpoint: Endpoint): Promise<readonly string[] | null>
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Attempt>
  /** An endpoint was turned off. */
  disabled(): void
  failed(endpoint: string, error: unknown): void
}

export class Courier {
  readonly #port: CourierPort
  readonly #lanes = new Map<string, Promise<void>>()
  /** Lanes that failed, until when they rest. */
  readonly #stumbled = new Map<string, number>()
  #endsMs = 0

  constructor(port: CourierPort) {
    this.#port = port
  }

  /** Brings what is due, and what becomes due meanwhile, for about a minute at most. Never rejects. */
  async run(): Promise<void> {
    this.#endsMs = Date.now() + RUN_MS
    this.wake()
    // The lanes that are there when one ends, again and again.
    // oxlint-disable-next-line no-await-in-loop
    while (this.#lanes.size > 0) await Promise.race(this.#lanes.values())
    this.#endsMs = 0
  }

  /** There may be something new. Without a run in progress the alarm sees to it. */
  wake(): void {
    if (Date.now() >= this.#endsMs) return
    for (const endpoint of this.#port.endpoints.all()) {
      if (!isOn(endpoint) || this.#lanes.has(endpoint.id)) continue
      this.#lanes.set(endpoint.id, this.#drive(endpoint.id))
    }
  }

  /** When there will be something to bring; null when there is nothing. */
  nextMs(): number | null {
    const { endpoints, deliveries } = this.#port
    const times = endpoints.all().flatMap((endpoint) => {
      const dueMs = isOn(endpoint) ? deliveries.firstDueMs(endpoint.id) : null
      return dueMs === null ? [] : [Math.max(dueMs, this.#restUntilMs(endpoint))]
    })
    return times.length === 0 ? null : Math.min(...times)
  }

  async #drive(id: string): Promise<void> {
    try {
      for (let isMore = true; isMore && Date.now() < this.#endsMs;) {
        // oxlint-disable-next-line no-await-in-loop
        isMore = await this.#bringSome(id)
      }
    } catch (error) {
      this.#stumbled.set(id, Date.now() + STUMBLE_MS)
      this.#port.failed(id, error)
    } finally {
      this.#lanes.delete(id)
    }
  }

  /** False when nothing is due, or may be. */
  async #bringSome(id: string): Promise<boolean> {
    const nowMs = Date.now()
    if (!this.#isDue(id, nowMs)) return false
    const asked = this.#port.endpoints.find(id)
    const secrets = asked && (await this.#port.admit(asked))
    // As it is now: it may have been changed while that was found out.
    const endpoint = this.#port.endpoints.find(id)
    if (secrets === null || endpoint === null || !isOn(endpoint)) return false
    const due = this.#port.deliveries.due(id, nowMs, PARALLEL)
    await Promise.all(due.map((delivery) => this.#bring(endpoint, secrets, delivery)))
    return due.length > 0
  }

  #isDue(id: string, nowMs: number): boolean {
    const endpoint = this.#port.endpoints.find(id)
    if (endpoint === null || !isOn(endpoint) || nowMs < this.#restUntilMs(endpoint)) return false
    return (this.#port.deliveries.firstDueMs(id) ?? Infinity) <= nowMs
  }

  #restUntilMs({ id, restUntilMs }: Endpoint): number {
    return Math.max(restUntilMs, this.#stumbled.get(id) ?? 0)
  }

  async #bring(
    endpoint: Endpoint,
    secrets: readonly string[],
    { n, event, body, attempts }: Delivery,
  ): Promise<void> {
    const { endpoints, deliveries } = this.#port
    const headers = await signedHeaders({ id: event, body }, secrets, Date.now())
    const attempt = await this.#port.post(endpoint.url, headers, body)
    const nowMs = Date.now()
    this.#port.transaction(() => {
      // As it is now: others of this endpoint have come back meanwhile, or it was removed.
      const current = endpoints.find(endpoint.id)
      if (current === null) return
      const after = afterAttempt(attempt, attempts + 1, current, nowMs, Math.random())
      const isOff = current.disabled !== null || after.disabled !== null
      deliveries.settle(n, isOff ? givenUp(after.delivery) : after.delivery, attempt.status, nowMs)
      endpoints.writeHealth(endpoint.id, after.health)
      if (after.disabled === null || current.disabled !== null) return
      endpoints.disable(endpoint.id, after.disabled)
      deliveries.giveUp(endpoint.id, `the endpoint was turned off: ${after.disabled}`)
      this.#port.disabled()
    })
  }
}

function isOn({ disabled, pause }: Endpoint): boolean {
  return disabled === null && pause === null
}

/** Nothing waits for an endpoint that is turned off. */
function givenUp(verdict: Verdict): Verdict {
  return verdict.state === 'queued' ? { state: 'dead', error: verdict.error } : verdict
}
