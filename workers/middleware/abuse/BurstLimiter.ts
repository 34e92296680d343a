/** A burst limit: this isolate's own, and beside it, where there is Redis, the one that all locations share. */
import type { RedisLink } from '../../storage/redis/redisLink.ts'
import { MemoryAbuseLimiter, type AbuseLimiter, type Allowance } from './abuseLimit.ts'
import { takeShared } from './sharedBucket.ts'
import {
  beginTelling,
  NOTHING_TOLD,
  served,
  sharedWaitMs,
  told,
  type SharedStanding,
} from './sharedStanding.ts'

const MAX_CLIENTS = 10_000
/** What a crowd asked for at once is told in two messages; what comes later, with the next request. */
const MAX_ROUNDS = 2

export class BurstLimiter {
  readonly #name: string
  readonly #allowance: Allowance
  readonly #local: AbuseLimiter
  readonly #standings = new Map<string, SharedStanding>()

  /** `name`: whose bursts; the client's name follows in Redis. */
  constructor(name: string, allowance: Allowance, local: AbuseLimiter = new MemoryAbuseLimiter(allowance)) {
    this.#name = name
    this.#allowance = allowance
    this.#local = local
  }

  /** Takes one: 0, or how long until there is one. */
  waitMs(client: string, nowMs: number): number {
    const standing = this.#of(client)
    const sharedMs = sharedWaitMs(standing, nowMs)
    if (sharedMs > 0) return sharedMs
    const localMs = this.#local.waitMs(client, 1, nowMs)
    if (localMs === 0) this.#remember(client, served(standing, 1))
    return localMs
  }

  /** Tells Redis what was served. Null when there is nothing to do. */
  share(redis: RedisLink, client: string, nowMs: () => number): Promise<void> | null {
    const begun = beginTelling(this.#of(client), nowMs())
    if (begun === null) return null
    this.#remember(client, begun.standing)
    return this.#tell(redis, client, begun.cost, nowMs)
  }

  async #tell(redis: RedisLink, client: string, cost: number, nowMs: () => number): Promise<void> {
    for (let due: number | undefined = cost, round = 1; due !== undefined && round <= MAX_ROUNDS; round++) {
      // oxlint-disable-next-line no-await-in-loop -- the second is what was served during the first
      const waitMs = await takeShared(redis, `${this.#name}:${client}`, this.#allowance, due)
      this.#remember(client, told(this.#of(client), waitMs, nowMs()))
      const begun = round < MAX_ROUNDS ? beginTelling(this.#of(client), nowMs()) : null
      if (begun !== null) this.#remember(client, begun.standing)
      due = begun?.cost
    }
  }

  #of(client: string): SharedStanding {
    return this.#standings.get(client) ?? NOTHING_TOLD
  }

  #remember(client: string, standing: SharedStanding): void {
    this.#standings.delete(client)
    this.#standings.set(client, standing)
    if (this.#standings.size <= MAX_CLIENTS) return
    const [oldest] = this.#standings.keys()
    if (oldest !== undefined) this.#standings.delete(oldest)
  }
}
