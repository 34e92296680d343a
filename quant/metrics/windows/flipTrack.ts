/** FlipTrack: where net gamma changes sign, how far that is, how long it has been there and where it is going. */
import type { ChainAnalytics } from '../../analytics.ts'
import { METHODS } from '../../analytics/chainAnalytics.ts'
import type { Crossing } from '../../levels/crossings.ts'
import { DRIFT_WINDOW_MS, flipDrift, type FlipDrift } from '../../levels/flipDrift.ts'
import { sigmaRemaining } from '../../levels/sigmaRemaining.ts'
import { SIGNIFICANT, type FlipStatus } from '../../levels/zeroGamma.ts'
import { distanceMetrics } from '../distance.ts'
import type { EvidenceInput } from '../evidence.ts'
import { NO_FLIP, profileAround, strikesAtFlip } from '../flipEvidence.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing, type Basis } from '../measurement.ts'
import type { Measurement, Metric } from '../metric.ts'

const SOURCE =
  'S. Perfiliev, "How to calculate gamma exposure and zero gamma level" (2022), with every crossing kept'
const LADDER_FORMULA =
  'S* with Σ s·Γ(S*)·OI·M·S*²·0.01 = 0, volatilities held by strike, S* from 0.8·S to 1.2·S'
const MINUTE_MS = 60_000

/** One price at which net gamma changes sign. */
export interface TrackedFlip extends Crossing {
  /** Not noise: its significance reaches a tenth. */
  readonly isSignificant: boolean
  /** Price − spot. */
  readonly distance: number
  readonly distancePct: number
  /** In standard deviations of the move left until the close; null outside the session. */
  readonly distanceSigmas: number | null
  /** How long it has been the nearest; null when no sample of the session is of it. */
  readonly ageMs: number | null
  /** Currency per hour; null without enough history. */
  readonly driftPerHour: number | null
}

const FLIPS: Metric<readonly TrackedFlip[]> = {
  id: 'flipTrack.flips',
  title: 'Flips',
  unit: 'currency; slope and masses in currency per +1 % of spot',
  method: METHODS.flip,
  usesSignModel: true,
  meaning:
    'Every price at which net gamma would change sign under the sign model, lowest first. Above a flip with positive slope hedging works against moves, below it with them.',
  formula: `${LADDER_FORMULA}; slope = d(net)/dS; mass = largest |net| up to the next flip; significance = smaller mass / 90th percentile of |net|`,
  source: SOURCE,
  measure: measureFlips,
}

function measureFlips(view: MarketView): Measurement<readonly TrackedFlip[]> {
  const { status, crossings } = view.analytics.flips.all
  if (status === 'no_data') return missing(view, NO_FLIP.no_data ?? status)
  const { spot, asOfMs } = view.engine
  const { sigma, reason } = sigmaRemaining(view.engine, view.session?.closeMs ?? null)
  const basis = nearestBasis(view)
  const flips = crossings.map((crossing): TrackedFlip => {
    const { ageMs, driftPerHour } = driftOf(view, crossing.price)
    const distance = crossing.price - spot
    return {
      ...crossing,
      isSignificant: crossing.significance >= SIGNIFICANT,
      distance,
      distancePct: (100 * distance) / spot,
      distanceSigmas: sigma === null ? null : distance / (spot * sigma),
      ageMs,
      driftPerHour,
    }
  })
  return measured(view, flips, null, {
    ...basis,
    inputs: () => [
      ...(basis.inputs?.() ?? []),
      { name: 'move left until the close', value: sigma, unit: 'share of spot', asOfMs },
    ],
    notes: reason === null ? [] : [`no distance in standard deviations: ${reason}`],
  })
}

const NEAREST: Metric<number> = {
  id: 'flipTrack.nearestFlip',
  title: 'Nearest flip',
  unit: 'currency',
  method: METHODS.flip,
  usesSignModel: true,
  meaning:
    'The significant flip nearest spot: where, under the sign model, hedging would change from working with moves to working against them or back.',
  formula: `nearest significant ${LADDER_FORMULA}`,
  source: SOURCE,
  measure: (view) => {
    const { nearest, status } = view.analytics.flips.all
    return measured(view, nearest, NO_FLIP[status], { pick: pickNearest, ...nearestBasis(view) })
  },
}

