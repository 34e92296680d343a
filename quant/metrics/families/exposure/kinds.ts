/** What each kind of exposure is called, means and is computed by; `quant/exposure` has the units and the sums. */
import { METHODS } from '../../../analytics/chainAnalytics.ts'
import { EXPOSURE_UNITS } from '../../../exposure/exposureKinds.ts'
import type { SignedKind } from '../../../exposure/exposuresBySignModel.ts'
import { HIGHER_UNITS, type HigherKind } from '../../../exposure/higherKinds.ts'

export type MetricKind = SignedKind | HigherKind

export interface KindText {
  readonly title: string
  readonly unit: string
  readonly method: string
  readonly meaning: string
  /** Of one contract, before Σ and the dealer sign s. */
  readonly term: string
  readonly source: string
}

const PATTERN = 'the pattern of SqueezeMetrics, "Gamma Exposure" (2017), for this greek'

export const KIND_TEXTS: Readonly<Record<MetricKind, KindText>> = {
  gamma: {
    title: 'Local gamma exposure',
    unit: EXPOSURE_UNITS.gamma,
    method: METHODS.gex,
    meaning: 'What hedging trades in the underlying per +1 % of spot, if gamma stayed as it is on the way.',
    term: 'Γ·OI·M·S²·0.01',
    source: 'SqueezeMetrics, "Gamma Exposure" (2017), per 1 % instead of per point',
  },
  gammaFinite: {
    title: 'Finite-move gamma exposure',
    unit: EXPOSURE_UNITS.gammaFinite,
    method: METHODS.gexFinite,
    meaning:
      'What a 1 % move around spot really makes hedging trade, by repricing both ends. It cannot exceed the value of the contracts, where the local figure grows without limit near expiry.',
    term: '[Δ(1.005·S) − Δ(0.995·S)]·OI·M·S',
    source: 'this project, docs/design/quant.md',
  },
  delta: {
    title: 'Delta exposure',
    unit: EXPOSURE_UNITS.delta,
    method: 'exposure.delta@1',
    meaning: 'The underlying that would have to be held against the options to be neutral, as an amount.',
    term: 'Δ·OI·M·S',
    source: PATTERN,
  },
  vanna: {
    title: 'Vanna exposure',
    unit: EXPOSURE_UNITS.vanna,
    method: 'exposure.vanna@1',
    meaning: 'How delta exposure changes when volatility rises by one point.',
    term: 'vanna·OI·M·S·0.01',
    source: PATTERN,
  },
  charm: {
    title: 'Charm exposure',
    unit: EXPOSURE_UNITS.charm,
    method: 'exposure.charm@1',
    meaning:
      'How delta exposure changes as a calendar day passes. Within minutes of a settlement it says nothing.',
    term: 'charm·OI·M·S/365',
    source: PATTERN,
  },
  vega: {
    title: 'Vega exposure',
    unit: EXPOSURE_UNITS.vega,
    method: 'exposure.vega@1',
    meaning: 'How much the options gain when volatility rises by one point.',
    term: 'vega·OI·M·0.01',
    source: PATTERN,
  },
  theta: {
    title: 'Theta exposure',
    unit: EXPOSURE_UNITS.theta,
    method: 'exposure.theta@1',
    meaning: 'How much the options gain as a calendar day passes; what is long options loses.',
    term: 'θ·OI·M/365',
    source: PATTERN,
  },
  volga: {
    title: 'Volga exposure',
    unit: HIGHER_UNITS.volga,
    method: 'exposure.volga@1',
    meaning: 'How vega exposure changes when volatility rises by one point.',
    term: 'volga·OI·M·0.01²',
    source: PATTERN,
  },
  speed: {
    title: 'Speed exposure',
    unit: HIGHER_UNITS.speed,
    method: 'exposure.speed@1',
    meaning: 'How gamma exposure changes when spot rises by 1 %, as far as gamma itself changes.',
    term: 'speed·OI·M·S³·0.01²',
    source: PATTERN,
  },
  zomma: {
    title: 'Zomma exposure',
    unit: HIGHER_UNITS.zomma,
    method: 'exposure.zomma@1',
    meaning: 'How gamma exposure changes when volatility rises by one point.',
    term: 'zomma·OI·M·S²·0.01²',
    source: PATTERN,
  },
  colour: {
    title: 'Colour exposure',
    unit: HIGHER_UNITS.colour,
    method: 'exposure.colour@1',
    meaning:
      'How gamma exposure changes as a calendar day passes. Within minutes of a settlement it says nothing.',
    term: 'colour·OI·M·S²·0.01/365',
    source: PATTERN,
  },
  rho: {
    title: 'Rho exposure',
    unit: HIGHER_UNITS.rho,
    method: 'exposure.rho@1',
    meaning: 'How much the options gain when the interest rate rises by one percentage point.',
    term: 'ρ·OI·M·0.01',
    source: PATTERN,
  },
}

export const METRIC_KINDS = Object.keys(KIND_TEXTS) as MetricKind[]
