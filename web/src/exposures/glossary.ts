/** What each dealer-sign model assumes and what each exposure measures. Formulas as in quant/exposure. */
import type { ExposureGreek, ExposureGreeks } from '#schemas/rest/exposureGreeks'
import type { GlossaryEntry } from '../levels/glossary.ts'

export type SignModelId = ExposureGreeks['signModels'][number]['id']

const WEIGHTS = 'Γ · w · multiplier · S² · 0.01'

export const SIGN_MODEL_GLOSSARY: Readonly<Record<SignModelId, GlossaryEntry>> = {
  M0: {
    label: 'All gamma, no direction',
    meaning: 'How much gamma there is, whoever holds it. It has no sign, so it says nothing about direction.',
    formula: `Σ ${WEIGHTS}, w = open interest`,
  },
  M1: {
    label: 'Long calls, short puts',
    meaning:
      'Customers sell calls against their shares and buy puts as insurance; dealers hold the other side. The usual assumption for indices, and the one every other number here follows.',
    formula: `Σ ${WEIGHTS}, w = + open interest of calls, − of puts`,
  },
  M2: {
    label: 'Short every option',
    meaning: 'Customers buy both calls and puts, as in many single names: dealers are short all of them.',
    formula: `Σ ${WEIGHTS}, w = − open interest`,
  },
  M3: {
    label: 'Short calls, long puts',
    meaning: 'The usual assumption turned around, which some vendors print. It has no vote in the agreement.',
    formula: `Σ ${WEIGHTS}, w = − open interest of calls, + of puts`,
  },
  M4: {
    label: 'Opposite of today’s trades',
    meaning:
      'Dealers hold the other side of what customers bought and sold today, and nothing else. Needs trades whose buyer or seller is known to have been the customer.',
    formula: `Σ ${WEIGHTS}, w = −(contracts customers bought − sold today)`,
  },
  M5: {
    label: 'Usual, moved by today’s trades',
    meaning:
      'The usual assumption on open interest that is corrected by the share of today’s trades taken to open positions. Needs the same trades.',
    formula: `Σ ${WEIGHTS}, w = ± max(0, open interest + κ · signed trades)`,
  },
  M6: {
    label: 'Usual, calls weighed by skew',
    meaning:
      'The usual assumption for puts; each expiry’s calls count as far as its skew says customers sell them, and turn their sign where calls are bid above the money.',
    formula: `Σ ${WEIGHTS}, w of calls = open interest · (IV put − IV call) ÷ (|IV put − IV ATM| + |IV call − IV ATM|), at 25 Δ`,
  },
}

export const SIGN_MODELS_ENTRY: GlossaryEntry = {
  label: 'Who is on the other side?',
  meaning:
    'Nobody outside the dealers knows what dealers hold. Each line is the same net gamma under another assumption. Where the lines point the same way, the direction does not hang on the assumption.',
  formula: 'net gamma = Σ Γ · assumed dealer position · multiplier · S² · 0.01',
}

export const AGREEMENT_ENTRY: GlossaryEntry = {
  label: 'Agreement',
  meaning:
    '100 %: every assumption with a vote gives net gamma the same sign. 0 %: they are evenly split. It measures how far the sign depends on the assumption, not how likely it is to be right.',
  formula: '|Σ sign of net gamma| ÷ n, over those of M1, M2, M4, M5 and M6 that apply',
}

export const OTHER_EXPOSURES_ENTRY: GlossaryEntry = {
  label: 'Other exposures',
  meaning:
    'What else the assumed dealer position is exposed to, over all expiries; the part that settles today; and the same weighted by the contracts traded this session instead of open interest.',
  formula: 'Σ sign · contracts · multiplier · greek',
}

export type OtherGreek = Exclude<ExposureGreek, 'gamma' | 'gammaFinite'>

export const GREEK_GLOSSARY: Readonly<Record<OtherGreek, GlossaryEntry>> = {
  delta: {
    label: 'Delta',
    meaning: 'The underlying the position is worth of: what a full hedge holds the other way.',
    formula: 'Σ sign · Δ · open interest · multiplier · S',
  },
  vanna: {
    label: 'Vanna',
    meaning:
      'How much that delta changes, and has to be hedged anew, when all volatilities rise by one point.',
    formula: 'Σ sign · ∂Δ/∂σ · open interest · multiplier · S · 0.01',
  },
  charm: {
    label: 'Charm',
    meaning:
      'How much that delta changes as one calendar day passes. A rate, not a forecast: within minutes of settlement deltas jump and it means nothing.',
    formula: 'Σ sign · ∂Δ/∂t · open interest · multiplier · S ÷ 365',
  },
  vega: {
    label: 'Vega',
    meaning: 'How much the position gains when all volatilities rise by one point.',
    formula: 'Σ sign · ∂V/∂σ · open interest · multiplier · 0.01',
  },
  theta: {
    label: 'Theta',
    meaning: 'How much the position gains (or, negative, loses) as one calendar day passes.',
    formula: 'Σ sign · ∂V/∂t · open interest · multiplier ÷ 365',
  },
}

export const ZERO_DTE_ENTRY: GlossaryEntry = {
  label: '0DTE',
  meaning:
    'Options that settle on the exchange’s date of today, and their share of all gamma, calls and puts both counted positive.',
  formula: 'Σ Γ of what settles today ÷ Σ Γ of the chain, same weights',
}
