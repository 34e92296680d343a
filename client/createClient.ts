/**
 * The typed way to Flipwire's data: REST and the live stream. Every failure of a request is an `ApiProblem`.
 *
 *     const client = createClient({ baseUrl, getToken, transport, environment })
 *     const { data, meta } = await client.levels('SPX')
 *     const stream = client.stream({ channels: ['gamma.SPX'], onFrame, onState })
 */
import * as v from 'valibot'
import { ApiProblem } from './rest/apiProblem.ts'
import { createReads, type Reads } from './rest/reads.ts'
import { request, type GetToken, type Transport } from './rest/request.ts'
import { askTicket, createTickets, type Tickets } from './rest/ticket.ts'
import { createWindows, type Windows } from './rest/windows.ts'
import type { StreamEnvironment } from './stream/environment.ts'
import { followChannels, type Following, type FollowOptions } from './stream/followChannels.ts'

export interface ClientOptions {
  /** Origin of the service, e.g. `https://flipwire.example`, without a trailing slash. */
  readonly baseUrl: string
  readonly getToken: GetToken
  readonly transport: Transport
  readonly environment: StreamEnvironment
  /**
   * What a socket is opened with, asked for every dial; null when the environment itself says who calls. By default a
   * ticket of the service.
   */
  readonly getTicket?: (options: { readonly renew: boolean }) => Promise<string | null>
}

export interface Client extends Reads, Windows, Tickets {
  /** One socket for all of these channels. */
  stream(options: FollowOptions): Following
}

export function createClient(options: ClientOptions): Client {
  const { baseUrl, getToken, transport, environment } = options
  const reads = createReads(options)
  const getTicket = options.getTicket ?? (({ renew }) => askTicket(options, renew))
  const stream = (wanted: FollowOptions) =>
    followChannels(wanted, {
      environment,
      dial: async ({ renew, wasRefused }) => {
        const ticket = await getTicket({ renew })
        if (ticket === null && wasRefused) await askSocket(baseUrl, getToken, transport)
        return streamUrl(baseUrl, ticket)
      },
      // The stream and the exposure route are one scope, and a refused read says what a closed socket does not.
      refusalOf: (symbol) => reads.exposure(symbol).then(() => null, orThrow),
    })
  return { ...reads, ...createWindows(options), ...createTickets(options), stream }
}

function streamUrl(baseUrl: string, ticket: string | null): string {
  const query = ticket === null ? '' : `?token=${encodeURIComponent(ticket)}`
  return `${baseUrl.replace(/^http/, 'ws')}/ws/v1${query}`
}

/** Asked without an upgrade, the address of the socket says in words why it refuses. */
async function askSocket(baseUrl: string, getToken: GetToken, transport: Transport): Promise<void> {
  try {
    await request(transport, `${baseUrl}/ws/v1`, v.unknown(), { getToken })
  } catch (cause) {
    if (!(cause instanceof ApiProblem && cause.code === 'upgrade_expected')) throw cause
  }
}

function orThrow(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause
  throw cause
}
