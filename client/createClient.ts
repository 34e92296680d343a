/**
 * The typed way to Flipwire's data: REST reads and the live stream. Every failure of a read is an `ApiProblem`.
 *
 *     const client = createClient({ baseUrl, getToken, transport, environment })
 *     const { data, meta } = await client.levels('SPX')
 *     const stream = client.openStream({ onStatus })
 *     const end = stream.subscribe('SPX', { onFrame })
 */
import {
  ChainSchema,
  ExposureSchema,
  HealthSchema,
  LevelsSchema,
  SnapshotListSchema,
  SymbolsSchema,
  TimelineSchema,
  UsageSchema,
  type ChainPage,
  type Exposure,
  type Health,
  type Levels,
  type SnapshotList,
  type Symbols,
  type Timeline,
  type Usage,
} from '#schemas/rest/models'
import {
  ExplanationSchema,
  MethodsSchema,
  MetricsSchema,
  type Explanation,
  type Methods,
  type MetricFamily,
  type Metrics,
} from '#schemas/rest/metrics'
import { VolatilitySchema, type Volatility } from '#schemas/rest/volatility'
import { ApiProblem } from './rest/apiProblem.ts'
import { request, type GetToken, type Transport } from './rest/request.ts'
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

export interface ChainOptions {
  /** Settlement date `YYYY-MM-DD`. */
  readonly expiry?: string
  readonly right?: 'call' | 'put'
  readonly cursor?: string
  readonly limit?: number
}

export interface ConnectOptions {
  /** Binary by default: smaller. */
  readonly encoding?: 'json' | 'binary'
  readonly onStatus: (status: ConnectionStatus) => void
}

/** The stream of one symbol. */
export type GammaStream = Pick<Stream, 'retry' | 'close'>

export interface Client {
  symbols(): Promise<Symbols>
  exposure(symbol: string): Promise<Exposure>
  timeline(symbol: string): Promise<Timeline>
  levels(symbol: string): Promise<Levels>
  volatility(symbol: string): Promise<Volatility>
  /** All but the largest families without `families`. */
  metrics(symbol: string, families?: readonly MetricFamily[]): Promise<Metrics>
  /** What a metric, such as `gammaPulse.netGex`, rests on. */
  explain(symbol: string, metricId: string): Promise<Explanation>
  /** What every metric means. Needs no token. */
  methods(): Promise<Methods>
  chain(symbol: string, options?: ChainOptions): Promise<ChainPage>
  snapshots(symbol: string, options?: { readonly cursor?: string }): Promise<SnapshotList>
  usage(): Promise<Usage>
  /** Needs no token. */
  health(): Promise<Health>
  /** One socket for any number of symbols. */
  openStream(options: ConnectOptions): Stream
  /** A socket of its own for one symbol. */
  streamGamma(symbol: string, options: ConnectOptions & StreamHandlers): GammaStream
}

export function createClient({ baseUrl, getToken, transport, environment }: ClientOptions): Client {
  const read = <T extends Parameters<typeof request>[2]>(route: string, schema: T) =>
    request(transport, `${baseUrl}/v1/${route}`, schema, { getToken })

  const exposure = (symbol: string) => read(`exposure/${encodeURIComponent(symbol)}`, ExposureSchema)
  const connect = ({ encoding = 'binary', onStatus }: ConnectOptions) =>
    openStream({
      url: async (renew) => streamUrl(baseUrl, await getToken({ renew })),
      encoding,
      environment,
      // The stream and the exposure route are one scope, and a REST refusal can be read.
      needsUpgrade: (symbol) => exposure(symbol).then(() => false, isUpgradeRequired),
      onStatus,
    })
  return {
    exposure,
    symbols: () => read('symbols', SymbolsSchema),
    timeline: (symbol) => read(`exposure/${encodeURIComponent(symbol)}/timeline`, TimelineSchema),
    levels: (symbol) => read(`levels/${encodeURIComponent(symbol)}`, LevelsSchema),
    volatility: (symbol) => read(`volatility/${encodeURIComponent(symbol)}`, VolatilitySchema),
    metrics: (symbol, families) =>
      read(`metrics/${encodeURIComponent(symbol)}${query({ family: families?.join(',') })}`, MetricsSchema),
    explain: (symbol, metricId) =>
      read(`explain/${encodeURIComponent(symbol)}/${encodeURIComponent(metricId)}`, ExplanationSchema),
    methods: () => request(transport, `${baseUrl}/v1/methods`, MethodsSchema),
    chain: (symbol, options = {}) =>
      read(`chain/${encodeURIComponent(symbol)}${query({ ...options })}`, ChainSchema),
    snapshots: (symbol, options = {}) =>
      read(`snapshots/${encodeURIComponent(symbol)}${query({ ...options })}`, SnapshotListSchema),
    usage: () => read('usage', UsageSchema),
    health: () => request(transport, `${baseUrl}/v1/health`, HealthSchema),
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

function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) given.set(name, String(value))
  }
  return given.size === 0 ? '' : `?${given.toString()}`
}
