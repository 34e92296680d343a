/** The same exposures under every assumption of what dealers hold, and how far the assumptions agree. */
import { METHODS } from '../../analytics/chainAnalytics.ts'
import type { SignedKind } from '../../exposure/exposuresBySignModel.ts'
import type { Sides } from '../../exposure/exposureTable.ts'
import { SIGN_MODEL_IDS, SIGN_MODELS, type SignModelId } from '../../exposure/signModel.ts'
import { VOTING_MODELS } from '../../exposure/signTotals.ts'
import type { Contributions } from '../evidence.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing } from '../measurement.ts'
import type { Measurement, Metric } from '../metric.ts'
import { whyNoExposure } from '../whyNoExposure.ts'
import { KIND_TEXTS } from './exposure/kinds.ts'

/** Calls, puts and net under each model; null where `reasons` says why the model does not apply. */
interface ByModel {
  readonly models: Readonly<Record<SignModelId, Sides | null>>
  readonly reasons: Readonly<Partial<Record<SignModelId, string>>>
}

const KINDS: readonly SignedKind[] = ['gamma', 'gammaFinite', 'delta', 'vanna', 'charm', 'vega', 'theta']
const ASSUMPTIONS = SIGN_MODEL_IDS.map((model) => `${model}: ${SIGN_MODELS[model]}`)

/** Below this the sign is the model's choice more than the market's. */
const DISAGREEMENT = 0.6

export const SIGN_MODEL_METRICS: readonly Metric[] = [
  ...KINDS.map(byModelMetric),
  {
    id: 'signModel.agreement',
    title: 'Sign agreement',
    unit: 'share, 0 to 1',
    method: METHODS.signAgreement,
    usesSignModel: false,
    meaning:
      'How far the assumptions agree on the sign of net gamma. 1: all the same, so the sign does not hang on one of them. 0: evenly split.',
    formula: '|Σ sgn(net gamma)| ÷ n over the applicable of M1, M2, M4, M5, M6',
    source: 'this project, docs/design/quant.md',
    measure: measureAgreement,
  } satisfies Metric<number>,
]

function byModelMetric(kind: SignedKind): Metric<ByModel> {
  const { title, unit, method, meaning, term, source } = KIND_TEXTS[kind]
  return {
    id: `signModel.${kind}`,
    title: `${title} by sign model`,
    unit,
    method,
    usesSignModel: false,
    meaning: `${meaning} Under each of the seven assumptions M0 to M6 of what dealers hold.`,
    formula: `Σ s·${term}, s by model; M0 is unsigned`,
    source,
    measure: (view) => measureByModel(view, kind),
  }
}

function measureByModel(view: MarketView, kind: SignedKind): Measurement<ByModel> {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing(view, reason)
  const { totals, reasons } = view.bySignModel
  const of = (model: SignModelId): Sides | null => totals[model]?.[kind] ?? null
  const models = Object.fromEntries(SIGN_MODEL_IDS.map((model) => [model, of(model)])) as ByModel['models']
  return measured(view, { models, reasons }, null, {
    notes: ASSUMPTIONS,
    contributions: () => modelTerms(KIND_TEXTS[kind].unit, SIGN_MODEL_IDS, of, ({ net }) => net),
  })
}

function measureAgreement(view: MarketView): Measurement<number> {
  const reason = whyNoExposure(view)
  if (reason !== null) return missing(view, reason)
  const { signAgreement, signModels } = view.analytics
  const isSplit = signAgreement !== null && signAgreement < DISAGREEMENT
  return measured(view, signAgreement, 'no model applies', {
    flags: isSplit ? ['MODEL_DISAGREE'] : [],
    pick: (analytics) => analytics.signAgreement,
    notes: ASSUMPTIONS,
    contributions: () =>
      modelTerms(
        'vote',
        VOTING_MODELS,
        (model) => signModels[model],
        ({ net }) => Math.sign(net),
      ),
  })
}

function modelTerms(
  unit: string,
  models: readonly SignModelId[],
  sidesOf: (model: SignModelId) => Sides | null,
  amountOf: (sides: Sides) => number,
): Contributions {
  const items = models.flatMap((model) => {
    const sides = sidesOf(model)
    return sides === null ? [] : [{ name: model, amount: amountOf(sides) + 0, inputs: { ...sides } }]
  })
  return { kind: 'terms', unit, total: null, items, rest: null }
}
