/** The desk's state as signals: the list of symbols and what is known of the chosen one. */
import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { Client } from '#client/createClient'
import { ApiProblem } from '#client/rest/apiProblem'
import { UNOPENED, type StreamState } from '#client/stream/streamState'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Symbols } from '#schemas/rest/models'
import { createSymbolAddress } from '../session/symbolAddress.ts'
import { createWindowLease } from './createWindowLease.ts'
import { createKeptFrames, type KeptFrames } from './keptFrames.ts'
import { openingSymbol } from './openingSymbol.ts'
import { openSymbolFeed, type FrameOrigin, type SymbolFeed } from './symbolFeed.ts'
import type { TimelineSeries } from './timelineSeries.ts'

export type SymbolList = Symbols['data']

export interface CaughtUp {
  readonly afterMs: number
  readonly atMs: number
}

export interface Desk {
  /** Null until the first answer. */
  readonly symbols: Accessor<SymbolList | null>
  readonly symbol: Accessor<string | null>
  readonly choose: (symbol: string) => void
  readonly refreshSymbols: () => void
  readonly frame: Accessor<GammaFrame | null>
  readonly origin: Accessor<FrameOrigin>
  readonly timeline: Accessor<TimelineSeries>
  readonly connection: Accessor<StreamState>
  /** The stream sends one frame in so long; 0 for every frame, or before it has said so. */
  readonly frameEveryMs: Accessor<number>
  /** The end of the last interruption; null when there was none, or there is one. */
  readonly caughtUp: Accessor<CaughtUp | null>
  readonly problem: Accessor<ApiProblem | null>
  readonly upgrade: Accessor<ApiProblem | null>
  /** Why the live windows have no place; null while they have, and while nobody can say. */
  readonly windowLimit: Accessor<ApiProblem | null>
  readonly retryWindow: () => void
  readonly retry: () => void
}

/** A first start has no symbols for a second or two; later the list hardly changes. */
const EMPTY_POLL_MS = 2_000
const SYMBOLS_POLL_MS = 60_000

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}

export function createDesk(client: Client): Desk {
  const kept = createKeptFrames(localStorage)
  const [symbol, goTo] = createSymbolAddress()
  const life = createPageLife()
  const [frame, setFrame] = createSignal<GammaFrame | null>(null)
  const [origin, setOrigin] = createSignal<FrameOrigin>('rest')
  const [timeline, setTimeline] = createSignal<TimelineSeries>([])
  const [connection, setConnection] = createSignal<StreamState>(UNOPENED)
  const [frameEveryMs, setFrameEveryMs] = createSignal(0)
  const [caughtUp, setCaughtUp] = createSignal<CaughtUp | null>(null)
  const [problem, setProblem] = createSignal<ApiProblem | null>(null)
  const [upgrade, setUpgrade] = createSignal<ApiProblem | null>(null)
  // Apart, so that a list that comes does not take a symbol's problem away.
  const [listProblem, setListProblem] = createSignal<ApiProblem | null>(null)
  const { symbols, reload } = createSymbols(client, kept, setListProblem)
  let feed: SymbolFeed | null = null

  createEffect(() => {
    const opening = openingSymbol(symbols() ?? [])
    if (symbol() === null && opening !== null) goTo(opening, true)
  })
  createEffect(
    on([symbol, life], ([chosen]) => {
      setFrame(null)
      setTimeline([])
      setUpgrade(null)
      setConnection(UNOPENED)
      setCaughtUp(null)
      if (chosen === null) return
      setProblem(null)
      const opened = openSymbolFeed(
        chosen,
        {
          frame: (next, from) => {
            setOrigin(from)
            setFrame(next)
          },
          timeline: setTimeline,
          connection: (state) => {
            setConnection(state)
            if (state.kind === 'stale') setCaughtUp(null)
            if (state.kind === 'caughtUp') setCaughtUp({ afterMs: state.afterMs, atMs: Date.now() })
          },
          cadence: setFrameEveryMs,
          problem: setProblem,
          upgrade: setUpgrade,
        },
        { client, kept, nowMs: () => Date.now(), every },
      )
      feed = opened
      const leaving = () => opened.close()
      window.addEventListener('pagehide', leaving)
      onCleanup(() => {
        window.removeEventListener('pagehide', leaving)
        opened.close()
        feed = null
      })
    }),
  )
  // One place for all live windows of this page: they are one layout, opened and closed together.
  const shownSymbol = createMemo(() => {
    const isLive = origin() !== 'kept' && upgrade() === null
    return isLive ? (frame()?.symbol ?? null) : null
  })
  const lease = createWindowLease(client, () => {
    const live = shownSymbol()
    return live === null ? null : { kind: 'desk', symbol: live }
  })
  const retry = () => {
    reload()
    feed?.retry()
  }
  const choose = (next: string) => goTo(next)
  return {
    symbols,
    symbol,
    choose,
    refreshSymbols: reload,
    frame,
    origin,
    timeline,
    connection,
    frameEveryMs,
    caughtUp,
    problem: () => problem() ?? listProblem(),
    upgrade,
    windowLimit: lease.refusal,
    retryWindow: lease.retry,
    retry,
  }
}

/** Counts how often this page came back from the browser's cache, where it cannot keep a socket. */
function createPageLife(): Accessor<number> {
  const [life, setLife] = createSignal(0)
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (persisted) setLife(life() + 1)
  }
  window.addEventListener('pageshow', comeBack)
  onCleanup(() => window.removeEventListener('pageshow', comeBack))
  return life
}

function createSymbols(client: Client, kept: KeptFrames, onProblem: (problem: ApiProblem | null) => void) {
  const [symbols, setSymbols] = createSignal<SymbolList | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const load = async () => {
    clearTimeout(timer)
    try {
      const answer = await client.symbols()
      if (symbols() === null) onProblem(null)
      setSymbols(answer.data)
      kept.keepSymbols(answer)
    } catch (cause) {
      if (symbols() === null) setSymbols(kept.symbols()?.data ?? null)
      if (symbols() === null && cause instanceof ApiProblem) onProblem(cause)
    }
    timer = setTimeout(load, symbols()?.length ? SYMBOLS_POLL_MS : EMPTY_POLL_MS)
  }
  void load()
  onCleanup(() => clearTimeout(timer))
  return { symbols, reload: () => void load() }
}
