import type { Entropy } from '../../../volatility/entropy.ts'
import { METHODS } from '../../../volatility/volatilityStructure.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { exposureByRow, groupRows } from '../../rowExposures.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'

const FORMULA = 'p = Σ Γ·OI of the strike / Σ Γ·OI'
const SOURCE = 'C. Shannon, "A Mathematical Theory of Communication" (1948), of unsigned gamma by strike'

export const GAMMA_ENTROPY_METRICS: readonly Metric[] = [
  gammaMetric(
    'gammaEffectiveStrikes',
    'Effective strikes of gamma',
    'strikes',
    'Over how many strikes of equal gamma hedging might as well be spread. Few: a move towards one of them meets most of the hedging there.',
    `e^H, H = −Σ p·ln p; ${FORMULA}`,
    ({ effectiveCount }) => effectiveCount,
  ),
  gammaMetric(
    'gammaEntropy',
    'Entropy of gamma over strikes',
    'share of the most possible, 0 to 1',
    'How evenly gamma is spread over the strikes that have any. 0: all on one; 1: the same on each.',
    `−Σ p·ln p / ln n; ${FORMULA}, n strikes with gamma`,
    ({ normalised }) => normalised,
  ),
]

function gammaMetric(
  name: string,
  title: string,
  unit: string,
  meaning: string,
  formula: string,
  read: (entropy: Entropy) => number,
): Metric<number> {
  return {
    id: `volEntropy.${name}`,
    title,
    unit,
    method: METHODS.gammaEntropy,
    usesSignModel: false,
    meaning,
    formula,
    source: SOURCE,
    measure: (view) => {
      const { gammaEntropy, asOfMs } = view.volatility
      const value = gammaEntropy === null ? null : read(gammaEntropy)
      return measured(view, value, whyNoExposure(view) ?? 'no open contract has gamma', {
        asOfMs,
        contributions: () => strikeTerms(view),
      })
    },
  }
}

const LISTED = 20

/** The strikes with most gamma. */
function strikeTerms(view: MarketView): Contributions {
  const { chain } = view.engine
  const byStrike = groupRows(exposureByRow(view, 'gammaMass'), chain.strikeIndex, chain.strikeCount)
  const total = byStrike.reduce((sum, amount) => sum + amount, 0)
  const items = Array.from(byStrike, (gamma, k) => ({
    name: String(chain.strikes[k]),
    amount: total > 0 ? gamma / total : 0,
    inputs: { gamma },
  }))
  return {
    kind: 'terms',
    unit: 'share of gamma',
    total: null,
    items: items
      .filter(({ amount }) => amount > 0)
      .toSorted((a, b) => b.amount - a.amount)
      .slice(0, LISTED),
    rest: null,
  }
}
