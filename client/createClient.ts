/**
 * The typed way to Flipwire's data: REST reads and the live stream. Every failure of a read is an `ApiProblem`.
 *
 *     const client = createClient({ baseUrl, getToken, transport, environment })
 *     const { data, meta } = await client.levels('SPX')
 *     const stream = client.openStream({ onStatus })
 *     const end = stream.subscribe('SPX', { onFrame })
 */
import { ApiProblem } from './rest/apiProblem.ts'
import { createReads, type Reads } from './rest/reads.ts'
import type { GetToken, Transport } from './rest/request.ts'
import type { StreamEnvironment } from './stream/environment.ts'
import { openStream, type Stream, type StreamHandlers } from './stream/openStream.ts'
import type { ConnectionStatus } from './stream/reconnect.ts'

export interface ClientOptions {
  /** Origin of the service, e.g. `https://flipwire.example`, without a trailing slash. */
  readonly baseUrl: string
  readonly getToken: GetToken
  readonly transport: Transport
  readonly environment: StreamEnvironment
}

export interface ConnectOptions {
  /** Binary by default: smaller. */
  readonly encoding?: 'json' | 'binary'
  readonly onStatus: (status: ConnectionStatus) => void
}

/** The stream of one symbol. */
export type GammaStream = Pick<Stream, 'retry' | 'close'>

export interface Client extends Reads {
  /** One socket for any number of symbols. */
  openStream(options: ConnectOptions): Stream
  /** A socket of its own for one symbol. */
  streamGamma(symbol: string, options: ConnectOptions & StreamHandlers): GammaStream
}

export function createClient({ baseUrl, getToken, transport, environment }: ClientOptions): Client {
  const reads = createReads({ baseUrl, getToken, transport })
  const connect = ({ encoding = 'binary', onStatus }: ConnectOptions) =>
    openStream({
      url: async (renew) => streamUrl(baseUrl, await getToken({ renew })),
      encoding,
      environment,
      // The stream and the exposure route are one scope, and a REST refusal can be read.
      needsUpgrade: (symbol) => reads.exposure(symbol).then(() => false, isUpgradeRequired),
      onStatus,
    })
  return {
    ...reads,
    openStream: connect,
    streamGamma: (symbol, options) => {
      const stream = connect(options)
      stream.subscribe(symbol, options)
      return stream
    },
  }
}

function streamUrl(baseUrl: string, token: string): string {
  return `${baseUrl.replace(/^http/, 'ws')}/ws/v1?token=${encodeURIComponent(token)}`
}

function isUpgradeRequired(cause: unknown): boolean {
  return cause instanceof ApiProblem && cause.code === 'upgrade_required'
}
