/** The REST answer about volatility. */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { ExpiryVolatility, Volatility } from '#schemas/rest/volatility'
import type { VolatilityStructure } from '#quant/volatility/volatilityStructure'
import type { Skew } from '#quant/volatility/skew'
import type { Published } from './liveFrame.ts'
import { isoInstant, metaOf } from './restViews.ts'
import type { VolatilityCache } from './volatilityCache.ts'

/** `published` must be the newest. Made when somebody asks, not with every frame. */
export function volatilityAnswer({ frame, figures }: Published, structures: VolatilityCache): Volatility {
  const data = figures.analytics === null ? unpriced(frame) : volatilityOf(frame, structures.read(figures))
  return { data, meta: metaOf(frame) }
}

type VolatilityData = Volatility['data']

export function volatilityOf(frame: GammaFrame, structure: VolatilityStructure): VolatilityData {
  const { averageSkew, termStructure, methods, units } = structure
  const { slope7To30VolPts, slope30To90VolPts } = termStructure
  const { averageSkewVolPts } = averageSkew
  const reasons: Record<string, string> = {}
  if (structure.expiries.length === 0) reasons['expiries'] = 'no live expiry'
  const missingAt = (days: number) =>
    termStructure.constantMaturity.find((maturity) => maturity.days === days)?.reason ?? null
  if (slope7To30VolPts === null)
    reasons['slope7To30VolPts'] = missingAt(7) ?? missingAt(30) ?? 'not available'
  if (slope30To90VolPts === null)
    reasons['slope30To90VolPts'] = missingAt(30) ?? missingAt(90) ?? 'not available'
  if (averageSkew.reason !== null) reasons['averageSkewVolPts'] = averageSkew.reason
  return {
    spotPrice: frame.spotPrice,
    fittedAsOf: isoInstant(structure.asOfMs),
    expiries: structure.expiries.map(expiryOf),
    expectedMoves: structure.expectedMoves.map(({ expiryMs, ...moves }) => ({
      expiry: isoInstant(expiryMs),
      ...moves,
    })),
    termStructure: columnsOf(structure),
    slope7To30VolPts,
    slope30To90VolPts,
    constantMaturities: constantMaturities(structure),
    averageSkewVolPts,
    methods,
    units,
    reasons,
  }
}

function expiryOf(expiry: VolatilityStructure['expiries'][number]): ExpiryVolatility {
  const { expiryMs, days, forward, atmVol, curve, quality, skew, flags, reason } = expiry
  const fit =
    curve === null || quality === null
      ? null
      : {
          model: curve.model,
          rowsQuoted: quality.rowsQuoted,
          rowsFitted: quality.rowsFitted,
          rmseVolPts: quality.rmseVolPts,
          insideSpread: quality.insideSpread,
        }
  return {
    expiry: isoInstant(expiryMs),
    days,
    forward,
    atmVol,
    ...skewOf(skew),
    fit,
    flags: [...flags],
    reason: reason ?? skew?.reason ?? null,
  }
}

function columnsOf({ expiries, termStructure }: VolatilityStructure): VolatilityData['termStructure'] {
  const forwardTo = new Map(termStructure.forwardVols.map((forward) => [forward.toExpiryMs, forward]))
  const places = expiries.flatMap(({ expiryMs, days, atmVol }) =>
    atmVol === null ? [] : [{ expiryMs, days, atmVol, forward: forwardTo.get(expiryMs) }],
  )
  return {
    expiry: places.map(({ expiryMs }) => isoInstant(expiryMs)),
    days: places.map(({ days }) => days),
    atmVol: places.map(({ atmVol }) => atmVol),
    forwardVol: places.map(({ forward }) => forward?.vol ?? null),
    forwardVolReason: places.map(({ forward }) =>
      forward === undefined ? 'no_earlier_settlement' : forward.reason,
    ),
  }
}

function constantMaturities({
  skew,
  termStructure,
}: VolatilityStructure): VolatilityData['constantMaturities'] {
  return termStructure.constantMaturity.map(({ days, atmVol, reason }) => {
    const there = skew.find((maturity) => maturity.days === days)?.skew ?? null
    return { days, atmVol, ...skewOf(there), reason: reason ?? there?.reason ?? null }
  })
}

function skewOf(skew: Skew | null) {
  return {
    skew25VolPts: skew?.skew25VolPts ?? null,
    riskReversal25VolPts: skew?.riskReversal25VolPts ?? null,
    butterfly25VolPts: skew?.butterfly25VolPts ?? null,
  }
}

/** Before the first price of the underlying. */
function unpriced({ spotPrice, reasons }: GammaFrame): VolatilityData {
  const reason = reasons['spotPrice'] ?? 'no price of the underlying yet'
  const fields = ['expiries', 'slope7To30VolPts', 'slope30To90VolPts', 'averageSkewVolPts']
  return {
    spotPrice,
    fittedAsOf: null,
    expiries: [],
    expectedMoves: [],
    termStructure: { expiry: [], days: [], atmVol: [], forwardVol: [], forwardVolReason: [] },
    slope7To30VolPts: null,
    slope30To90VolPts: null,
    constantMaturities: [],
    averageSkewVolPts: null,
    methods: {},
    units: {},
    reasons: Object.fromEntries(fields.map((field) => [field, reason])),
  }
}
