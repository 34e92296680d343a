import { METHODS, type ExpiryDensity } from '../../../volatility/volatilityStructure.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

interface Figure {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly method: string
  readonly meaning: string
  readonly formula: string
  readonly source: string
  readonly read: (density: ExpiryDensity) => number | null
  /** Why there is none although there is a density. */
  readonly reason?: string
}

const SHANNON = 'C. Shannon, "A Mathematical Theory of Communication" (1948)'
const DENSITY_SOURCE = `${SHANNON}, of the density of D. Breeden and R. Litzenberger (1978)`
const BINS = 'p: risk-neutral probability of 40 bins of ¼ σ√T over ±5 σ√T around the forward'

const FIGURES: readonly Figure[] = [
  {
    name: 'shannon',
    title: 'Entropy of the distribution',
    unit: 'bits',
    method: METHODS.densityEntropy,
    meaning:
      'How undecided option prices are about where the settlement will lie, measured in standard deviations, so that the level of volatility drops out. A lognormal has 4.051; the difference from that is what says something.',
    formula: `−Σ p·log₂ p; ${BINS}`,
    source: DENSITY_SOURCE,
    read: ({ entropy }) => entropy.entropy?.bits ?? null,
  },
  {
    name: 'normalised',
    title: 'Normalised entropy of the distribution',
    unit: 'share of the most possible, 0 to 1',
    method: METHODS.densityEntropy,
    meaning: 'The same over what 40 equally likely bins would have. A lognormal has 0.761.',
    formula: `−Σ p·ln p / ln 40; ${BINS}`,
    source: DENSITY_SOURCE,
    read: ({ entropy }) => entropy.entropy?.normalised ?? null,
  },
  {
    name: 'deltaBits',
    title: 'Entropy less that of a lognormal',
    unit: 'bits',
    method: METHODS.densityEntropy,
    meaning:
      'Compared with a lognormal of the same at-the-money volatility. Negative: more concentrated, a calm middle with long tails. Positive: more spread out.',
    formula: `H(p) − H(lognormal of the same σ_ATM on the same bins); ${BINS}`,
    source: DENSITY_SOURCE,
    read: ({ entropy }) => entropy.deltaBits,
  },
  {
    name: 'ivEntropy',
    title: 'Entropy of volatility over strikes',
    unit: 'share of the most possible, 0 to 1',
    method: METHODS.ivEntropy,
    meaning:
      'How evenly volatility is spread over strikes near the money. Close to 1 for a flat smile; it falls as the smile steepens.',
    formula: '−Σ p·ln p / ln n, p = IV / Σ IV over the n strikes with |ln(K/F)| ≤ 1.5·σ_ATM·√T',
    source: `${SHANNON}, of volatilities as dashboards publish it`,
    read: ({ ivEntropy }) => ivEntropy?.normalised ?? null,
    reason: 'no strike near the money has a volatility',
  },
]

/** The two expiries whose density is read. */
const OF = [
  { suffix: '', title: 'front expiry', pick: (view: MarketView) => view.volatility.densities[0] },
  {
    suffix: 'Month',
    title: 'expiry nearest 30 days',
    pick: (view: MarketView) => view.volatility.densities.at(-1),
  },
] as const

export const DENSITY_METRICS: readonly Metric[] = OF.flatMap(({ suffix, title, pick }): Metric[] => [
  ...FIGURES.map((figure): Metric<number> => ({
    id: `volEntropy.${figure.name}${suffix}`,
    title: `${figure.title}, ${title}`,
    unit: figure.unit,
    method: figure.method,
    usesSignModel: false,
    meaning: figure.meaning,
    formula: figure.formula,
    source: figure.source,
    measure: (view) => measureFigure(view, pick(view), figure),
  })),
  densityMetric(suffix, title, pick),
])

function measureFigure(
  view: MarketView,
  density: ExpiryDensity | undefined,
  { read, reason }: Figure,
): Measurement<number> {
  if (density === undefined) return withoutSmile(view)
  return measured(view, read(density), reason ?? inWords(density.reason), {
    ...basisOf(view, density),
    contributions: () => binTerms(density),
  })
}

/** Columns: one edge more than probabilities. */
interface DensityColumns {
  readonly expiryMs: number
  readonly edges: readonly number[]
  readonly probabilities: readonly number[]
  readonly below: number
  readonly above: number
}

function densityMetric(
  suffix: string,
  title: string,
  pick: (view: MarketView) => ExpiryDensity | undefined,
): Metric<DensityColumns> {
  return {
    id: `volEntropy.density${suffix}`,
    title: `Distribution of settlements, ${title}`,
    unit: 'probability; edges in currency',
    method: METHODS.density,
    usesSignModel: false,
    meaning:
      'What option prices say of where the settlement will lie, as if nobody asked a premium for risk: tails look likelier here than they turn out.',
    formula: 'P(S < K) = N(−d₂) + φ(d₂)·w′(k)/(2√w), w the fitted total variance, differenced over 40 bins',
    source:
      'D. Breeden and R. Litzenberger, "Prices of State-Contingent Claims Implicit in Option Prices" (1978)',
    measure: (view) => {
      const density = pick(view)
      if (density === undefined) return withoutSmile(view)
      const { expiryMs, edges, probabilities, below, above, reason } = density
      const value = probabilities === null ? null : { expiryMs, edges, probabilities, below, above }
      return measured(view, value, inWords(reason), basisOf(view, density))
    },
  }
}

function withoutSmile<V>(view: MarketView): Measurement<V> {
  return measured<V>(view, null, inWords('no_smiles'), smileBasis(view, []))
}

function basisOf(view: MarketView, { expiryMs, days, extrapolated, mass, meanOverForward }: ExpiryDensity) {
  const { asOfMs, fits } = view.volatility
  return {
    ...smileBasis(
      view,
      fits.filter((fit) => fit.expiryMs === expiryMs),
    ),
    inputs: () => [
      { name: 'settlement', value: new Date(expiryMs).toISOString(), unit: 'instant', asOfMs: null },
      { name: 'time to settlement', value: days, unit: 'calendar days', asOfMs },
      { name: 'probability beyond the quoted strikes', value: extrapolated, unit: 'probability', asOfMs },
      { name: 'integral of the density', value: mass, unit: 'probability', asOfMs },
      { name: 'mean over the forward', value: meanOverForward, unit: 'share', asOfMs },
    ],
  }
}

/** The bins of the distribution, likeliest first. */
function binTerms({ edges, probabilities }: ExpiryDensity): Contributions {
  const items = (probabilities ?? []).map((probability, i) => ({
    name: `${(edges[i] as number).toFixed(2)} to ${(edges[i + 1] as number).toFixed(2)}`,
    amount: probability,
    inputs: { from: edges[i] as number, to: edges[i + 1] as number },
  }))
  return {
    kind: 'terms',
    unit: 'probability',
    total: null,
    items: items.toSorted((a, b) => b.amount - a.amount),
    rest: null,
  }
}
