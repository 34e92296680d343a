import { METHODS } from '../../../analytics/chainAnalytics.ts'
import type { ForwardSource } from '../../../chain/forwards.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'

/** Columns of equal length, soonest expiry first. */
interface Forwards {
  readonly expiryMs: readonly number[]
  readonly days: readonly number[]
  /** Null where the source is `none`. */
  readonly forward: readonly (number | null)[]
  readonly discount: readonly (number | null)[]
  /** Continuously compounded, per year. */
  readonly rate: readonly (number | null)[]
  readonly forwardSource: readonly ForwardSource[]
  readonly discountSource: readonly ForwardSource[]
}

const forwards: Metric<Forwards> = {
  id: 'chain.forwards',
  title: 'Forwards and discounts',
  unit: 'currency; rate per year',
  method: METHODS.forward,
  usesSignModel: false,
  meaning:
    'The forward and the discount that calls and puts of each expiry imply, and where each comes from: parity, a neighbouring expiry, or a flat rate.',
  formula: 'C − P = D·(F − K); F median near the money, D weighted slope; rate = −ln D ÷ T',
  source: 'Cboe, "Volatility Index Methodology", generalised to a weighted fit',
  measure: measureForwards,
}

function measureForwards(view: MarketView): Measurement<Forwards> {
  const { byExpiry, reasons } = view.analytics
  if (byExpiry.length === 0) return missing(view, reasons['exposure'] ?? 'no live expiry')
  if (byExpiry.every(({ forward }) => forward === null)) return missing(view, 'no expiry has a forward')
  const value = {
    expiryMs: byExpiry.map(({ expiryMs }) => expiryMs),
    days: byExpiry.map(({ dte }) => dte),
    forward: byExpiry.map(({ forward }) => forward),
    discount: byExpiry.map(({ discount }) => discount),
    rate: byExpiry.map(({ discount, dte }) => (discount === null ? null : (-365 * Math.log(discount)) / dte)),
    forwardSource: byExpiry.map(({ forwardSource }) => forwardSource),
    discountSource: byExpiry.map(({ discountSource }) => discountSource),
  }
  const fromParity = byExpiry.filter(({ forwardSource }) => forwardSource === 'parity').length
  return measured(view, value, null, { coverage: fromParity / byExpiry.length })
}

export const FORWARD_METRICS: readonly Metric[] = [forwards]
