/** The gamma-compact frame of a symbol at one instant. Every number that is not finite leaves as null with a reason. */
import { FRAME_SCALARS, FRAME_VERSION, type FlipStatus, type GammaFrame } from '#schemas/frame/gamma'
import type { ChainAnalytics } from '#quant/analytics'
import { METHODS } from '#quant/analytics/chainAnalytics'
import { DEFAULT_OPTIONS } from '#quant/analytics/engine'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import type { StreamPosition } from '../stream/publisher.ts'
import type { WindowsOfFrame } from './frameWindows.ts'
import { qualityOf } from './quality.ts'

export interface FrameContext {
  readonly symbol: string
  readonly position: StreamPosition
  readonly nowMs: number
}

type Figures = Omit<GammaFrame, keyof ReturnType<typeof head> | 'windows'>

/** `book.asOfMs` is not null: without a market time there is no frame. */
export function gammaFrame(
  book: ChainBook,
  asOfMs: number,
  figures: SymbolFigures,
  windows: WindowsOfFrame | null,
  context: FrameContext,
): GammaFrame {
  const { analytics, layout } = figures
  const body = analytics === null ? noFigures(book) : figuresOf(analytics, layout.specs.length)
  return {
    ...head(book, asOfMs, figures, context),
    ...body,
    windows: windows?.windows ?? null,
    reasons: { ...body.reasons, ...(windows?.reasons ?? { windows: 'not computed yet' }) },
  }
}

function head(
  book: ChainBook,
  asOfMs: number,
  figures: SymbolFigures,
  { symbol, position, nowMs }: FrameContext,
) {
  return {
    v: FRAME_VERSION,
    type: 'gamma' as const,
    symbol,
    ...position,
    asOfMs,
    publishedMs: nowMs,
    feed: book.feed,
    source: book.source,
    currency: figures.layout.terms?.currency ?? 'USD',
    model: DEFAULT_OPTIONS.signModel,
    method: METHODS.gex,
    quality: qualityOf(book, figures, nowMs),
  } satisfies Partial<GammaFrame>
}

function figuresOf(analytics: ChainAnalytics, contracts: number): Figures {
  const { exposure, flips, walls, putCallRatio, profile, spot } = analytics
  const reasons: Record<string, string> = {}
  const say = (
    field: string,
    value: number | null | undefined,
    reason: string | undefined,
  ): number | null => {
    if (value !== null && value !== undefined && Number.isFinite(value)) return value
    reasons[field] =
      reason ?? (value === null || value === undefined ? 'not available' : 'not a finite number')
    return null
  }
  const why = analytics.reasons
  const gex = contracts === 0 ? 'no contracts yet' : why['exposure']
  const magnetStrike = say('magnetStrike', analytics.magnetStrike, why['magnetStrike'])
  const front = analytics.byExpiry[0]?.expiryMs
  return {
    totalCallGex: say('totalCallGex', exposure.local.call, gex),
    totalPutGex: say('totalPutGex', exposure.local.put, gex),
    netGex: say('netGex', exposure.local.net, gex),
    aboveSpotGex: say('aboveSpotGex', exposure.aboveSpot, gex),
    belowSpotGex: say('belowSpotGex', exposure.belowSpot, gex),
    magnetStrike,
    spotPrice: spot,
    distanceToMagnet: say(
      'distanceToMagnet',
      magnetStrike === null ? null : magnetStrike - spot,
      'no magnet strike',
    ),
    netGexFinite: say('netGexFinite', exposure.finite.net, gex),
    flips: flipsByDistance(analytics, 'all'),
    nearestFlip: say('nearestFlip', flips.all.nearest, flips.all.status),
    flipStatus: flips.all.status satisfies FlipStatus,
    callWall: say('callWall', walls.side.call?.strike, why['walls.side.call']),
    putWall: say('putWall', walls.side.put?.strike, why['walls.side.put']),
    absGammaStrike: say('absGammaStrike', analytics.absoluteGamma?.strike, why['absoluteGamma']),
    maxPain: say('maxPain', analytics.maxPainFront, why['maxPainFront']),
    frontExpiryMs: say(
      'frontExpiryMs',
      front,
      contracts === 0 ? 'no contracts yet' : 'every contract has settled',
    ),
    pcrOi: say('pcrOi', putCallRatio.openInterest, why['putCallRatio.openInterest']),
    pcrVolume: say('pcrVolume', putCallRatio.volume, why['putCallRatio.volume']),
    strikes: strikesWithGamma(analytics),
    profile: { spot: profile.spot.map(roundToCents), netGex: profile.netGex.map(Math.round) },
    reasons,
  }
}

/** Crossings of an expiry set, nearest to spot first. */
export function flipsByDistance(
  { flips, spot }: ChainAnalytics,
  set: keyof ChainAnalytics['flips'],
): GammaFrame['flips'] {
  return flips[set].crossings
    .map(({ price, slopePer1PctPerPoint }) => ({ price, slope: slopePer1PctPerPoint }))
    .filter(({ price, slope }) => Number.isFinite(price) && Number.isFinite(slope))
    .sort((a, b) => Math.abs(a.price - spot) - Math.abs(b.price - spot))
}

/** Strikes whose exposure rounds to nothing on both sides say nothing and are most of a chain's wings. */
function strikesWithGamma({ byStrike }: ChainAnalytics): GammaFrame['strikes'] {
  const strikes: GammaFrame['strikes'] = { strike: [], callGex: [], putGex: [] }
  byStrike.strike.forEach((strike, k) => {
    const callGex = Math.round(byStrike.callGex[k] ?? 0) || 0
    const putGex = Math.round(byStrike.putGex[k] ?? 0) || 0
    if (callGex === 0 && putGex === 0) return
    strikes.strike.push(strike)
    strikes.callGex.push(callGex)
    strikes.putGex.push(putGex)
  })
  return strikes
}

function roundToCents(price: number): number {
  return Math.round(price * 100) / 100
}

function noFigures(book: ChainBook): Figures {
  const reason = book.underlying.price === null ? 'no price of the underlying yet' : 'no tick yet'
  type Absent = Record<(typeof FRAME_SCALARS)[number], null>
  const absent = Object.fromEntries(FRAME_SCALARS.map((field) => [field, null])) as Absent
  return {
    ...absent,
    flips: [],
    flipStatus: 'no_data',
    strikes: { strike: [], callGex: [], putGex: [] },
    profile: { spot: [], netGex: [] },
    reasons: Object.fromEntries(FRAME_SCALARS.map((field) => [field, reason])),
  }
}
