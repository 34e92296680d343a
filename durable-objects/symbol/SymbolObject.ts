import { DurableObject } from 'cloudflare:workers'
import { ownBuffer } from '#schemas/binary/columns'
import type { FeedKind } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { INGEST_HEADERS } from '#schemas/ingest/signature'
import type { IngestAnswer } from '#schemas/ingest/answer'
import type { Drained } from '#schemas/ingest/drain'
import type { Explanation, Metrics } from '#schemas/rest/metrics'
import type { ChainPage, Exposure, Levels, Timeline } from '#schemas/rest/models'
import type { Volatility } from '#schemas/rest/volatility'
import type { Tier } from '#schemas/tiers'
import type { Env } from '../env.ts'
import type { SocketPlaceApi } from '../account/contract.ts'
import type { Revocations } from '../account/revocation.ts'
import { AlarmRunner } from '../lib/alarmRunner.ts'
import { Alarms } from '../lib/alarms.ts'
import { logError } from '../lib/log.ts'
import { readCaller } from '../fanout/caller.ts'
import { endRevoked, RevocationWatch } from '../fanout/revocationWatch.ts'
import { answerClose } from '../fanout/sockets.ts'
import type { Joined } from '../relay/contract.ts'
import { Archiver } from './archive/archiver.ts'
import type { ChainQuery, MetricsQuery, SymbolApi, TooEarly } from './contract.ts'
import { DelayedStates } from './delayed/DelayedStates.ts'
import { KeptStore } from './delayed/keptStore.ts'
import { restoredMemory, storedMemory } from './history/storedMemory.ts'
import { admitBatch } from './ingest/admitBatch.ts'
import { RecentSignatures } from '../lib/recentSignatures.ts'
import { RETRY_MS, runJob, scheduleAfterBatch, type JobName, type JobTools } from './jobs.ts'
import { applyToState, checkpointOf, restoreOrBegin, type LiveState } from './state.ts'
import { ChainStore } from './store/chainStore.ts'
import { Publisher } from './stream/publisher.ts'
import { SymbolWatch } from '../webhooks/SymbolWatch.ts'
import { firstSweepMs, SymbolStream } from './stream/SymbolStream.ts'
import { ChainReads } from './views/chainReads.ts'
import { LiveFrame, type Published } from './views/liveFrame.ts'
import type { ChainAnalytics } from '#quant/analytics'
import { LiveMarket } from './views/liveMarket.ts'
import { explanationAnswer, metricsAnswer } from './views/metricsView.ts'
import { exposureOf, levelsOf, metaOf, timelineOf } from './views/restViews.ts'
import { STALE_AFTER_MS } from './views/freshness.ts'
import { volatilityAnswer } from './views/volatilityView.ts'

/**
 * The one truth for a symbol. An adapter: it owns storage, sockets, the timer and the alarm, and passes events to the
 * modules beside it, which decide everything. See docs/design/symbol-object.md.
 */
export class SymbolObject extends DurableObject<Env> implements SymbolApi, SocketPlaceApi {
  readonly #symbol: string
  readonly #store: ChainStore
  readonly #state: LiveState
  readonly #stream: SymbolStream
  readonly #watch: SymbolWatch
  readonly #archiver: Archiver
  readonly #alarms: AlarmRunner<JobName>
  readonly #frames: LiveFrame
  readonly #publisher = new Publisher()
  readonly #chain: ChainReads
  readonly #market: LiveMarket
  readonly #signatures = new RecentSignatures()
  readonly #revocations: RevocationWatch
  readonly #tools: JobTools
  #timer: ReturnType<typeof setTimeout> | null = null
  #hasMissedMemory = false

