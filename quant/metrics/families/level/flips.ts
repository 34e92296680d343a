/** The gamma flip by every definition in use, over every usual set of expiries. */
import type { ChainAnalytics } from '../../../analytics.ts'
import { createGammaTerms, fillGammaTerms, type GammaTerms } from '../../../kernel/gammaTerms.ts'
import { adjacentStrikeFlip } from '../../../levels/adjacentStrikeFlip.ts'
import type { Crossing } from '../../../levels/crossings.ts'
import { cumulativeFlip } from '../../../levels/cumulativeFlip.ts'
import { selectExpiries } from '../../../levels/expirySelection.ts'
import { EXPIRY_SETS } from '../../../levels/expirySets.ts'
import { FLIP_METHOD_IDS, FLIP_METHODS, type FlipMethodId } from '../../../levels/flipVariants.ts'
import { spotLadderFlip } from '../../../levels/spotLadderFlip.ts'
import type { StrikeCrossing, StrikeFlip } from '../../../levels/strikeCrossings.ts'
import type { ZeroGamma } from '../../../levels/zeroGamma.ts'
import type { Contributions } from '../../evidence.ts'
import { NO_FLIP, strikesAtFlip } from '../../flipEvidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { exposureByRow, groupRows } from '../../rowExposures.ts'

const SETS = {
  all: { name: 'All', title: 'all expiries' },
  within90d: { name: 'Within90d', title: 'expiries within 90 days' },
  first4: { name: 'First4', title: 'the first four expiry dates' },
  front: { name: 'Front', title: 'the front expiry' },
} as const
type SetId = keyof typeof SETS

const TEXTS: Readonly<Record<FlipMethodId, Pick<Metric, 'meaning' | 'formula' | 'source'>>> = {
  F1: {
    meaning:
      'The spot price at which hedging would change sides under the sign model, the whole book repriced there.',
    formula: 'nearest significant S* with Σ s·Γ(S*)·OI·M·S*²·0.01 = 0, volatilities held by strike',
    source:
      'S. Perfiliev, "How to calculate gamma exposure and zero gamma level" (2022), every crossing kept',
  },
  F2up: {
    meaning:
      'Where net gamma, summed over strikes from the lowest up, changes sign. Nothing is repriced: not a price at which the book is neutral.',
    formula: 'price between strikes at which Σ over K ≤ price of s·Γ·OI·M·S²·0.01 changes sign',
    source: 'several public tools; see docs/design/conventions.md',
  },
  F2down: {
    meaning:
      'Where net gamma, summed over strikes from the highest down, changes sign. It seldom agrees with the sum from the lowest up.',
    formula: 'price between strikes at which Σ over K ≥ price of s·Γ·OI·M·S²·0.01 changes sign',
    source: 'several public tools; see docs/design/conventions.md',
  },
  F3: {
    meaning:
      'The nearest pair of neighbouring strikes whose own net gamma differs in sign. Common and unstable: a chain has a dozen, and one trade can move it by several strikes.',
    formula: 'price between neighbouring strikes whose Σ s·Γ·OI·M·S²·0.01 have opposite signs',
    source: 'several public tools; see docs/design/conventions.md',
  },
  F4: {
    meaning:
      'The spot price at which hedging of what has traded this session would change sides under the sign model: volume in place of open interest.',
    formula: 'nearest significant S* with Σ s·Γ(S*)·volume·M·S*²·0.01 = 0, volatilities held by strike',
    source: 'this project; vendors weigh gamma by volume without saying how they find its flip',
  },
}

export const FLIP_METRICS: readonly Metric[] = FLIP_METHOD_IDS.flatMap((method) =>
  (Object.keys(SETS) as SetId[]).map((set) => flipMetric(method, set)),
)

