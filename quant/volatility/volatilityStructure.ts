/**
 * Everything the volatility of one chain says at one instant, as plain JSON-ready numbers. A figure that cannot be
 * computed is null, with a reason beside it.
 */
import type { Engine } from '../analytics/engine.ts'
import { averageSkew, type AverageSkew } from './averageSkew.ts'
import { flagCalendarArbitrage } from './calendarArbitrage.ts'
import { riskNeutralDensity, type RiskNeutralDensity } from './density.ts'
import type { Entropy } from './entropy.ts'
import { expectedMoves, type ExpectedMoves } from './expectedMove.ts'
import { fitSmile, type FitQuality, type NoFitReason, type SmileFit, type SmileFlag } from './fitSmile.ts'
import { skewOf, type Skew } from './skew.ts'
import type { SmileCurve } from './smileCurve.ts'
import { smileInputs, type ExpirySmile } from './smileInputs.ts'
import { volSurface, type VolSurface } from './surface.ts'
import { sliceAtTenor, sliceOf, type NoTenorReason } from './tenorSlice.ts'
import { CONSTANT_MATURITIES_DAYS, termStructure, type TermStructure } from './termStructure.ts'
import { densityEntropy, gammaEntropy, ivEntropy, type DensityEntropy } from './volEntropy.ts'

const DAYS_PER_YEAR = 365
const EXPECTED_MOVE_EXPIRIES = 4
/** The density shown besides the front expiry's is that of the expiry nearest the customary month. */
const DENSITY_DAYS = 30

export interface ExpiryVolatility {
  readonly expiryMs: number
  /** Calendar days to settlement, with fraction. */
  readonly days: number
  readonly forward: number
  readonly atmVol: number | null
  readonly curve: SmileCurve | null
  readonly quality: FitQuality | null
  readonly skew: Skew | null
  readonly flags: readonly SmileFlag[]
  readonly reason: NoFitReason | null
}

export interface ConstantMaturitySkew {
  readonly days: number
  readonly skew: Skew | null
  readonly reason: NoTenorReason | null
}

export interface ExpiryDensity extends RiskNeutralDensity {
  readonly days: number
  readonly entropy: DensityEntropy
  /** Of volatility over strikes within 1.5 standard deviations. */
  readonly ivEntropy: Entropy | null
}

export interface VolatilityStructure {
  readonly asOfMs: number
  readonly spot: number
  readonly methods: Readonly<Record<string, string>>
  readonly units: Readonly<Record<string, string>>
  /** Live expiries, soonest first. */
  readonly expiries: readonly ExpiryVolatility[]
  readonly termStructure: TermStructure
  readonly skew: readonly ConstantMaturitySkew[]
  readonly averageSkew: AverageSkew
  /** Of the first four expiries. */
  readonly expectedMoves: readonly ExpectedMoves[]
  /** Of the front expiry and of the one nearest 30 days. */
  readonly densities: readonly ExpiryDensity[]
  readonly surface: VolSurface
  /** Of unsigned gamma exposure by strike, all expiries; null without any. */
  readonly gammaEntropy: Entropy | null
  /** Every flag any expiry carries, and by how many. */
  readonly flags: Readonly<Partial<Record<SmileFlag, number>>>
  /** The smiles all of this is read from, soonest first. */
  readonly fits: readonly SmileFit[]
}

export const METHODS = {
  smile: 'smile.raw_svi_quasi_explicit@1',
  tenor: 'tenor.total_variance_linear@1',
  skew: 'skew.forward_delta_on_fit@1',
  averageSkew: 'skew.vega_weighted_equal_delta@1',
  density: 'density.breeden_litzenberger_svi@1',
  densityEntropy: 'entropy.density_40_bins@1',
  ivEntropy: 'entropy.iv_1_5_deviations@1',
  gammaEntropy: 'entropy.gamma_by_strike@1',
} as const

const UNITS = {
  vol: 'annualised fraction',
  volPts: 'vol points (0.01 of volatility)',
  skew25: 'IV of the 25-delta put less that of the call',
  move: 'currency of the underlying, either way',
  entropy: 'bits',
} as const

