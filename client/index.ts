/**
 * `@flipwire/client`: the REST API for programs, in browsers, Node and workers.
 *
 *     const flipwire = connect('https://flipwire.example', { apiKey })
 *     const levels = await flipwire.levels('SPX')
 *     if (levels.ok) console.log(levels.value.data.nearestFlip)
 */
import { createGuestToken } from './guestToken.ts'
import { createReads, type Reads } from './rest/reads.ts'
import type { GetToken, Transport } from './rest/request.ts'
import { asResults, type Results } from './rest/results.ts'

export type { ChainOptions, PageOptions, Reads } from './rest/reads.ts'
export type { GetToken, Transport } from './rest/request.ts'
export type { Result, Results, Upgrade } from './rest/results.ts'
export type { Problem, ProblemCode } from '#schemas/problem'

export interface ConnectOptions {
  /** An API key, or a token that never changes. */
  readonly apiKey?: string
  /** Asked before every call; `renew` when the last token was refused. Without this and a key: guest tokens. */
  readonly getToken?: GetToken
  readonly transport?: Partial<Transport>
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** `baseUrl`: origin of the service, without a trailing slash. */
export function connect(baseUrl: string, options: ConnectOptions = {}): Results<Reads> {
  const transport: Transport = {
    fetch: (url, init) => fetch(url, init),
    sleep,
    random: Math.random,
    ...options.transport,
  }
  const { apiKey } = options
  const getToken =
    options.getToken ??
    (apiKey === undefined
      ? createGuestToken({ baseUrl, transport, nowMs: Date.now })
      : () => Promise.resolve(apiKey))
  return asResults(createReads({ baseUrl, getToken, transport }))
}
