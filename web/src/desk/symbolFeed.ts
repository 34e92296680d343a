/**
 * Everything the desk shows of one symbol: first over REST (a picture at once, and the place where a tier is refused),
 * then over the stream, on which a symbol without data is waited for; over REST again every 15 s while the stream is
 * away. Without a network, the last kept frame.
 */
import type { Client } from '#client/createClient'
import { ApiProblem } from '#client/rest/apiProblem'
import { upgradeOf } from '#client/rest/results'
import type { Following } from '#client/stream/followChannels'
import { isNewer } from '#client/stream/framePosition'
import type { StreamState } from '#client/stream/streamState'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { frameFromLevels, frameFromRest } from './frameFromRest.ts'
import type { KeptFrames } from './keptFrames.ts'
import { appendFrame, mergeSeries, seriesFromTimeline, type TimelineSeries } from './timelineSeries.ts'

const POLL_MS = 15_000
const KEEP_MS = 10_000

/** While it has a socket, nothing has to be polled. */
const STREAMING: ReadonlySet<StreamState['kind']> = new Set(['waiting', 'live', 'resumed', 'caughtUp'])

/** `kept`: from this browser's storage, not from the service. */
export type FrameOrigin = 'stream' | 'rest' | 'kept'

export interface FeedSinks {
  frame(frame: GammaFrame, origin: FrameOrigin): void
  timeline(series: TimelineSeries): void
  connection(state: StreamState): void
  /** The stream sends one frame in so long. */
  cadence(frameEveryMs: number): void
  /** The newest failure; null when the last load worked. */
  problem(problem: ApiProblem | null): void
  /** Exposures need a higher tier; levels may still come. */
  upgrade(problem: ApiProblem | null): void
}

export interface FeedSurroundings {
  readonly client: Client
  readonly kept: KeptFrames
  readonly nowMs: () => number
  /** Returns the cancellation. */
  readonly every: (ms: number, run: () => void) => () => void
}

export interface SymbolFeed {
  retry(): void
  close(): void
}

export function openSymbolFeed(symbol: string, sinks: FeedSinks, surroundings: FeedSurroundings): SymbolFeed {
  const { client, kept, nowMs, every } = surroundings
  let held: GammaFrame | null = null
  /** Told by the service's history and the stream; between its end and now, by what was polled. */
  let series: TimelineSeries = []
  let polled: TimelineSeries = []
  let stream: Following | null = null
  let isStreaming = false
  let isBackfilled = false
  let isClosed = false
  let keptAtMs = 0

  function accept(frame: GammaFrame, origin: FrameOrigin): void {
    if (origin === 'stream') series = appendFrame(series, frame)
    else polled = appendFrame(polled, frame)
    if (!isNewer(frame, held)) return
    held = frame
    sinks.frame(frame, origin)
    sinks.timeline(mergeSeries(series, polled))
    if (nowMs() - keptAtMs >= KEEP_MS) keep()
  }

  function keep(): void {
    if (held === null) return
    keptAtMs = nowMs()
    kept.keepFrame(held)
  }

  async function load(): Promise<void> {
    const [exposure, levels] = await Promise.allSettled([client.exposure(symbol), client.levels(symbol)])
    if (isClosed) return
    if (levels.status === 'rejected') failed(levels.reason)
    else if (exposure.status === 'fulfilled') {
      sinks.upgrade(null)
      sinks.problem(null)
      accept(frameFromRest(exposure.value, levels.value), 'rest')
      void backfill()
    } else if (isUpgradeRequired(exposure.reason)) {
      sinks.upgrade(exposure.reason)
      sinks.problem(null)
      accept(frameFromLevels(levels.value), 'rest')
      return refused(exposure.reason)
    } else failed(exposure.reason)
    // Also after a failure: the stream has its own patience.
    openStream()
  }

  function failed(cause: unknown): void {
    const problem = asProblem(cause)
    sinks.problem(problem)
    const last = held === null ? kept.frame(symbol) : null
    // Shown, but not held: anything the service says is newer than what a browser kept.
    if (last !== null && problem.code === 'unavailable') sinks.frame(last, 'kept')
  }

  async function backfill(): Promise<void> {
    if (isBackfilled) return
    isBackfilled = true
    const timeline = await client.timeline(symbol).catch(() => null)
    if (isClosed) return
    if (timeline === null) {
      isBackfilled = false
      return
    }
    series = mergeSeries(seriesFromTimeline(timeline), series)
    sinks.timeline(mergeSeries(series, polled))
  }

  function refused({ problem }: ApiProblem): void {
    stream?.close()
    sinks.connection({ kind: 'closed', reason: 'forbidden', upgrade: upgradeOf(problem), problem })
  }

  function openStream(): void {
    stream ??= client.stream({
      channels: [gammaChannel(symbol)],
      onFrame: (frame, isCatchUp) => {
        // What was missed belongs into the history; the picture goes on where the market is.
        if (isCatchUp) series = appendFrame(series, frame)
        else accept(frame, 'stream')
      },
      onState: (_, state) => followed(state),
      onCadence: (frameEveryMs) => {
        if (!isClosed) sinks.cadence(frameEveryMs)
      },
    })
  }

  function followed(state: StreamState): void {
    isStreaming = STREAMING.has(state.kind)
    // Another one is opened when REST says that it may.
    if (state.kind === 'closed') stream = null
    if (isClosed) return
    // Until then REST may know why there is nothing to show.
    if (isStreaming && state.kind !== 'waiting') sinks.problem(null)
    const isHoleLeft = state.kind === 'caughtUp' && state.by === 'snapshot'
    if (isHoleLeft) isBackfilled = false
    if (isHoleLeft || state.kind === 'live') void backfill()
    if (!(state.kind === 'closed' && state.reason === 'byCaller')) sinks.connection(state)
  }

  void load()
  const stopPolling = every(POLL_MS, () => {
    if (!isStreaming) void load()
  })
  return {
    retry: () => {
      stream?.retry()
      void load()
    },
    close: () => {
      isClosed = true
      stopPolling()
      stream?.close()
      keep()
    },
  }
}

function isUpgradeRequired(cause: unknown): cause is ApiProblem {
  return cause instanceof ApiProblem && cause.code === 'upgrade_required'
}

/** The client promises ApiProblems; anything else is a fault of ours and must be seen. */
function asProblem(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause
  throw cause
}
