/**
 * What the Worker may ask of a symbol's object over RPC. Reads answer null while the object has never applied a
 * batch. The socket upgrade goes through `fetch` with the caller in headers (see `fanout/caller.ts`).
 */
import type { IngestAnswer } from '#schemas/ingest/answer'
import type { Drained } from '#schemas/ingest/drain'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { FeedKind } from '#schemas/feed'
import type { Explanation, MetricFamily, Metrics } from '#schemas/rest/metrics'
import type { ChainPage, Exposure, Levels, Timeline } from '#schemas/rest/models'
import type { Tier } from '#schemas/tiers'
import type { Volatility } from '#schemas/rest/volatility'
import type { HubApi } from '../relay/contract.ts'
import type { WatchApi } from '../webhooks/contract.ts'

export interface ChainQuery {
  /** Settlement date `YYYY-MM-DD`; all expiries when absent. */
  readonly expiry?: string
  readonly right?: 'call' | 'put'
  readonly cursor?: string
  readonly limit: number
}

/** There is nothing yet that is old enough for the caller. */
export interface TooEarly {
  readonly fromMs: number
}

export interface MetricsQuery {
  readonly families: readonly MetricFamily[]
  /** Costs about ten valuations of the chain. */
  readonly withBands: boolean
}

export interface SymbolApi extends HubApi, WatchApi {
  /** The whole body of a verified post. `signature` identifies the request, so that a byte-for-byte repeat is refused. */
  applyBatch(bytes: Uint8Array, signature: string): Promise<IngestAnswer>
  /** Sends the viewers of all its relays away, to come back after `delayMs`. `signature` as for a batch. */
  drain(delayMs: number, signature: string): Promise<Drained | 'replayed'>
  /** Epoch of the active source: a batch of a smaller one is refused. 0 before the first batch. */
  readEpoch(): Promise<number>
  readFeed(): Promise<{ feed: FeedKind; source: string; lastSeenMs: number } | null>
  readFrame(): Promise<GammaFrame | null>
  readExposure(): Promise<Exposure | null>
  readTimeline(): Promise<Timeline | null>
  readLevels(): Promise<Levels | null>
  readVolatility(): Promise<Volatility | null>
  readMetrics(query: MetricsQuery): Promise<Metrics | null>
  /** Null for an id that names no metric, too. */
  readExplanation(metricId: string): Promise<Explanation | null>
  /** As old and as much as this tier may see of the feed there is. */
  readChain(query: ChainQuery, tier: Tier): Promise<ChainPage | TooEarly | null>
}
