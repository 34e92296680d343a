/** RegimeShift: which way hedging works against spot's moves, how sure that is, and what decided it. */
import type { ChainAnalytics } from '../../analytics.ts'
import { parityRatio, regimeFeatures, type RegimeFeatures } from '../../regime/regimeFeatures.ts'
import { isDisputed, type Regime } from '../../regime/regimeMachine.ts'
import { readRegime, type RegimeDriver, type RegimeReading } from '../../regime/regimeReading.ts'
import type { Contributions, EvidenceInput } from '../evidence.ts'
import { finiteOrNull } from '../finite.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing, type Basis } from '../measurement.ts'
import type { Measurement, Metric } from '../metric.ts'
import { whyNoExposure } from '../whyNoExposure.ts'

const METHOD = 'regime.hysteresis@1'
const SOURCE = 'this project; its thresholds are choices, not estimates'
const MINUTE_MS = 60_000
const DISTANCE = 'D = (S − nearest flip)/(S·σ/√252), σ at the money of the first expiry a day away or more'

const REGIME: Metric<Regime> = {
  id: 'regimeShift.regime',
  title: 'Gamma regime',
  unit: 'long_gamma_pinned, long_gamma, transition, short_gamma or short_gamma_stressed',
  method: METHOD,
  usesSignModel: true,
  meaning:
    'Long gamma: under the sign model, hedging trades against moves; pinned: and much of it at one strike. Short gamma: with them; stressed: while near-dated volatility is dearest. Transition: close to the flip, or the sign models that can have either sign disagree.',
  formula: `sign of net gamma; transition when |D| < 0.25 (left at 0.35) or agreement of M1, M4, M5, M6 < 0.6; pinned when D > 0.5 and pull > 0.25; stressed in backwardation; a label stays 3 cycles at least; ${DISTANCE}`,
  source: SOURCE,
  measure: (view) => measureReading(view, ({ label }) => (label === 'unknown' ? null : label)),
}

const CONFIDENCE: Metric<number> = {
  id: 'regimeShift.confidenceRatio',
  title: 'Confidence in the regime',
  unit: 'score, 0 to 1',
  method: 'regime.confidence@1',
  usesSignModel: true,
  meaning:
    'How far the inputs of the label agree, are complete and are away from the flip. A score: no outcomes stand behind it, and it is no probability.',
  formula: `agreement of M1, M4, M5, M6 · share of open interest priced · (1 − e^(−|D|/0.5)); ${DISTANCE}`,
  source: SOURCE,
  measure: (view) => {
    const { inputs, state } = view.regime
    return measureReading(view, ({ confidence }) => confidence, {
      flags: ['UNCALIBRATED'],
      pick: (analytics) => readRegime(state, regimeFeatures({ ...inputs, analytics })).confidence,
    })
  },
}

const DRIVERS: Metric<readonly RegimeDriver[]> = {
  id: 'regimeShift.drivers',
  title: 'Drivers of the regime',
  unit: 'signs; distances in one day’s standard deviations; shares; vol points',
  method: METHOD,
  usesSignModel: true,
  meaning: 'Everything the label is judged by. Those marked decided it; the others are context.',
  formula: 'the features of the regime, each with whether the label follows from it',
  source: SOURCE,
  measure: (view) => measureReading(view, ({ drivers }) => (drivers.length > 0 ? drivers : null)),
}

const IMPLICATIONS: Metric<readonly string[]> = {
  id: 'regimeShift.implications',
  title: 'What the regime implies',
  unit: 'text',
  method: METHOD,
  usesSignModel: true,
  meaning:
    'What hedging would do under the sign model when spot, volatility or time alone move. Not a forecast.',
  formula: 'by the label and the signs of net vanna and charm',
  source: SOURCE,
  measure: (view) =>
    measureReading(view, ({ implications }) => (implications.length > 0 ? implications : null)),
}