  // Synchronous throughout: an alarm or a hibernated socket may be what wakes the object, and each must find its state.
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#symbol = ctx.id.name ?? ''
    this.#store = new ChainStore(ctx.storage)
    this.#state = restoreOrBegin(this.#store, (error) =>
      logError('restore_failed', { symbol: this.#symbol }, error),
    )
    this.#market = new LiveMarket(this.#state, restoredMemory(this.#store.readMeta('memory')))
    this.#stream = new SymbolStream(
      ctx,
      this.#symbol,
      {
        push: (relay, bytes) => env.RELAY.getByName(relay).pushFrame(gammaChannel(this.#symbol), bytes),
        save: (relays) => this.#store.writeMeta('relays', relays),
        failed: (relay, error) => logError('push_failed', { symbol: this.#symbol, relay }, error),
      },
      this.#store.readMeta<string[]>('relays') ?? [],
    )
    this.#watch = new SymbolWatch(ctx.storage, {
      metaOf,
      tell: (owner, events) => env.WEBHOOKS.getByName(owner).tell(events),
      failed: (owner, error) => logError('tell_failed', { symbol: this.#symbol, owner }, error),
    })
    this.#revocations = new RevocationWatch({
      watch: (account, untilMs) =>
        env.ACCOUNT.getByName(account).watchRevocations({ kind: 'symbol', name: this.#symbol }, untilMs),
      end: (account, revocations) =>
        endRevoked(ctx, account, revocations, (socket) => this.#stream.forget(socket)),
      failed: (_, error) => logError('revocations_not_watched', { symbol: this.#symbol }, error),
    })
    this.#archiver = new Archiver(this.#store, env, this.#symbol)
    const alarms = new Alarms(this.#store.readMeta<[JobName, number][]>('alarms') ?? [])
    this.#alarms = new AlarmRunner(alarms, {
      save: (entries) => this.#store.writeMeta('alarms', entries),
      // Not awaited: the output gate holds the reply until the alarm is stored.
      setAlarm: (atMs) => void ctx.storage.setAlarm(atMs),
      failed: (job, error) => logError('job_failed', { symbol: this.#symbol, job }, error),
    })
    this.#frames = new LiveFrame(
      this.#symbol,
      this.#state,
      (nowMs) => this.#publisher.publish(nowMs, () => this.#store.nextStreamEpoch(nowMs)),
      () => this.#market.windows,
    )
    const delayed = new DelayedStates(this.#symbol, new KeptStore(ctx.storage, this.#store), (error) =>
      logError('delayed_state_damaged', { symbol: this.#symbol }, error),
    )
    this.#chain = new ChainReads(
      () => this.#state.book,
      () => this.#current(),
      delayed,
    )
    this.#tools = {
      symbol: this.#symbol,
      state: this.#state,
      alarms,
      archiver: this.#archiver,
      delayed,
      stream: this.#stream,
      watch: this.#watch,
      ports: env,
      current: () => this.#current(),
      checkpoint: () => this.#store.writeCheckpoint(checkpointOf(this.#state)),
      saveMemory: () => this.#store.writeMeta('memory', storedMemory(this.#market.memory)),
    }
  }

  /** Journal, then apply, then acknowledge, with no await in between: see docs/adr/0004-journal-apply-ack.md. */
  async applyBatch(bytes: Uint8Array, signature: string): Promise<IngestAnswer> {
    const nowMs = Date.now()
    if (!this.#signatures.admit(signature, nowMs)) {
      const detail = 'expected every attempt to be signed anew'
      return { ok: false, code: 'replayed_request', field: INGEST_HEADERS.signature, detail }
    }
    const admission = admitBatch(this.#state, this.#symbol, bytes)
    if (admission.kind === 'answer') return admission.answer
    try {
      this.#store.appendTail(ownBuffer(bytes))
    } catch (error) {
      logError('journal_failed', { symbol: this.#symbol }, error)
      return {
        ok: false,
        code: 'unavailable',
        field: 'body',
        detail: 'the batch could not be stored, send it again',
      }
    }
    const { epoch, sequence } = admission.valid.batch
    const { flagged } = applyToState(this.#state, admission.valid, nowMs)
    this.#armTimer(this.#publisher.request(nowMs))
    scheduleAfterBatch(this.#tools, this.#store.tailLength, nowMs)
    this.#alarms.arm(nowMs)
    return { ok: true, status: 'applied', position: { epoch, sequence }, flagged }
  }

  async drain(delayMs: number, signature: string): Promise<Drained | 'replayed'> {
    if (!this.#signatures.admit(signature, Date.now())) return 'replayed'
    const told = await Promise.allSettled(
      this.#stream.relays.map((relay) => this.env.RELAY.getByName(relay).sendAway(delayMs)),
    )
    const viewers = told.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    return {
      ok: true,
      relays: told.length,
      unreachable: told.length - viewers.length,
      viewers: viewers.reduce((sum, count) => sum + count, 0),
    }
  }

  async readEpoch(): Promise<number> {
    const { active, bySource } = this.#state.positions
    return (active === null ? undefined : bySource.get(active)?.epoch) ?? 0
  }

  async readFeed(): Promise<{ feed: FeedKind; source: string; lastSeenMs: number } | null> {
    const { feed, source, lastSeenMs } = this.#state.book
    return this.#state.positions.active === null ? null : { feed, source, lastSeenMs }
  }

  async readFrame(): Promise<GammaFrame | null> {
    return this.#current()?.frame ?? null
  }

  async readExposure(): Promise<Exposure | null> {
    return this.#view(exposureOf)
  }

  async readTimeline(): Promise<Timeline | null> {
    return this.#view((frame) => timelineOf(frame, this.#state.timeline.samples()))
  }

  async readLevels(): Promise<Levels | null> {
    return this.#view(levelsOf)
  }

  async readVolatility(): Promise<Volatility | null> {
    const current = this.#current()
    return current === null ? null : volatilityAnswer(current, this.#market.structures)
  }

  async readMetrics({ families, withBands }: MetricsQuery): Promise<Metrics | null> {
    const current = this.#current()
    return current && metricsAnswer(current.frame, this.#market.view(current, withBands), families)
  }

  async readExplanation(metricId: string): Promise<Explanation | null> {
    const current = this.#current()
    return current && explanationAnswer(current.frame, this.#market.view(current, true), metricId)
  }

  readChain(query: ChainQuery, tier: Tier): Promise<ChainPage | TooEarly | null> {
    return this.#chain.read(query, tier, Date.now())
  }

  async joinStream(relay: string): Promise<Joined | null> {
    const nowMs = Date.now()
    this.#current()
    const joined = this.#stream.join(relay, nowMs)
    if (joined !== null) this.#watchFreshness(nowMs)
    return joined
  }

  async renewStream(relay: string): Promise<boolean> {
    this.#stream.renew(relay, Date.now())
    return this.#state.positions.active !== null
  }

  async watchLevels(owner: string): Promise<void> {
    this.#watch.add(owner)
  }

  async unwatchLevels(owner: string): Promise<void> {
    this.#watch.remove(owner)
  }

  async endRevoked(account: string, revocations: Revocations): Promise<void> {
    this.#revocations.told(account, revocations)
  }

  /** The upgrade of a viewer's socket; everything else goes over RPC. */
  override async fetch(request: Request): Promise<Response> {
    const nowMs = Date.now()
    const response = this.#stream.accept(request, this.#current(), this.#state.book, nowMs)
    if (response.status === 101) {
      this.#tools.alarms.ensureBy('sockets', firstSweepMs(request.headers, nowMs))
      this.#watchFreshness(nowMs)
      void this.#revocations.opened(readCaller(request.headers) ?? {}, nowMs)
    }
    return response
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    this.#stream.receive(socket, data, Date.now())
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#stream.forget(socket)
    answerClose(socket, code, reason)
  }

  override webSocketError(socket: WebSocket): void {
    this.#stream.forget(socket)
    answerClose(socket, 1011, 'socket error')
  }

  override alarm(): Promise<void> {
    return this.#alarms.runDue(Date.now, RETRY_MS, (name, nowMs) => runJob(name, this.#tools, nowMs))
  }

  #view<T>(make: (frame: GammaFrame, analytics: ChainAnalytics | null) => T): T | null {
    const current = this.#current()
    return current === null ? null : make(current.frame, current.figures.analytics)
  }

  #current(): Published | null {
    return this.#frames.current(Date.now(), (published) => this.#broadcast(published))
  }

  #broadcast(published: Published): void {
    this.#clearTimer()
    const { publishedMs } = published.frame
    this.#stream.publish(published, this.#state.book, publishedMs)
    if (this.#stream.isWatched) this.#tools.alarms.ensureBy('freshness', publishedMs + STALE_AFTER_MS)
    if (!this.#watch.look(published.frame)) return
    this.#tools.alarms.ensureBy('events', publishedMs)
    this.#alarms.arm(publishedMs)
  }

  #watchFreshness(nowMs: number): void {
    this.#tools.alarms.ensureBy('freshness', nowMs + STALE_AFTER_MS)
    this.#alarms.arm(nowMs)
  }

  #armTimer(delayMs: number | null): void {
    if (delayMs === null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#flush(), delayMs)
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#publisher.timerEnded()
  }

  #flush(): void {
    this.#clearTimer()
    try {
      const current = this.#current()
      this.#alarms.arm(Date.now())
      if (current !== null) this.#rememberAfter(current)
    } catch (error) {
      // The stream stays as it was; the next batch tries again.
      logError('publish_failed', { symbol: this.#symbol }, error)
    }
  }

  /**
   * What windows show and compare with goes with the next frame and must not make this one late. A frame leaves when the
   * turn that sent it ends, so this takes another one, unless a batch came in between the last time.
   */
  #rememberAfter(current: Published): void {
    const delayMs = this.#market.rememberAfterMs(Date.now())
    if (delayMs !== 0) this.#armTimer(delayMs)
    else if (this.#hasMissedMemory) this.#remember(current)
    else setTimeout(() => this.#remember(current), 0)
  }

  #remember(current: Published): void {
    this.#hasMissedMemory = !this.#frames.isNewest(current)
    if (this.#hasMissedMemory) return
    const nowMs = Date.now()
    try {
      this.#market.remember(current, nowMs)
      this.#armTimer(this.#publisher.requestAddition(nowMs))
    } catch (error) {
      logError('memory_failed', { symbol: this.#symbol }, error)
    }
  }
}