function flipMetric(method: FlipMethodId, set: SetId): Metric<number> {
  return {
    id: `level.flip${method}${SETS[set].name}`,
    title: `Flip ${method}, ${SETS[set].title}`,
    unit: 'currency',
    method: FLIP_METHODS[method].id,
    usesSignModel: true,
    ...TEXTS[method],
    measure: (view) => measureFlip(view, method, set),
  }
}

function measureFlip(view: MarketView, method: FlipMethodId, set: SetId): Measurement<number> {
  const { flip, contributions, pick } = findFlip(view, method, set)
  const status = view.isStale ? 'stale' : flip.status
  const nearest = status === 'stale' ? null : flip.nearest
  const { asOfMs } = view.engine
  return measured(view, nearest, NO_FLIP[status], {
    ...(pick === undefined ? {} : { pick }),
    inputs: () => [
      { name: 'status', value: status, unit: 'code', asOfMs },
      { name: 'crossings', value: flip.crossings.length, unit: 'count', asOfMs },
    ],
    contributions,
  })
}

interface Found {
  readonly flip: ZeroGamma | StrikeFlip
  readonly contributions: () => Contributions | null
  readonly pick?: (analytics: ChainAnalytics) => number | null
}

function findFlip(view: MarketView, method: FlipMethodId, set: SetId): Found {
  const { engine, analytics } = view
  const kept = EXPIRY_SETS.find((id) => id === set)
  const signed = signedContracts(view, method, set)
  if (method === 'F1' && kept !== undefined) {
    const flip = analytics.flips[kept]
    const pick = ({ flips }: ChainAnalytics): number | null => flips[kept].nearest
    return { flip, pick, contributions: () => ladderEvidence(view, signed, flip.nearest) }
  }
  if (method === 'F1' || method === 'F4') {
    const flip = spotLadderFlip(engine, byGamma(view, signed))
    return { flip, contributions: () => ladderEvidence(view, signed, flip.nearest) }
  }
  const { chain, spot } = engine
  const rows = exposureByRow(view, 'gamma', { positions: { contracts: signed, signed } })
  const net = groupRows(rows, chain.strikeIndex, chain.strikeCount)
  const flip =
    method === 'F3'
      ? adjacentStrikeFlip(chain.strikes, net, spot)
      : cumulativeFlip(chain.strikes, net, spot, method === 'F2up' ? 'low_to_high' : 'high_to_low')
  return { flip, contributions: () => crossingEvidence(flip.crossings) }
}

/** What dealers hold under the sign model, 0 outside the set. */
function signedContracts({ engine }: MarketView, method: FlipMethodId, set: SetId): Float64Array {
  const { chain, measure } = engine
  const { signed } = (method === 'F4' ? measure.volume : measure.openInterest).positions
  const selected = selectExpiries(engine, set)
  return signed.map((held, row) => (selected[chain.expiryIndex[row] as number] === 1 ? held : 0))
}

/** The profile is made of European bells: early exercise scales them to the gamma the option has. */
function byGamma({ engine: { premiums } }: MarketView, signed: Float64Array): Float64Array {
  return premiums === null ? signed : signed.map((held, row) => held * (premiums.gammaRatio[row] as number))
}

function ladderEvidence(view: MarketView, signed: Float64Array, price: number | null): Contributions | null {
  if (price === null) return null
  const { chain, spot, sections } = view.engine
  const terms: GammaTerms = createGammaTerms(chain.count)
  fillGammaTerms(terms, chain, spot, byGamma(view, signed), sections.start, sections.end)
  return strikesAtFlip(view, terms, price)
}

const LISTED = 20

function crossingEvidence(crossings: readonly (Crossing | StrikeCrossing)[]): Contributions {
  return {
    kind: 'ranking',
    unit: 'significance, 0 to 1',
    total: null,
    items: crossings
      .toSorted((a, b) => b.significance - a.significance)
      .slice(0, LISTED)
      .map(({ price, significance, ...strikes }) => ({
        name: price.toFixed(2),
        amount: significance,
        inputs: { ...strikes },
      })),
    rest: null,
  }
}
