/** The volatility part of `analyze`: the structure with expiries by their listed names, and its section for a person. */
import {
  volatilityStructure,
  type PricedChain,
  type VolatilityStructure,
} from '#quant/volatility/volatilityStructure'

export type VolatilityAnswer = ReturnType<typeof volatilityAnswer>

/** `nameOf` gives the listed name of a settlement instant. */
export function volatilityAnswer(engine: PricedChain, nameOf: (expiryMs: number) => string) {
  const structure = volatilityStructure(engine)
  const { termStructure, densities, expectedMoves, expiries } = structure
  return {
    constantMaturity: constantMaturities(structure),
    slope7To30VolPts: termStructure.slope7To30VolPts,
    slope30To90VolPts: termStructure.slope30To90VolPts,
    isBackwardated: termStructure.isBackwardated,
    averageSkew: structure.averageSkew,
    forwardVols: termStructure.forwardVols.map(({ fromExpiryMs, toExpiryMs, vol, reason }) => ({
      from: nameOf(fromExpiryMs),
      to: nameOf(toExpiryMs),
      vol,
      reason,
    })),
    expectedMoves: expectedMoves.map(({ expiryMs, ...moves }) => ({ expiry: nameOf(expiryMs), ...moves })),
    byExpiry: expiries.map(({ expiryMs, skew, quality, curve, ...expiry }) => ({
      expiry: nameOf(expiryMs),
      ...expiry,
      model: curve?.model ?? null,
      skew25VolPts: skew?.skew25VolPts ?? null,
      butterfly25VolPts: skew?.butterfly25VolPts ?? null,
      atmSlope: skew?.atmSlope ?? null,
      rmseVolPts: quality?.rmseVolPts ?? null,
      insideSpread: quality?.insideSpread ?? null,
      rowsFitted: quality?.rowsFitted ?? 0,
    })),
    densities: densities.map(({ expiryMs, ...density }) => ({ expiry: nameOf(expiryMs), ...density })),
    gammaEntropy: structure.gammaEntropy,
    surface: structure.surface,
    flags: structure.flags,
    methods: structure.methods,
    units: structure.units,
  }
}

function constantMaturities({ termStructure, skew }: VolatilityStructure) {
  return termStructure.constantMaturity.map(({ days, atmVol, reason }) => {
    const read = skew.find((entry) => entry.days === days)?.skew ?? null
    return {
      days,
      atmVol,
      skew25VolPts: read?.skew25VolPts ?? null,
      butterfly25VolPts: read?.butterfly25VolPts ?? null,
      normalisedSkew25: read?.normalisedSkew25 ?? null,
      atmSlope: read?.atmSlope ?? null,
      reason: reason ?? read?.reason ?? null,
    }
  })
}

/** Lines of the report. */
export function volatilityReport(volatility: VolatilityAnswer): string[] {
  const { constantMaturity, expectedMoves, densities } = volatility
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(28) + cells.map((cell) => cell.padStart(10)).join('')
  return [
    row(
      'volatility, constant days',
      constantMaturity.map(({ days }) => `${days} d`),
    ),
    row(
      'at the forward',
      constantMaturity.map(({ atmVol }) => points(atmVol === null ? null : 100 * atmVol)),
    ),
    row(
      '25Δ put − call, vol points',
      constantMaturity.map(({ skew25VolPts }) => points(skew25VolPts)),
    ),
    row(
      '25Δ butterfly',
      constantMaturity.map(({ butterfly25VolPts }) => points(butterfly25VolPts)),
    ),
    termLine(volatility),
    '',
    row(
      'expected move',
      ['straddle', '1σ straddle', '1σ vol'].map((title) => title.padStart(12)),
    ),
    ...expectedMoves.map(({ expiry, straddle, oneSigmaByStraddle, oneSigmaByVol }) =>
      row(
        `  ${expiry}`,
        [straddle, oneSigmaByStraddle, oneSigmaByVol].map(({ move }) =>
          (move === null ? '–' : `±${points(move)}`).padStart(12),
        ),
      ),
    ),
    ...densities.map(densityLine),
    fitLine(volatility),
  ]
}

function termLine({ isBackwardated, slope30To90VolPts, averageSkew }: VolatilityAnswer): string {
  const shape = isBackwardated === null ? 'term slope unknown' : isBackwardated ? 'backwardation' : 'contango'
  return `${shape} (30 to 90 d ${points(slope30To90VolPts, true)}), average skew ${points(averageSkew.averageSkewVolPts)}`
}

function densityLine({ expiry, entropy, reason }: VolatilityAnswer['densities'][number]): string {
  if (entropy.entropy === null) return `density ${expiry}: ${reason ?? 'none'}`
  return (
    `density ${expiry}: entropy ${entropy.entropy.bits.toFixed(3)} bits, ` +
    `${points(entropy.deltaBits, true)} against its lognormal`
  )
}

function fitLine({ byExpiry, flags }: VolatilityAnswer): string {
  const errors = byExpiry
    .flatMap(({ rmseVolPts }) => (rmseVolPts === null ? [] : [rmseVolPts]))
    .sort((a, b) => a - b)
  const raised = Object.entries(flags).map(([flag, expiries]) => `${flag} ${expiries}`)
  return (
    `smiles fitted ${errors.length}/${byExpiry.length}, median error ${points(errors[errors.length >> 1] ?? null)} vol points` +
    (raised.length > 0 ? `; flags: ${raised.join(', ')}` : '')
  )
}

function points(value: number | null, signed = false): string {
  if (value === null) return '–'
  const text = value.toFixed(2)
  return text === '-0.00' ? '0.00' : `${signed && value > 0 ? '+' : ''}${text}`
}
