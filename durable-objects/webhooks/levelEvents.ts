/**
 * Events of a symbol, from one frame to the next. Pure. Only a fresh frame with a price says anything; what is null in it is
 * left as it was known. Zero gamma and the regime are crossed when the sign of gamma changes. A wall stands on its own side
 * of spot by definition, so what is crossed is the wall that stood: spot has gone beyond it, and another one stands now.
 *
 * A side changes when spot is clear of the level by a band, and what has just been told is silent for a while and then
 * says where things stand, so that neither noise at a level nor a level that jumps to and fro is told twice.
 */
import type { FeedKind, QualityFlag } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import { WATCHED_LEVELS, type MarketEvent } from '#schemas/webhookEvents'

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

/** What was last seen for good. */
interface Seen {
  /** Of gamma; of a wall, the side of it on which spot is. */
  readonly sign: 1 | -1
  readonly asOfMs: number
  /** Of the level; of the regime, the net exposure. */
  readonly value: number
  readonly spot: number
  readonly silentUntilMs: number
}
const WATCHED = [...WATCHED_LEVELS, 'regime'] as const
type Watched = (typeof WATCHED)[number]
type Levels = Partial<Record<Watched, Seen>>
export interface SeenLevels extends Readonly<Levels> {
  /** Of which market: a synthetic one says nothing about a live one. */
  readonly feed?: FeedKind
}

export interface Step {
  readonly seen: SeenLevels
  /** In an order that is always the same. */
  readonly events: readonly MarketEvent[]
  /** Whether there is something that has to outlive the process. */
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
  for (const watched of WATCHED) {
    const held = known[watched]
    const sight = sightOf(watched, held, frame, spot)
    if (sight === null) continue
    const isCrossed = held !== undefined && sight.sign !== held.sign
    if (isCrossed && nowMs < held.silentUntilMs) continue
    const silentUntilMs = isCrossed ? nowMs + SILENT_MS : (held?.silentUntilMs ?? 0)
    // Another wall stands now, on the same side as the one before; or none does.
    const sign = isWall(watched) ? OWN_SIDE[watched] : sight.sign
    const value = isWall(watched) ? frame[watched] : sight.value
    if (value === null) delete seen[watched]
    else seen[watched] = { sign, asOfMs: frame.asOfMs, value, spot, silentUntilMs }
    hasChanged ||= held === undefined || isCrossed || (isWall(watched) && value !== held.value)
    if (isCrossed) events.push(eventOf(watched, held, sight.value, spot, frame, metaOf(frame)))
  }
  return { seen, events, hasChanged }
}

/** On which side of it spot is while a wall stands. */
const OWN_SIDE = { callWall: -1, putWall: 1 } as const
type Wall = keyof typeof OWN_SIDE
function isWall(watched: Watched): watched is Wall {
  return watched in OWN_SIDE
}

interface Sight {
  /** Of what spot is seen from: of a wall that was crossed, the wall that stood. */
  readonly value: number
  readonly sign: 1 | -1
}

/** Null while it is not known or too close to tell. */
function sightOf(watched: Watched, held: Seen | undefined, frame: GammaFrame, spot: number): Sight | null {
  if (watched === 'regime') return regimeOf(frame)
  if (watched === 'zeroGamma') return zeroGammaOf(frame, spot)
  const own = OWN_SIDE[watched]
  const side = held === undefined ? own : sideOf(spot, held.value)
  if (held !== undefined && side !== 0 && side !== own) return { value: held.value, sign: side }
  const standing = frame[watched]
  return side === own && standing !== null && sideOf(spot, standing) === own
    ? { value: standing, sign: own }
    : null
}

/** Between two crossings the nearer one changes without any being crossed; the sign of gamma there does not. */
function zeroGammaOf({ nearestFlip, flips }: GammaFrame, spot: number): Sight | null {
  if (nearestFlip === null) return null
  const side = sideOf(spot, nearestFlip)
  const slope = flips.find(({ price }) => price === nearestFlip)?.slope ?? 0
  return side === 0 || slope === 0 ? null : { value: nearestFlip, sign: slope > 0 === side > 0 ? 1 : -1 }
}

function regimeOf({ netGex, totalCallGex, totalPutGex }: GammaFrame): Sight | null {
  if (netGex === null || totalCallGex === null || totalPutGex === null) return null
  const band = REGIME_BAND_SHARE * (Math.abs(totalCallGex) + Math.abs(totalPutGex))
  return Math.abs(netGex) <= band ? null : { value: netGex, sign: netGex > 0 ? 1 : -1 }
}

/** 0 within the band. */
function sideOf(spot: number, level: number): 1 | -1 | 0 {
  const distance = spot - level
  if (Math.abs(distance) <= BAND_SHARE * level) return 0
  return distance > 0 ? 1 : -1
}

function isSound({ quality }: GammaFrame): boolean {
  return quality.freshness === 'fresh' && !quality.flags.some((flag) => UNSOUND.has(flag))
}

function eventOf(
  watched: Watched,
  held: Seen,
  value: number,
  spotPrice: number,
  frame: GammaFrame,
  meta: Meta,
): MarketEvent {
  const { symbol, nearestFlip, callWall, putWall } = frame
  const timestamp = new Date(frame.publishedMs).toISOString()
  const before = { asOf: new Date(held.asOfMs).toISOString(), spotPrice: held.spot }
  const now = { spotPrice, levels: { zeroGamma: nearestFlip, callWall, putWall }, meta }
  if (watched === 'regime') {
    const regime = value > 0 ? 'positive' : 'negative'
    const previous = { ...before, netGex: held.value }
    return { type: 'regime.changed', timestamp, data: { symbol, regime, netGex: value, previous, ...now } }
  }
  const side = spotPrice > value ? 'above' : 'below'
  const movedBy = isBetween(held.value, held.spot, spotPrice) ? 'spot' : 'level'
  const previous = { ...before, price: held.value }
  const data = { symbol, level: watched, side, movedBy, price: value, previous, ...now } as const
  return { type: 'level.crossed', timestamp, data }
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
