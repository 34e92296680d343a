import type { EigenHedge } from '../../../eigen/eigenHedge.ts'
import type { MarketView } from '../../marketView.ts'
import type { Basis } from '../../measurement.ts'
import { everySmileBasis } from '../../smileBasis.ts'

type Reason = NonNullable<EigenHedge['reasons'][keyof EigenHedge['reasons']]>

const WORDS: Readonly<Record<Reason, string>> = {
  insufficient_history: 'under 60 five-minute changes of the surface are known',
  too_few_nodes: 'the maturities and strikes quoted do not tell level, slope and curvature apart',
  no_variation: 'the surface has not moved',
  no_recent_change: 'no change of the surface within the last ten minutes is known',
  nodes_missing: 'under half of the surface was quoted both before and after the latest change',
  no_atm_vol: 'no volatility at the forward',
  no_positions: 'no open contract has a volatility',
  no_expiry: 'no expiry has a fitted smile',
  no_straddle: 'no straddle is quoted at the forward',
  no_25_delta_strikes: 'the 25-delta strikes are not quoted',
  singular: 'the three instruments do not span the three components',
}

export function inEigenWords(reason: Reason | null): string | null {
  return reason === null ? null : WORDS[reason]
}

/** What the components rest on. */
export function eigenBasis(view: MarketView): Basis {
  const { eigen } = view
  const { asOfMs } = view.volatility
  const basis = everySmileBasis(view)
  const nodes = eigen.nodes.tenorDays.length * eigen.nodes.deviations.length
  return {
    ...basis,
    coverage: nodes > 0 ? 1 - eigen.nodes.dropped.length / nodes : null,
    flags: [
      ...(basis.flags ?? []),
      ...(eigen.reasons.basis === 'insufficient_history' ? ['INSUFFICIENT_HISTORY' as const] : []),
    ],
    inputs: () => [
      { name: 'basis', value: eigen.basis, unit: 'empirical or analytic', asOfMs },
      { name: 'five-minute changes', value: eigen.rows, unit: 'count', asOfMs },
      { name: 'at-the-money volatility', value: eigen.atmVol, unit: 'annualised fraction', asOfMs },
      {
        name: 'latest change from',
        value: eigen.latestChange?.fromMs ?? null,
        unit: 'UTC ms',
        asOfMs: eigen.latestChange?.toMs ?? null,
      },
    ],
    notes: eigen.basis === 'analytic' ? ['Shapes of a quadratic smile stand in for components.'] : [],
  }
}
