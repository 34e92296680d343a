/**
 * The answer of `analyze` as one JSON object. Amounts are in `currency`, whatever the field's name says (`money.ts` renames
 * fields where they are printed); exposures per +1 % of spot, puts negative under model M1.
 */
import type { ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import { analyse } from '#quant/analytics'
import type { ExpiryAnalytics } from '#quant/analytics/chainAnalytics'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { Chain } from '#quant/chain/chain'
import type { Crossing } from '#quant/levels/crossings'
import type { ZeroGamma } from '#quant/levels/zeroGamma'
import { conventionsAnswer } from './conventions.ts'
import { exposureAnswer } from './exposureAnswer.ts'
import { levelsAnswer } from './levels.ts'
import type { PricedSnapshot } from './snapshotEngine.ts'
import { volatilityAnswer } from './volatility.ts'

export type Answer = ReturnType<typeof answer>

export function answer(snapshot: ChainSnapshot, priced: PricedSnapshot) {
  const analytics = analyse(priced.engine)
  const { exposure, walls, coverage, flips } = analytics
  const { currency } = rootSpec(snapshot.underlying)
  const labels = expiryLabels(priced)
  const vendor = vendorGamma(snapshot.spot, priced)
  const byExpiry = analytics.byExpiry.map((expiry) => describeExpiry(expiry, labels))
  return {
    underlying: snapshot.underlying,
    currency,
    asOf: new Date(analytics.asOfMs).toISOString(),
    pulledAt: new Date(snapshot.pulledAtMs).toISOString(),
    spot: analytics.spot,
    signModel: analytics.signModel,
    contracts: coverage.contracts,
    live: coverage.live,
    priced: coverage.priced,
    openInterestPriced: coverage.openInterestPriced,
    callGexUsdPer1Pct: exposure.local.call,
    putGexUsdPer1Pct: exposure.local.put,
    netGexUsdPer1Pct: exposure.local.net,
    callGexFiniteUsdPer1Pct: exposure.finite.call,
    putGexFiniteUsdPer1Pct: exposure.finite.put,
    netGexFiniteUsdPer1Pct: exposure.finite.net,
    netGexByVolumeUsdPer1Pct: exposure.byVolume.net,
    aboveSpotGexUsdPer1Pct: exposure.aboveSpot,
    belowSpotGexUsdPer1Pct: exposure.belowSpot,
    ...exposureAnswer(analytics),
    vendorCallGexUsdPer1Pct: vendor.call,
    vendorPutGexUsdPer1Pct: vendor.put,
    // Prices, nearest to spot first; empty where there is none. `zeroGamma` has the status and the evidence.
    flips: { all: prices(flips.all), within90d: prices(flips.within90d), front: prices(flips.front) },
    zeroGamma: {
      all: describeFlip(flips.all),
      within90d: describeFlip(flips.within90d),
      front: describeFlip(flips.front),
    },
    callWall: walls.side.call?.strike ?? null,
    putWall: walls.side.put?.strike ?? null,
    absGammaStrike: analytics.absoluteGamma?.strike ?? null,
    magnetStrike: analytics.magnetStrike,
    frontExpiry: byExpiry[0]?.expiry ?? null,
    frontMaxPain: analytics.maxPainFront,
    maxPain: Object.fromEntries(byExpiry.map(({ expiry, maxPain }) => [expiry, maxPain])),
    pcrOi: analytics.putCallRatio.openInterest,
    pcrVolume: analytics.putCallRatio.volume,
    walls,
    levels: levelsAnswer(priced.engine),
    conventions: conventionsAnswer(priced.engine, priced.rows[0]?.root ?? snapshot.underlying),
    byExpiry,
    volatility: volatilityAnswer(
      priced.engine,
      (expiryMs) => labels.get(expiryMs)?.expiry ?? new Date(expiryMs).toISOString(),
    ),
    byStrike: analytics.byStrike,
    profile: analytics.profile,
    coverage,
    rejected: {
      lines: snapshot.rejected.length,
      first: snapshot.rejected.slice(0, 5),
      excluded: priced.excluded,
    },
    methods: {
      ...analytics.methods,
      vol: priced.volSource === 'own' ? analytics.methods['vol'] : 'vol.vendor_iv@1',
    },
    units: {
      ...analytics.units,
      gex: `${currency} of underlying per +1 % of spot`,
      vendorGex: 'unsigned sum of the vendor gamma, in the same unit',
    },
    reasons: analytics.reasons,
  }
}

function prices({ crossings, nearest }: ZeroGamma): number[] {
  const rest = crossings.map(({ price }) => price).filter((price) => price !== nearest)
  return nearest === null ? rest : [nearest, ...rest]
}

function describeFlip({ nearest, status, crossings }: ZeroGamma) {
  return { nearest, status, crossings: crossings.map(describeCrossing) }
}

function describeCrossing(crossing: Crossing) {
  return {
    price: crossing.price,
    slopeUsdPer1PctPerUsd: crossing.slopePer1PctPerPoint,
    massBelowUsdPer1Pct: crossing.massBelowPer1Pct,
    massAboveUsdPer1Pct: crossing.massAbovePer1Pct,
    significance: crossing.significance,
  }
}

interface ExpiryLabel {
  readonly expiry: string
  readonly settlement: 'AM' | 'PM'
}

function describeExpiry(expiry: ExpiryAnalytics, labels: ReadonlyMap<number, ExpiryLabel>) {
  const { expiryMs, callGex, putGex, netGex, ...rest } = expiry
  const label = labels.get(expiryMs)
  const settlesAt = new Date(expiryMs).toISOString()
  return {
    expiry: label?.expiry ?? settlesAt,
    settlement: label?.settlement ?? null,
    settlesAt,
    ...rest,
    callGexUsdPer1Pct: callGex,
    putGexUsdPer1Pct: putGex,
    netGexUsdPer1Pct: netGex,
  }
}

/** Settlement instant → listed date, with ` AM` added where the date also has a PM series. */
function expiryLabels({ engine, rows }: PricedSnapshot): Map<number, ExpiryLabel> {
  const labels = new Map<number, ExpiryLabel>()
  const pmDates = new Set<string>()
  const { chain } = engine
  for (const [i, { root, expiryDate }] of rows.entries()) {
    const { settlement } = rootSpec(root)
    if (settlement === 'PM') pmDates.add(expiryDate)
    const expiryMs = expiryMsOf(chain, i)
    if (!labels.has(expiryMs)) labels.set(expiryMs, { expiry: expiryDate, settlement })
  }
  for (const [expiryMs, { expiry, settlement }] of labels) {
    if (settlement === 'AM' && pmDates.has(expiry))
      labels.set(expiryMs, { expiry: `${expiry} AM`, settlement })
  }
  return labels
}

/** Σ vendor gamma · open interest · multiplier · S² · 0.01 of live contracts, unsigned; null when the file has none. */
function vendorGamma(
  spot: number,
  { engine, rows }: PricedSnapshot,
): { call: number | null; put: number | null } {
  const { chain } = engine
  const sums = { call: 0, put: 0 }
  let seen = 0
  for (const [i, { vendorGamma: gamma, openInterest, right }] of rows.entries()) {
    if (gamma === null || openInterest === null || expiryMsOf(chain, i) <= engine.asOfMs) continue
    seen++
    sums[right] +=
      gamma * openInterest * (chain.multiplier[chain.rowOf[i] as number] as number) * spot * spot * 0.01
  }
  return seen > 0 ? sums : { call: null, put: null }
}

function expiryMsOf(chain: Chain, input: number): number {
  return chain.expiryMs[chain.expiryIndex[chain.rowOf[input] as number] as number] as number
}
