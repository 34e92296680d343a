/**
 * Events of a symbol, from one frame to the next. Pure. Only a fresh frame with a price says anything; what is null in it is
 * left as it was known. A side changes when spot is clear of the level by a band, and a level that has just spoken is silent
 * for a while and then says where things stand, so that neither noise at a level nor a level that jumps to and fro is
 * told twice.
 */
import type { FeedKind, QualityFlag } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import { WATCHED_LEVELS, type MarketEvent, type WatchedLevel } from '#schemas/webhookEvents'

/** How far spot has to be beyond a level, as a share of the level. */
export const BAND_SHARE = 0.0005
/** How far net gamma has to be from zero, as a share of calls' and puts' together. */
export const REGIME_BAND_SHARE = 0.02
export const SILENT_MS = 30_000
/** With one of these the levels or spot are not to be relied on. */
const UNSOUND: ReadonlySet<QualityFlag> = new Set([
  'NO_SPOT',
  'STALE_SPOT',
  'STALE_QUOTE',
  'LOW_COV',
  'OI_MISSING',
])

/** Where a level was last seen for good. `sign` of zero gamma is the regime there, of a wall whether spot is above it. */
interface Seen {
  readonly sign: 1 | -1
  readonly asOfMs: number
  /** Of the level; of the regime, the net exposure. */
  readonly value: number
  readonly spot: number
  readonly silentUntilMs: number
}
type Watched = WatchedLevel | 'regime'
type Levels = Partial<Record<Watched, Seen>>
export interface SeenLevels extends Readonly<Levels> {
  /** Of which market: a synthetic one says nothing about a live one. */
  readonly feed?: FeedKind
}

export interface Step {
  readonly seen: SeenLevels
  /** In an order that is always the same. */
  readonly events: readonly MarketEvent[]
  /** Whether a sign is new or another, and so has to outlive the process. */
  readonly hasChanged: boolean
}

export function watchLevels(
  before: SeenLevels,
  frame: GammaFrame,
  metaOf: (frame: GammaFrame) => Meta,
): Step {
  const { spotPrice: spot, publishedMs: nowMs } = frame
  if (spot === null || !isSound(frame)) return { seen: before, events: [], hasChanged: false }
  const known: Levels = before.feed === frame.feed ? before : {}
  const seen: Levels & SeenLevels = { ...known, feed: frame.feed }
  const events: MarketEvent[] = []
  let hasChanged = false
  const look = (watched: Watched, { value, sign }: Sight): void => {
    const held = known[watched]
    const isOther = held !== undefined && sign !== 0 && sign !== held.sign
    if (value === null || sign === 0 || (isOther && nowMs < held.silentUntilMs)) return
    const silentUntilMs = isOther ? nowMs + SILENT_MS : (held?.silentUntilMs ?? 0)
    const current = { sign, asOfMs: frame.asOfMs, value, spot, silentUntilMs }
    seen[watched] = current
    if (held !== undefined && !isOther) return
    hasChanged = true
    if (held !== undefined) events.push(eventOf(watched, held, current, frame, metaOf(frame)))
  }
  for (const level of WATCHED_LEVELS) look(level, sightOf(level, frame, spot))
  look('regime', regimeOf(frame))
  return { seen, events, hasChanged }
}

/** `sign` is 0 while it is too close to tell. */
interface Sight {
  readonly value: number | null
  readonly sign: 1 | -1 | 0
}
const UNKNOWN: Sight = { value: null, sign: 0 }

function isSound({ quality }: GammaFrame): boolean {
  return quality.freshness === 'fresh' && !quality.flags.some((flag) => UNSOUND.has(flag))
}

function sightOf(level: WatchedLevel, frame: GammaFrame, spot: number): Sight {
  const value = level === 'zeroGamma' ? frame.nearestFlip : frame[level]
  if (value === null) return UNKNOWN
  const distance = spot - value
  if (Math.abs(distance) <= BAND_SHARE * value) return { value, sign: 0 }
  const side = distance > 0 ? 1 : -1
  if (level !== 'zeroGamma') return { value, sign: side }
  // Between two crossings the nearer one changes without any being crossed; the sign of gamma there does not.
  const slope = frame.flips.find(({ price }) => price === value)?.slope ?? 0
  return { value, sign: slope === 0 ? 0 : slope > 0 === side > 0 ? 1 : -1 }
}

function regimeOf({ netGex, totalCallGex, totalPutGex }: GammaFrame): Sight {
  if (netGex === null || totalCallGex === null || totalPutGex === null) return UNKNOWN
  const band = REGIME_BAND_SHARE * (Math.abs(totalCallGex) + Math.abs(totalPutGex))
  return { value: netGex, sign: Math.abs(netGex) <= band ? 0 : netGex > 0 ? 1 : -1 }
}

function eventOf(watched: Watched, held: Seen, now: Seen, frame: GammaFrame, meta: Meta): MarketEvent {
  const { symbol } = frame
  const timestamp = new Date(frame.publishedMs).toISOString()
  const before = { asOf: new Date(held.asOfMs).toISOString(), spotPrice: held.spot }
  if (watched === 'regime')
    return {
      type: 'regime.changed',
      timestamp,
      data: {
        symbol,
        regime: now.sign > 0 ? 'positive' : 'negative',
        netGex: now.value,
        spotPrice: now.spot,
        nearestFlip: frame.nearestFlip,
        previous: { ...before, netGex: held.value },
        meta,
      },
    }
  return {
    type: 'level.crossed',
    timestamp,
    data: {
      symbol,
      level: watched,
      side: now.spot > now.value ? 'above' : 'below',
      movedBy: isBetween(held.value, held.spot, now.spot) ? 'spot' : 'level',
      price: now.value,
      spotPrice: now.spot,
      previous: { ...before, price: held.value },
      meta,
    },
  }
}

function isBetween(value: number, a: number, b: number): boolean {
  return (value - a) * (value - b) < 0
}

/** The same for the same frame, also when it is told twice; without the full stop that some symbols have. */
export function marketEventId({ type, data }: MarketEvent): string {
  const { symbol, epoch, sequence } = data.meta
  const what = type === 'level.crossed' ? data.level : 'regime'
  return `evt_${symbol.replaceAll('.', '_')}-${epoch}-${sequence}-${what}`
}
