import { volSurface, type VolSurface } from '../../../volatility/surface.ts'
import { METHODS } from '../../../volatility/volatilityStructure.ts'
import type { EvidenceInput } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { everySmileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

/** As far as a density reaches before its tails are the model's own. */
const DEVIATIONS = [-2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5] as const
const MEANING =
  'Rows are maturities, columns strikes. A cell nobody quotes at both neighbouring expiries is null, with its reason in the same place: nothing here is extrapolated.'
const FORMULA =
  '√(w/T), total variance w interpolated linearly in time at equal ln(K/F) between fitted smiles'

const SHARED = {
  unit: 'annualised fraction',
  method: METHODS.tenor,
  usesSignModel: false,
  source:
    'J. Gatheral, "A parsimonious arbitrage-free implied volatility parameterization" (2004); J. Gatheral and A. Jacquier (2014)',
} as const

const BY_MONEYNESS: Metric<VolSurface> = {
  ...SHARED,
  id: 'ivSurface.byMoneyness',
  title: 'Volatility by moneyness',
  meaning: `Volatility at fixed shares of the forward, 80 % to 120 %. ${MEANING}`,
  formula: FORMULA,
  measure: (view) => measureGrid(view, view.volatility.surface),
}

const BY_DEVIATIONS: Metric<VolSurface> = {
  ...SHARED,
  id: 'ivSurface.byDeviations',
  title: 'Volatility by deviations',
  meaning: `Volatility at fixed numbers of standard deviations from the forward, which are the same tail at every maturity. ${MEANING}`,
  formula: `${FORMULA}; columns ln(K/F)/(σ_ATM·√T)`,
  measure: (view) => measureGrid(view, volSurface(view.volatility.fits, 'deviations', DEVIATIONS)),
}

const SHOWN: Metric<number> = {
  ...SHARED,
  id: 'ivSurface.shown',
  title: 'Quoted part of the surface',
  unit: 'share of cells',
  meaning: 'How much of the grid by moneyness somebody quotes.',
  formula: 'cells with a volatility / cells',
  source: 'this project',
  measure: (view) => {
    const share = shownShare(view.volatility.surface)
    return measured(view, share === 0 ? null : share, whyEmpty(view), everySmileBasis(view))
  },
}

export const GRID_METRICS: readonly Metric[] = [BY_MONEYNESS, BY_DEVIATIONS, SHOWN]

function measureGrid(view: MarketView, surface: VolSurface): Measurement<VolSurface> {
  const share = shownShare(surface)
  return measured(view, share === 0 ? null : surface, whyEmpty(view), {
    ...everySmileBasis(view),
    coverage: share,
    inputs: () => maskedCells(surface, view.volatility.asOfMs),
  })
}

function whyEmpty({ volatility }: MarketView): string {
  return volatility.fits.length > 0
    ? 'no maturity of the grid lies between listed expiries'
    : inWords('no_smiles')
}

function shownShare({ vol }: VolSurface): number {
  const cells = vol.flat()
  return cells.filter((cell) => cell !== null).length / cells.length
}

function maskedCells({ reasons }: VolSurface, asOfMs: number): EvidenceInput[] {
  const counts = new Map<string, number>()
  for (const reason of reasons.flat()) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, value]) => ({
    name: `cells masked: ${reason}`,
    value,
    unit: 'cells',
    asOfMs,
  }))
}
