/**
 * REST answers in the shape of a gamma frame, so that the desk draws one thing whether it came over the stream, over
 * REST or, for tiers without exposures, as levels alone.
 */
import { FRAME_VERSION, type GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import type { Exposure, Levels } from '#schemas/rest/models'

export function frameFromRest(exposure: Exposure, levels: Levels): GammaFrame {
  const { expiries, reasons, totalCallGex, totalPutGex, netGex, netGexFinite } = exposure.data
  const { aboveSpotGex, belowSpotGex, strikes, profile } = exposure.data
  const front = expiries[0]
  return {
    ...levelsPart(levels),
    ...heading(exposure.meta),
    spotPrice: exposure.data.spotPrice,
    totalCallGex,
    totalPutGex,
    netGex,
    netGexFinite,
    aboveSpotGex,
    belowSpotGex,
    strikes,
    profile,
    maxPain: front?.maxPain ?? null,
    frontExpiryMs: front ? Date.parse(front.expiry) : null,
    reasons: { ...levels.data.reasons, ...reasons },
  }
}

/** Exposures are null because of the tier, and say so. */
export function frameFromLevels(levels: Levels): GammaFrame {
  const missing = ['totalCallGex', 'totalPutGex', 'netGex', 'netGexFinite', 'aboveSpotGex', 'belowSpotGex']
  const [expiry, maxPain] =
    Object.entries(levels.data.maxPain).sort(([a], [b]) => a.localeCompare(b))[0] ?? []
  return {
    ...levelsPart(levels),
    ...heading(levels.meta),
    totalCallGex: null,
    totalPutGex: null,
    netGex: null,
    netGexFinite: null,
    aboveSpotGex: null,
    belowSpotGex: null,
    strikes: { strike: [], callGex: [], putGex: [] },
    profile: { spot: [], netGex: [] },
    maxPain: maxPain ?? null,
    frontExpiryMs: expiry === undefined ? null : Date.parse(expiry),
    reasons: {
      ...levels.data.reasons,
      ...Object.fromEntries(missing.map((field) => [field, 'upgrade_required'])),
    },
  }
}

function levelsPart({ data }: Levels) {
  const { spotPrice, magnetStrike } = data
  return {
    spotPrice,
    flips: data.flips,
    nearestFlip: data.nearestFlip,
    flipStatus: data.flipStatus,
    callWall: data.callWall,
    putWall: data.putWall,
    absGammaStrike: data.absGammaStrike,
    magnetStrike,
    distanceToMagnet: magnetStrike === null || spotPrice === null ? null : magnetStrike - spotPrice,
    pcrOi: data.pcrOi,
    pcrVolume: data.pcrVolume,
    windows: null,
  }
}

function heading(meta: Meta) {
  const asOfMs = meta.asOf === null ? 0 : Date.parse(meta.asOf)
  return {
    v: FRAME_VERSION,
    type: 'gamma',
    symbol: meta.symbol,
    epoch: meta.epoch,
    sequence: meta.sequence,
    previous: 0,
    asOfMs,
    publishedMs: asOfMs,
    feed: meta.feed,
    source: meta.source,
    currency: meta.currency,
    model: meta.model,
    method: meta.method,
    quality: meta.quality,
  } as const
}
