/** Every read of the REST API, typed and checked. A failure is thrown as an `ApiProblem`. */
import {
  ChainSchema,
  ExposureSchema,
  HealthSchema,
  LevelsSchema,
  SnapshotListSchema,
  StrikesSchema,
  SymbolsSchema,
  TimelineSchema,
  UsageSchema,
  type ChainPage,
  type Exposure,
  type Health,
  type Levels,
  type SnapshotList,
  type Strikes,
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
import { SnapshotSchema, type Snapshot } from '#schemas/snapshot'
import { request, type GetToken, type Transport } from './request.ts'

export interface ReadOptions {
  /** Origin of the service, e.g. `https://flipwire.example`, without a trailing slash. */
  readonly baseUrl: string
  readonly getToken: GetToken
  readonly transport: Transport
}

export interface PageOptions {
  readonly cursor?: string
  readonly limit?: number
}

export interface ChainOptions extends PageOptions {
  /** Settlement date `YYYY-MM-DD`. */
  readonly expiry?: string
  readonly right?: 'call' | 'put'
}

export interface Reads {
  symbols(): Promise<Symbols>
  exposure(symbol: string): Promise<Exposure>
  strikes(symbol: string): Promise<Strikes>
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
  snapshots(symbol: string, options?: PageOptions): Promise<SnapshotList>
  snapshot(symbol: string, id: string): Promise<Snapshot>
  usage(): Promise<Usage>
  /** Needs no token. */
  health(): Promise<Health>
}

export function createReads({ baseUrl, getToken, transport }: ReadOptions): Reads {
  const read = <T extends Parameters<typeof request>[2]>(path: string, schema: T) =>
    request(transport, `${baseUrl}/v1/${path}`, schema, { getToken })
  const segment = encodeURIComponent
  return {
    symbols: () => read('symbols', SymbolsSchema),
    exposure: (symbol) => read(`exposure/${segment(symbol)}`, ExposureSchema),
    strikes: (symbol) => read(`exposure/${segment(symbol)}/strikes`, StrikesSchema),
    timeline: (symbol) => read(`exposure/${segment(symbol)}/timeline`, TimelineSchema),
    levels: (symbol) => read(`levels/${segment(symbol)}`, LevelsSchema),
    volatility: (symbol) => read(`volatility/${segment(symbol)}`, VolatilitySchema),
    metrics: (symbol, families) =>
      read(`metrics/${segment(symbol)}${query({ family: families?.join(',') })}`, MetricsSchema),
    explain: (symbol, metricId) => read(`explain/${segment(symbol)}/${segment(metricId)}`, ExplanationSchema),
    methods: () => request(transport, `${baseUrl}/v1/methods`, MethodsSchema),
    chain: (symbol, options = {}) => read(`chain/${segment(symbol)}${query({ ...options })}`, ChainSchema),
    snapshots: (symbol, options = {}) =>
      read(`snapshots/${segment(symbol)}${query({ ...options })}`, SnapshotListSchema),
    snapshot: (symbol, id) => read(`snapshots/${segment(symbol)}/${segment(id)}`, SnapshotSchema),
    usage: () => read('usage', UsageSchema),
    health: () => request(transport, `${baseUrl}/v1/health`, HealthSchema),
  }
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) given.set(name, String(value))
  }
  return given.size === 0 ? '' : `?${given.toString()}`
}
