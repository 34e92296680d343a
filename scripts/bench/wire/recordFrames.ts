/** Sequences of whole frames as a symbol's object makes them, at two a second: the input of the wire's measurements. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#bridge/clock/systemClock'
import { createChainFeed } from '#bridge/feeds/chain/createChainFeed'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { profileOf } from '#bridge/feeds/synthetic/profiles'
import { Random } from '#bridge/feeds/synthetic/Random'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import { validateBatch } from '#durable-objects/symbol/book/validateBatch'
import { applyToState, emptyState } from '#durable-objects/symbol/state'
import { LiveFrame } from '#durable-objects/symbol/views/liveFrame'
import type { FeedKind } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { buildBatch } from '#schemas/ingest/build'
import type { QuoteTick, Tick } from '#schemas/tick'

const SEED = 20_261_121
const CADENCE_MS = 500
const FILE = join(process.cwd(), '../shared/data/cboe/SPX_2025-09-04.csv')
/** Volatility of the index over one frame at 15 % a year. */
const SPOT_STEP = 0.15 * Math.sqrt(CADENCE_MS / (252 * 6.5 * 3_600_000))
const REQUOTED = 0.05

/** The synthetic SPX from half past ten: its own spot, quotes and prints. */
export function syntheticFrames(count: number): GammaFrame[] {
  const profile = profileOf('SPX')
  if (profile === null) throw new Error('expected a synthetic SPX')
  const startMs = Date.UTC(2026, 10, 20, 15, 30)
  const market = new SyntheticMarket(profile, SEED, startMs)
  const steps = Array.from({ length: count - 1 }, () => () => market.advance(CADENCE_MS))
  return framesOf('synthetic', startMs, [() => market.snapshot(), ...steps])
}

/** The recorded SPX chain, of which every frame moves spot and one quote in twenty by a price step; null without it. */
export async function recordedFrames(count: number): Promise<GammaFrame[] | null> {
  if (!existsSync(FILE)) return null
  const parsed = readSnapshot(readFileSync(FILE, 'utf8'))
  if (!parsed.ok) throw new Error(`expected a chain in ${FILE}`)
  const opening: Tick[] = []
  const feed = createChainFeed(parsed.snapshot, { replaySeconds: 0, clock: systemClock })
  for await (const { ticks } of feed.steps(null, new AbortController().signal)) opening.push(...ticks)
  const quotes = opening.filter((tick) => tick.kind === 'quote')
  const random = new Random(SEED, 'jitter')
  const { asOfMs } = parsed.snapshot
  let { spot } = parsed.snapshot
  const steps = Array.from({ length: count - 1 }, (_, i) => (): Tick[] => {
    const eventMs = asOfMs + CADENCE_MS * (i + 1)
    spot *= 1 + SPOT_STEP * random.normal()
    const moved = quotes
      .filter(() => random.uniform() < REQUOTED)
      .map((quote) => jittered(quote, eventMs, random))
    return [
      { kind: 'underlying', price: Math.round(spot * 100) / 100, bid: null, ask: null, eventMs },
      ...moved,
    ]
  })
  return framesOf('recorded', asOfMs, [() => opening, ...steps])
}

function jittered(quote: QuoteTick, eventMs: number, random: Random): QuoteTick {
  const step = (quote.bid ?? 0) < 3 ? 0.05 : 0.1
  const shift = random.uniform() < 0.5 ? step : 0
  const moved = (price: number | null) => (price === null ? null : Math.round((price + shift) * 100) / 100)
  return { ...quote, bid: moved(quote.bid), ask: moved(quote.ask), eventMs }
}

function framesOf(feed: FeedKind, startMs: number, steps: readonly (() => readonly Tick[])[]): GammaFrame[] {
  const state = emptyState()
  const frames: GammaFrame[] = []
  let sequence = 0
  const live = new LiveFrame('SPX', state, () => ({ epoch: 1, sequence: ++sequence, previous: sequence - 1 }))
  for (const [i, ticks] of steps.entries()) {
    const nowMs = startMs + CADENCE_MS * i + 120
    const header = { source: 'bench', feed, symbol: 'SPX', epoch: 1, sequence: i + 1, createdMs: nowMs }
    const valid = validateBatch(state.book, buildBatch(header, ticks()))
    if (!valid.ok) throw new Error(`expected a valid batch, was ${valid.detail}`)
    applyToState(state, valid, nowMs)
    live.current(nowMs, ({ frame }) => frames.push(frame))
  }
  return frames
}
