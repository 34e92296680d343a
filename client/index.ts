/**
 * `@flipwire/client`: a Flipwire service for programs, in browsers, Node and workers.
 *
 *     const flipwire = connect('https://flipwire.example', { apiKey })
 *     const levels = await flipwire.levels('SPX')
 *     if (levels.ok) console.log(levels.value.data.nearestFlip)
 *     const stream = flipwire.stream({ channels: ['gamma.SPX'], onFrame: (frame) => console.log(frame.netGex) })
 */
import { createClient, type ClientOptions } from './createClient.ts'
import { createGuestToken } from './guestToken.ts'
import type { Reads } from './rest/reads.ts'
import type { GetToken, Transport } from './rest/request.ts'
import { asResults, type Results } from './rest/results.ts'
import type { Tickets } from './rest/ticket.ts'
import type { Windows } from './rest/windows.ts'
import type { StreamEnvironment } from './stream/environment.ts'
import type { Following, FollowOptions } from './stream/followChannels.ts'
import { canSendHeaders, runtimeEnvironment } from './stream/runtimeEnvironment.ts'

export type { ChainOptions, PageOptions, Reads } from './rest/reads.ts'
export type { GetToken, Transport } from './rest/request.ts'
export type { Result, Results, Upgrade } from './rest/results.ts'
export type { Tickets } from './rest/ticket.ts'
export type { SocketTicket } from '#schemas/claims'
export type { CloseWindowOptions, OpenWindowOptions, Windows } from './rest/windows.ts'
export type { StreamEnvironment } from './stream/environment.ts'
export type { Following as Stream, FollowOptions as StreamOptions } from './stream/followChannels.ts'
export type { CloseReason, StreamState } from './stream/streamState.ts'
export {
  verifyWebhook,
  type VerifiedWebhook,
  type WebhookHeaders,
  type WebhookMessage,
  type WebhookRefusal,
} from './webhooks/verifyWebhook.ts'
export type { GammaFrame } from '#schemas/frame/gamma'
export type { Problem, ProblemCode } from '#schemas/problem'
export type { WebhookEvent, WebhookEventType } from '#schemas/webhookEvents'

export interface ConnectOptions {
  /** An API key, or a token that never changes. */
  readonly apiKey?: string
  /** Asked before every call; `renew` when the last token was refused. Without this and a key: guest tokens. */
  readonly getToken?: GetToken
  /** Asked before every dial of a stream, e.g. of a server of yours; by default the service is, with the token. */
  readonly getTicket?: NonNullable<ClientOptions['getTicket']>
  readonly transport?: Partial<Transport>
  /** For tests: sockets, timers and clock of streams. */
  readonly environment?: StreamEnvironment
}

export interface Flipwire extends Results<Reads & Windows & Tickets> {
  /** Live frames of these channels over one socket, which comes back by itself. */
  stream(options: FollowOptions): Following
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** `baseUrl`: origin of the service, without a trailing slash. */
export function connect(baseUrl: string, options: ConnectOptions = {}): Flipwire {
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
  // A key opens sockets by itself, and never from an address. Where no header can be sent, a ticket is asked for.
  const isInHeader =
    apiKey !== undefined &&
    options.getToken === undefined &&
    options.getTicket === undefined &&
    canSendHeaders
  const headers = isInHeader ? { authorization: `Bearer ${apiKey}` } : {}
  const getTicket = options.getTicket ?? (isInHeader ? () => Promise.resolve(null) : undefined)
  const { stream, ...calls } = createClient({
    baseUrl,
    getToken,
    transport,
    environment: options.environment ?? runtimeEnvironment({ fetch: transport.fetch, headers }),
    ...(getTicket === undefined ? {} : { getTicket }),
  })
  return { ...asResults(calls), stream }
}
