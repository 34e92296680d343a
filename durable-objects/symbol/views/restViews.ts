/** REST answers of a symbol, all taken from one computed instant and its frame. */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import type { ExpiryExposure, Exposure, Levels, Timeline } from '#schemas/rest/models'
import type { ChainAnalytics } from '#quant/analytics'
import { exposureGreeksOf, expiryGreeksOf } from './exposureGreeks.ts'
import { flipsByDistance } from './gammaFrame.ts'
import type { TimelineSample } from './timeline.ts'

export function metaOf(frame: GammaFrame): Meta {
  const { symbol, epoch, sequence, feed, source, currency, model, method, quality } = frame
  const asOf = isoInstant(frame.asOfMs)
  return { symbol, asOf, epoch, sequence, feed, source, currency, model, method, quality }
}

export function exposureOf(frame: GammaFrame, analytics: ChainAnalytics | null): Exposure {
  const { spotPrice, totalCallGex, totalPutGex, netGex, netGexFinite, aboveSpotGex, belowSpotGex } = frame
  const { strikes, profile } = frame
  const { reasons, ...greeks } = exposureGreeksOf(analytics, frame.currency)
  const expiryGreeks = expiryGreeksOf(analytics)
  return {
    data: {
      spotPrice,
      totalCallGex,
      totalPutGex,
      netGex,
      netGexFinite,
      aboveSpotGex,
      belowSpotGex,
      strikes,
      profile,
      expiries: expiriesOf(analytics).map((expiry, i) => ({ ...expiry, greeks: expiryGreeks[i] ?? null })),
      ...greeks,
      reasons: { ...frame.reasons, ...reasons },
    },
    meta: metaOf(frame),
  }
}

export function expiriesOf(analytics: ChainAnalytics | null): ExpiryExposure[] {
  return (analytics?.byExpiry ?? []).map((expiry) => ({
    expiry: isoInstant(expiry.expiryMs),
    daysToExpiry: expiry.dte,
    contracts: expiry.contracts,
    priced: expiry.priced,
    forward: finiteOrNull(expiry.forward),
    discount: finiteOrNull(expiry.discount),
    forwardSource: expiry.forwardSource,
    // Without a single volatility there is no exposure to speak of, which is not an exposure of zero.
    callGex: expiry.priced > 0 ? finiteOrNull(expiry.callGex) : null,
    putGex: expiry.priced > 0 ? finiteOrNull(expiry.putGex) : null,
    netGex: expiry.priced > 0 ? finiteOrNull(expiry.netGex) : null,
    atmVol: finiteOrNull(expiry.atmVol),
    maxPain: finiteOrNull(expiry.maxPain),
  }))
}

export function levelsOf(frame: GammaFrame, analytics: ChainAnalytics | null): Levels {
  const { spotPrice, flips, nearestFlip, flipStatus, callWall, putWall, absGammaStrike, magnetStrike } = frame
  const { pcrOi, pcrVolume, reasons } = frame
  const flipsOf = (set: 'within90d' | 'front') => (analytics === null ? [] : flipsByDistance(analytics, set))
  const maxPain = (analytics?.byExpiry ?? []).map(
    (expiry) => [isoInstant(expiry.expiryMs), finiteOrNull(expiry.maxPain)] as const,
  )
  return {
    data: {
      spotPrice,
      flips,
      nearestFlip,
      flipStatus,
      flipsWithin90Days: flipsOf('within90d'),
      flipsFrontExpiry: flipsOf('front'),
      callWall,
      putWall,
      absGammaStrike,
      magnetStrike,
      maxPain: Object.fromEntries(maxPain),
      pcrOi,
      pcrVolume,
      reasons,
    },
    meta: metaOf(frame),
  }
}

export function timelineOf(frame: GammaFrame, samples: readonly TimelineSample[]): Timeline {
  return {
    data: {
      asOfMs: samples.map(({ asOfMs }) => asOfMs),
      spotPrice: samples.map(({ spot }) => finiteOrNull(spot)),
      netGex: samples.map(({ netGex }) => finiteOrNull(netGex)),
      nearestFlip: samples.map(({ nearestFlip }) => finiteOrNull(nearestFlip)),
    },
    meta: metaOf(frame),
  }
}

export function isoInstant(ms: number): string {
  return new Date(ms).toISOString()
}

export function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null
}
