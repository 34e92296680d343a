import { finiteOrNull } from '../../finite.ts'
import type { MarketView } from '../../marketView.ts'
import type { Basis } from '../../measurement.ts'

export const FLOW_METHOD = 'flow.signed_greeks_ewma@1'
export const FLOW_SOURCE =
  'this project; sides by the quote rule of C. Lee and M. Ready, "Inferring Trade Direction from Intraday Data" (1991)'

/** What a flow rests on: prints, or gamma exposure and the move of spot. */
export function flowBasis(view: MarketView): Basis {
  const { flow, prints, engine, analytics } = view
  if (flow.basis === 'prints') {
    const newestMs = finiteOrNull(prints?.newestMs)
    return {
      coverage: flow.coverage,
      inputs: () => [
        { name: 'newest print', value: newestMs, unit: 'UTC ms', asOfMs: newestMs },
        {
          name: 'share of contracts with a side',
          value: flow.coverage,
          unit: 'share',
          asOfMs: engine.asOfMs,
        },
      ],
      notes: ['Greeks are those of the last valuation before each print.'],
    }
  }
  return {
    flags: flow.basis === 'predicted' ? ['PREDICTED'] : [],
    inputs: () => [
      {
        name: 'finite-move net gamma exposure',
        value: analytics.exposure.finite.net,
        unit: 'currency per +1 % of spot',
        asOfMs: engine.asOfMs,
      },
      { name: 'prints', value: flow.reason, unit: 'why they do not say it', asOfMs: null },
    ],
    notes: [
      `Predicted under the sign model ${engine.options.signModel}: what hedging open interest asks for.`,
    ],
  }
}