/** What is read of an engine: a chain with volatilities and greeks, and when and where it was priced. */
export type PricedChain = Pick<Engine, 'chain' | 'spot' | 'asOfMs' | 'volMethod'>

/**
 * From an engine just repriced (after `moveSpot` alone the quotes belong to another forward than the volatilities, and
 * weights fall back to vega). Some 0.4 ms an expiry, so every few seconds rather than every tick.
 */
export function volatilityStructure(engine: PricedChain): VolatilityStructure {
  const smiles = smileInputs(engine.chain)
  const results = smiles.map(fitSmile)
  const fits = flagCalendarArbitrage(results.flatMap((result) => (result.ok ? [result.fit] : [])))
  const fitOf = new Map(fits.map((fit) => [fit.expiryMs, fit]))
  const atm = (smile: ExpirySmile): number | null => fitOf.get(smile.expiryMs)?.atmVol ?? null
  return {
    asOfMs: engine.asOfMs,
    spot: engine.spot,
    methods: { ...METHODS, vol: engine.volMethod },
    units: UNITS,
    expiries: smiles.map((smile, i) => {
      const result = results[i]
      const reason = result === undefined || result.ok ? null : result.missing.reason
      return describeExpiry(smile, fitOf.get(smile.expiryMs), reason)
    }),
    termStructure: termStructure(fits),
    skew: CONSTANT_MATURITIES_DAYS.map((days) => skewAt(fits, days)),
    averageSkew: averageSkew(fits.map(sliceOf)),
    expectedMoves: smiles.slice(0, EXPECTED_MOVE_EXPIRIES).map((smile) => expectedMoves(smile, atm(smile))),
    densities: densityFits(fits).map((fit) => describeDensity(fit, smiles)),
    surface: volSurface(fits),
    gammaEntropy: gammaEntropy(engine.chain),
    flags: countFlags(fits),
    fits,
  }
}

function describeExpiry(
  { expiryMs, years, forward }: ExpirySmile,
  fit: SmileFit | undefined,
  reason: NoFitReason | null,
): ExpiryVolatility {
  return {
    expiryMs,
    days: DAYS_PER_YEAR * years,
    forward,
    atmVol: fit?.atmVol ?? null,
    curve: fit?.curve ?? null,
    quality: fit?.quality ?? null,
    skew: fit === undefined ? null : skewOf(sliceOf(fit)),
    flags: fit?.flags ?? [],
    reason,
  }
}

function skewAt(fits: readonly SmileFit[], days: number): ConstantMaturitySkew {
  const found = sliceAtTenor(fits, days)
  return found.ok
    ? { days, skew: skewOf(found.slice), reason: null }
    : { days, skew: null, reason: found.reason }
}

function densityFits(fits: readonly SmileFit[]): SmileFit[] {
  const [front] = fits
  if (front === undefined) return []
  const distance = ({ years }: SmileFit): number => Math.abs(DAYS_PER_YEAR * years - DENSITY_DAYS)
  const month = fits.reduce((best, fit) => (distance(fit) < distance(best) ? fit : best), front)
  return month === front ? [front] : [front, month]
}

function describeDensity(fit: SmileFit, smiles: readonly ExpirySmile[]): ExpiryDensity {
  const density = riskNeutralDensity(fit)
  const smile = smiles.find(({ expiryMs }) => expiryMs === fit.expiryMs)
  return {
    ...density,
    days: DAYS_PER_YEAR * fit.years,
    entropy: densityEntropy(fit, density),
    ivEntropy: smile === undefined ? null : ivEntropy(smile, fit.atmVol),
  }
}

function countFlags(fits: readonly SmileFit[]): Partial<Record<SmileFlag, number>> {
  const counts: Partial<Record<SmileFlag, number>> = {}
  for (const { flags } of fits) for (const flag of flags) counts[flag] = (counts[flag] ?? 0) + 1
  return counts
}
