import type { TermStructure } from '../../../volatility/termStructure.ts'
import { METHODS } from '../../../volatility/volatilityStructure.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { everySmileBasis, fitsAround, smileBasis } from '../../smileBasis.ts'
import { inWords } from '../../volatilityReasons.ts'

const FORWARD_SOURCE = 'J. Hull, "Options, Futures, and Other Derivatives": variance adds up over time'
const SHAPE_SOURCE = 'Cboe: VIX against VIX3M'

export const TERM_METRICS: readonly Metric[] = [
  slopeMetric(
    7,
    30,
    ({ slope7To30VolPts }) => slope7To30VolPts,
    'The week before an event turns this end over alone.',
  ),
  slopeMetric(
    30,
    90,
    ({ slope30To90VolPts }) => slope30To90VolPts,
    'Negative is backwardation: the near months are dearer.',
  ),
  {
    id: 'volatility.termShape',
    title: 'Shape of the term structure',
    unit: 'contango or backwardation',
    method: METHODS.tenor,
    usesSignModel: false,
    meaning:
      'Contango: three months carry more volatility than one, as on most days. Backwardation: less, as under stress.',
    formula: 'backwardation when IV(30 d) > IV(90 d)',
    source: SHAPE_SOURCE,
    measure: (view) => {
      const { isBackwardated } = view.volatility.termStructure
      const shape = isBackwardated === null ? null : isBackwardated ? 'backwardation' : 'contango'
      return measured(view, shape, whyNone(view, 30, 90), betweenBasis(view, 30, 90))
    },
  },
  {
    id: 'volatility.forwardVols',
    title: 'Forward volatilities',
    unit: 'annualised fraction',
    method: METHODS.tenor,
    usesSignModel: false,
    meaning:
      'The volatility between one settlement and the next that the two together imply. Low over weekends, high over events; null where the earlier holds more variance.',
    formula: '√((σ₂²·T₂ − σ₁²·T₁)/(T₂ − T₁)) at the forward, settlements at least half a day apart',
    source: FORWARD_SOURCE,
    measure: (view) => {
      const { forwardVols } = view.volatility.termStructure
      const value = {
        fromExpiryMs: forwardVols.map(({ fromExpiryMs }) => fromExpiryMs),
        toExpiryMs: forwardVols.map(({ toExpiryMs }) => toExpiryMs),
        vol: forwardVols.map(({ vol }) => vol),
        reason: forwardVols.map(({ reason }) => inWords(reason)),
      }
      const none = 'fewer than two expiries have a fitted smile'
      return measured(view, forwardVols.length > 0 ? value : null, none, everySmileBasis(view))
    },
  },
]

function slopeMetric(
  near: number,
  far: number,
  read: (structure: TermStructure) => number | null,
  remark: string,
): Metric<number> {
  return {
    id: `volatility.slope${near}To${far}`,
    title: `Slope of volatility, ${near} to ${far} days`,
    unit: 'vol points',
    method: METHODS.tenor,
    usesSignModel: false,
    meaning: `How many vol points more ${far} days carry than ${near}. ${remark}`,
    formula: `100·[IV(${far} d) − IV(${near} d)] at the forward`,
    source: SHAPE_SOURCE,
    measure: (view) =>
      measured(
        view,
        read(view.volatility.termStructure),
        whyNone(view, near, far),
        betweenBasis(view, near, far),
      ),
  }
}

function betweenBasis(view: MarketView, near: number, far: number) {
  const { fits } = view.volatility
  return smileBasis(view, [...new Set([...fitsAround(fits, near), ...fitsAround(fits, far)])])
}

/** Why either end is missing. */
function whyNone({ volatility }: MarketView, near: number, far: number): string | null {
  const ends = volatility.termStructure.constantMaturity.filter(({ days }) => days === near || days === far)
  return inWords(ends.find(({ reason }) => reason !== null)?.reason ?? null)
}
