/**
 * Calls to Redis that nobody has to fear: each ends within its budget, none rejects, what comes back is of the form that
 * was expected, and a server that keeps failing is left alone for a while.
 */
import { Redis } from '@upstash/redis/cloudflare'
import * as v from 'valibot'
import { admitCall, afterFailure, CLOSED, type BreakerRules } from './breaker.ts'

const RULES: BreakerRules = { failuresToOpen: 3, openMs: 10_000 }
const LOGGED_CHARACTERS = 200

export interface RedisAddress {
  readonly url: string
  readonly token: string
}

export interface RedisLinkOptions extends RedisAddress {
  readonly timeoutMs: number
  readonly nowMs?: () => number
  /** Told when the breaker opens. */
  readonly onOpen?: (cause: unknown) => void
}

export type RedisAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

export class RedisLink {
  readonly #redis: Redis
  readonly #nowMs: () => number
  readonly #onOpen: (cause: unknown) => void
  #breaker = CLOSED

  constructor({ url, token, timeoutMs, nowMs = Date.now, onOpen = logOutage }: RedisLinkOptions) {
    this.#nowMs = nowMs
    this.#onOpen = onOpen
    this.#redis = new Redis({
      url,
      token,
      // `false` would be one retry (1.39.0).
      retry: { retries: 0 },
      // Holds for the body too, and so bounds how much of it there can be.
      signal: () => AbortSignal.timeout(timeoutMs),
      automaticDeserialization: false,
      // On by default, and then calls of different requests share a fetch, which in workerd belongs to one of them.
      enableAutoPipelining: false,
      enableTelemetry: false,
      readYourWrites: false,
    })
  }

  /** Not ok: out of reach, too late, an error of the server, or an answer of another form. */
  async ask<S extends v.GenericSchema>(
    schema: S,
    command: (redis: Redis) => Promise<unknown>,
  ): Promise<RedisAnswer<v.InferOutput<S>>> {
    const admitted = admitCall(this.#breaker, RULES, this.#nowMs())
    if (admitted === null) return { ok: false }
    this.#breaker = admitted
    try {
      const value = v.parse(schema, await command(this.#redis))
      this.#breaker = CLOSED
      return { ok: true, value }
    } catch (cause) {
      this.#fail(cause)
      return { ok: false }
    }
  }

  #fail(cause: unknown): void {
    const wasOpen = this.#breaker.openUntilMs !== null
    this.#breaker = afterFailure(this.#breaker, RULES, this.#nowMs())
    if (!wasOpen && this.#breaker.openUntilMs !== null) this.#onOpen(cause)
  }
}

/** Cut, because the client's errors repeat the command, and with it what was to be stored. */
function logOutage(cause: unknown): void {
  const [why = ''] = String(cause).split(', command was')
  console.error(
    JSON.stringify({ level: 'error', message: 'redis left alone', cause: why.slice(0, LOGGED_CHARACTERS) }),
  )
}
