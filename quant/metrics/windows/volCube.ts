/** VolCube: where the hedging of a 1 % move is concentrated, and how much. */
import { CONCENTRATION_METHOD, type ConcentrationStrike } from '../../levels/concentration.ts'
import type { Contributions } from '../evidence.ts'
import type { MarketView } from '../marketView.ts'
import { measured } from '../measurement.ts'
import type { Metric } from '../metric.ts'
import { whyNoExposure } from '../whyNoExposure.ts'

const UNIT = 'currency per +1 % of spot, unsigned'
const HHI_SOURCE = 'Herfindahl–Hirschman index (A. Hirschman, 1945), of gamma over strikes'

const TOP_STRIKES: Metric<readonly ConcentrationStrike[]> = {
  id: 'volCube.topStrikes',
  title: 'Top strikes',
  unit: UNIT,
  method: CONCENTRATION_METHOD,
  usesSignModel: false,
  meaning:
    'The ten strikes with most gamma. Magnet: most sign models have dealers long there, hedging against the move. Accelerator: short, hedging with it. Contested: they disagree.',
  formula:
    'rank of Σ OI·M·S·|Δ(1.005·S) − Δ(0.995·S)| by strike; a label needs two thirds of the applicable of M1, M2, M4, M5, M6',
  source: 'this project',
  measure: (view) => {
    const { strikes } = view.concentration
    return measured(view, strikes.length > 0 ? strikes : null, whyNone(view), {
      contributions: () => listed(view, 'ranking', ({ gexFinite }) => gexFinite),
    })
  },
}

const HHI: Metric<number> = {
  id: 'volCube.hhi',
  title: 'Concentration of gamma',
  unit: 'index, 0 to 1',
  method: CONCENTRATION_METHOD,
  usesSignModel: false,
  meaning: 'How concentrated gamma is. 1: all on one strike; near 0: spread over many.',
  formula: 'Σ share², share = gamma of the strike / gamma of all strikes',
  source: HHI_SOURCE,
  measure: (view) =>
    measured(view, view.concentration.hhi, whyNone(view), {
      contributions: () => listed(view, 'terms', ({ hhiContribution }) => hhiContribution),
    }),
}

const EFFECTIVE: Metric<number> = {
  id: 'volCube.effectiveStrikes',
  title: 'Effective strikes',
  unit: 'strikes',
  method: CONCENTRATION_METHOD,
  usesSignModel: false,
  meaning: 'Over how many equal strikes a book as concentrated as this one would be spread.',
  formula: '1 / Σ share²',
  source: HHI_SOURCE,
  measure: (view) =>
    measured(view, view.concentration.effectiveStrikes, whyNone(view), {
      contributions: () => listed(view, 'terms', ({ hhiContribution }) => hhiContribution),
    }),
}

export const VOL_CUBE: readonly Metric[] = [TOP_STRIKES, HHI, EFFECTIVE]

function whyNone(view: MarketView): string {
  return whyNoExposure(view) ?? 'no open contract has gamma'
}

/** The ten strikes; the index runs over all of them. */
function listed(
  { concentration }: MarketView,
  kind: 'ranking' | 'terms',
  amountOf: (strike: ConcentrationStrike) => number,
): Contributions {
  return {
    kind,
    unit: kind === 'ranking' ? UNIT : 'share²',
    total: kind === 'ranking' ? null : concentration.hhi,
    items: concentration.strikes.map((strike) => ({
      name: String(strike.strike),
      amount: amountOf(strike),
      inputs: { share: strike.share, callShare: strike.callShare, label: strike.label },
    })),
    rest: null,
  }
}