const COUNT: Metric<number> = {
  id: 'flipTrack.flipCount',
  title: 'Number of flips',
  unit: 'flips',
  method: METHODS.flip,
  usesSignModel: true,
  meaning:
    'How many significant flips there are. 0: net gamma has one sign wherever spot goes, as far as it matters.',
  formula: 'count of flips whose significance is at least 0.1',
  source: SOURCE,
  measure: (view) => {
    const { status, crossings } = view.analytics.flips.all
    const significant = crossings.filter(({ significance }) => significance >= SIGNIFICANT)
    const isUnknown = status === 'no_data' || status === 'stale'
    return measured(view, isUnknown ? null : significant.length, NO_FLIP[status], {
      inputs: () => [
        {
          name: 'flips of any significance',
          value: crossings.length,
          unit: 'flips',
          asOfMs: view.engine.asOfMs,
        },
      ],
    })
  },
}

const STATUS: Metric<FlipStatus> = {
  id: 'flipTrack.flipStatus',
  title: 'Flip status',
  unit: 'code',
  method: METHODS.flip,
  usesSignModel: true,
  meaning:
    'resolved: a flip is named. edge: only at the ends of the range. one_signed: there is none. noise_floor: none that matters. stale: inputs too old. no_data: no gamma.',
  formula: 'see the meaning',
  source: 'this project',
  measure: (view) => measured(view, view.analytics.flips.all.status, null),
}

const DISTANCES = distanceMetrics({
  id: 'flipTrack.distanceToFlip',
  of: 'the nearest flip',
  method: METHODS.flip,
  source: SOURCE,
  usesSignModel: true,
  level: ({ analytics }) => {
    const { nearest, status } = analytics.flips.all
    return { price: nearest, reason: NO_FLIP[status] }
  },
  pick: pickNearest,
})

const AGE: Metric<number> = {
  id: 'flipTrack.flipAge',
  title: 'Age of the nearest flip',
  unit: 'minutes',
  method: 'flip.track@1',
  usesSignModel: true,
  meaning: 'For how long the nearest flip has been this one. A level that keeps jumping says little.',
  formula:
    'time since the first sample from which the nearest flip moved by at most 0.25 % of spot from one to the next',
  source: 'this project',
  measure: (view) =>
    measureDrift(
      view,
      ({ ageMs }) => (ageMs === null ? null : ageMs / MINUTE_MS),
      'no earlier sample is of this flip',
    ),
}

const DRIFT: Metric<number> = {
  id: 'flipTrack.flipDrift',
  title: 'Drift of the nearest flip',
  unit: 'currency per hour',
  method: 'flip.track@1',
  usesSignModel: true,
  meaning: 'How fast the nearest flip has been moving. Positive: upwards.',
  formula: 'least-squares slope of the nearest flip over its samples of the last half hour',
  source: 'this project',
  measure: (view) =>
    measureDrift(view, ({ driftPerHour }) => driftPerHour, 'under two minutes or five samples of this flip'),
}

function measureDrift(view: MarketView, read: (drift: FlipDrift) => number | null, tooShort: string) {
  const { nearest, status } = view.analytics.flips.all
  if (nearest === null) return missing<number>(view, NO_FLIP[status] ?? status)
  const drift = driftOf(view, nearest)
  const { asOfMs } = view.engine
  const inputs = [
    { name: 'nearest flip', value: nearest, unit: 'currency', asOfMs },
    { name: 'samples', value: drift.samples, unit: 'count', asOfMs },
    { name: 'window', value: DRIFT_WINDOW_MS / MINUTE_MS, unit: 'minutes', asOfMs },
  ]
  const value = read(drift)
  return measured(view, value, tooShort, {
    flags: value === null ? ['INSUFFICIENT_HISTORY'] : [],
    inputs: () => inputs,
    notes: drift.isOlderThanHistory ? ['at least this old: history begins with it'] : [],
  })
}

export const FLIP_TRACK: readonly Metric[] = [FLIPS, NEAREST, COUNT, STATUS, ...DISTANCES, AGE, DRIFT]

function pickNearest({ flips }: ChainAnalytics): number | null {
  return flips.all.nearest
}

function driftOf({ history, engine }: MarketView, price: number): FlipDrift {
  return flipDrift(history.samples, price, engine.asOfMs)
}

function nearestBasis(view: MarketView): Basis {
  const { nearest, status, crossings } = view.analytics.flips.all
  const { asOfMs, terms } = view.engine
  const found = crossings.find(({ price }) => price === nearest)
  const known: EvidenceInput[] = [{ name: 'status', value: status, unit: 'code', asOfMs }]
  if (nearest === null || found === undefined) return { inputs: () => known }
  return {
    inputs: () => [
      ...known,
      {
        name: 'slope',
        value: found.slopePer1PctPerPoint,
        unit: 'currency per +1 %, per currency of spot',
        asOfMs,
      },
      { name: 'significance', value: found.significance, unit: 'share', asOfMs },
      ...profileAround(view, nearest),
    ],
    contributions: () => strikesAtFlip(view, terms, nearest),
  }
}
