/**
 * The typed way to Flipwire's data: REST reads and the live gamma stream. Every failure is an `ApiProblem`.
 *
 *     const client = createClient({ baseUrl, getToken, transport, environment })
 *     const { data, meta } = await client.levels('SPX')
 *     const stream = client.streamGamma('SPX', { onFrame, onStatus })
 */
import type { GammaFrame } from '#schemas/frame/gamma'
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
import { openGammaStream, type GammaStream } from './stream/gammaStream.ts'
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

export interface StreamOptions {
  /** Binary by default: smaller, and checksummed. */
  readonly encoding?: 'json' | 'binary'
  readonly onFrame: (frame: GammaFrame) => void
  readonly onStatus: (status: ConnectionStatus) => void
}

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
  streamGamma(symbol: string, options: StreamOptions): GammaStream
}

export function createClient({ baseUrl, getToken, transport, environment }: ClientOptions): Client {
  const read = <T extends Parameters<typeof request>[2]>(route: string, schema: T) =>
    request(transport, `${baseUrl}/v1/${route}`, schema, { getToken })

  const exposure = (symbol: string) => read(`exposure/${encodeURIComponent(symbol)}`, ExposureSchema)
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
    streamGamma: (symbol, { encoding = 'binary', onFrame, onStatus }) =>
      openGammaStream({
        url: async (renew) => streamUrl(baseUrl, symbol, await getToken({ renew })),
        encoding,
        environment,
        // The stream and the exposure route are one scope, and a REST refusal can be read.
        needsUpgrade: () => exposure(symbol).then(() => false, isUpgradeRequired),
        onFrame,
        onStatus,
      }),
  }
}

function streamUrl(baseUrl: string, symbol: string, token: string): string {
  const origin = baseUrl.replace(/^http/, 'ws')
  return `${origin}/ws/gamma-compact/${encodeURIComponent(symbol)}?token=${encodeURIComponent(token)}`
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
