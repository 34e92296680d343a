import type { Clock } from '../../clock/clock.ts'
import type { Feed, FeedStep } from '../feed.ts'
import type { MarketProfile } from './profiles.ts'
import { SyntheticMarket } from './SyntheticMarket.ts'

export interface SyntheticFeedOptions {
  readonly seed: number
  /** Market milliseconds per step. */
  readonly stepMs: number
  /** Market milliseconds per real one; 0: as fast as the receiver takes it (reproducible runs only). */
  readonly speed: number
  /** Event time of the start. Set: a reproducible run that can be resumed. Null: the clock is the event time. */
  readonly startMs: number | null
  /** Stops after this many steps; null: never. */
  readonly steps: number | null
  readonly clock: Clock
}

/** Nobody needs to see every step of an hour that a sleeping laptop missed. */
const MAX_ELAPSED_STEPS = 4

export function createSyntheticFeed(profile: MarketProfile, options: SyntheticFeedOptions): Feed {
  const { seed, stepMs, startMs } = options
  return {
    symbol: profile.symbol,
    source: 'synthetic',
    feedKind: 'synthetic',
    identity: `synthetic ${profile.symbol} seed ${seed} start ${startMs ?? 'now'} step ${stepMs}`,
    pausable: startMs !== null,
    isEndless: options.steps === null,
    steps:
      startMs === null
        ? liveSteps(profile, options)
        : (after, signal) => replaySteps(profile, options, startMs, after, signal),
  }
}

/** From step `after` on, exactly as if the run had never been interrupted. */
async function* replaySteps(
  profile: MarketProfile,
  { seed, stepMs, speed, steps, clock }: SyntheticFeedOptions,
  startMs: number,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<FeedStep> {
  const lastStep = steps ?? Infinity
  const market = new SyntheticMarket(profile, seed, startMs)
  while (market.step < (after ?? 0)) {
    market.advance(stepMs)
    if (market.step % 256 === 0) await clock.sleep(0, signal)
    if (signal.aborted) return
  }
  const [resumedMs, resumedStep] = [clock.now(), market.step]
  yield { ticks: market.snapshot(), cursor: market.step }
  while (market.step < lastStep && !signal.aborted) {
    const dueMs = speed === 0 ? 0 : resumedMs + ((market.step + 1 - resumedStep) * stepMs) / speed
    // Even at full speed each step gives way to timers and sockets once.
    await clock.sleep(Math.max(0, dueMs - clock.now()), signal)
    if (signal.aborted) return
    yield { ticks: market.advance(stepMs), cursor: market.step }
  }
}

/** Steps at the pace of the clock. The market outlives its runs, so a new epoch continues at the same price. */
function liveSteps(profile: MarketProfile, { seed, stepMs, speed, steps, clock }: SyntheticFeedOptions) {
  const pace = speed === 0 ? 1 : speed
  const lastStep = steps ?? Infinity
  let market: SyntheticMarket | null = null
  let wallMs = 0
  return async function* (_after: number | null, signal: AbortSignal): AsyncGenerator<FeedStep> {
    if (market === null) {
      wallMs = clock.now()
      market = new SyntheticMarket(profile, seed, Math.floor(wallMs / stepMs) * stepMs)
    }
    yield { ticks: market.snapshot(), cursor: null }
    while (market.step < lastStep && !signal.aborted) {
      await clock.sleep(Math.max(0, wallMs + stepMs / pace - clock.now()), signal)
      if (signal.aborted) return
      const elapsed = Math.floor(((clock.now() - wallMs) * pace) / stepMs)
      const behind = Math.max(1, elapsed <= MAX_ELAPSED_STEPS ? 1 : elapsed)
      wallMs += (behind * stepMs) / pace
      yield { ticks: market.advance(behind * stepMs), cursor: null }
    }
  }
}