const AGE: Metric<number> = {
  id: 'regimeShift.ageMinutes',
  title: 'Age of the regime',
  unit: 'minutes',
  method: METHOD,
  usesSignModel: true,
  meaning: 'How long the label has been the same.',
  formula: 'now − the instant the label was entered',
  source: SOURCE,
  measure: (view) => {
    if (!hasPast(view))
      return missing(view, whyNoExposure(view) ?? 'no earlier cycle is kept', regimeBasis(view))
    // A replay that started over is earlier than its own past.
    return measureReading(view, ({ sinceMs }) =>
      sinceMs === null ? null : Math.max(0, view.engine.asOfMs - sinceMs) / MINUTE_MS,
    )
  },
}

const PARITY: Metric<number> = {
  id: 'regimeShift.parityRatio',
  title: 'Gamma above against below spot',
  unit: 'ratio, 0 to 1',
  method: 'regime.parity_ratio@1',
  usesSignModel: true,
  meaning:
    'How unequal net gamma above and below spot are in size. 0: the same on both sides; 1: all on one. It says nothing of sign.',
  formula: '| |above| − |below| | / (|above| + |below|) of net gamma exposure',
  source: 'the confidence of dealer-gamma dashboards, with sizes for signed sums so that it stays in 0 to 1',
  measure: (view) => {
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    const read = ({ exposure }: ChainAnalytics) => parityRatio(exposure.aboveSpot, exposure.belowSpot)
    const { aboveSpot, belowSpot } = view.analytics.exposure
    const { asOfMs } = view.engine
    const unit = 'currency per +1 % of spot'
    return measured(view, read(view.analytics), 'no net gamma on either side of spot', {
      pick: read,
      inputs: () => [
        { name: 'net gamma exposure above spot', value: aboveSpot, unit, asOfMs },
        { name: 'net gamma exposure below spot', value: belowSpot, unit, asOfMs },
      ],
    })
  },
}

export const REGIME_SHIFT: readonly Metric[] = [REGIME, CONFIDENCE, DRIVERS, IMPLICATIONS, AGE, PARITY]

/** Without open interest net gamma is zero, which has no regime. */
function measureReading<V>(
  view: MarketView,
  read: (reading: RegimeReading) => V | null,
  { flags = [], ...basis }: Basis = {},
): Measurement<V> {
  const common = regimeBasis(view)
  const all = { ...common, ...basis, flags: [...(common.flags ?? []), ...flags] }
  const why = whyNoExposure(view)
  if (why !== null) return missing(view, why, all)
  const { reading } = view.regime
  return measured(view, read(reading), reading.reason, all)
}

function hasPast({ history }: MarketView): boolean {
  return (history.regime?.regime ?? null) !== null
}

function regimeBasis(view: MarketView): Basis {
  const { regime, engine } = view
  const { features, reading } = regime
  const { asOfMs } = engine
  return {
    flags: isDisputed(features) ? ['MODEL_DISAGREE'] : [],
    inputs: (): EvidenceInput[] => [
      { name: 'label entered', value: finiteOrNull(reading.sinceMs), unit: 'UTC ms', asOfMs },
      { name: 'label pending', value: reading.pending, unit: 'regime', asOfMs },
      { name: 'share of open interest priced', value: features.coverage, unit: 'share', asOfMs },
      { name: 'size of net gamma', value: features.gammaShare, unit: sizeUnit(features), asOfMs },
    ],
    contributions: () => driverTerms(reading.drivers),
    notes: hasPast(view)
      ? []
      : ['No earlier cycle is kept: the label is judged on its own, without hysteresis.'],
  }
}

function sizeUnit({ gammaBasis }: RegimeFeatures): string {
  const of = gammaBasis === 'average_daily_value' ? 'the average daily value traded' : 'open notional'
  return `share of ${of} per +1 % of spot`
}

/** What decided first. */
function driverTerms(drivers: readonly RegimeDriver[]): Contributions {
  return {
    kind: 'terms',
    unit: 'of each feature',
    total: null,
    items: drivers
      .map(({ feature, value, decides }) => ({
        name: feature,
        amount: value,
        inputs: { decides: decides ? 'yes' : 'no' },
      }))
      .toSorted((a, b) => Number(b.inputs.decides === 'yes') - Number(a.inputs.decides === 'yes')),
    rest: null,
  }
}
