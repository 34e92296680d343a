import { smileInputs } from '../../../volatility/smileInputs.ts'
import { rawVolPoints, type RawVolPoints } from '../../../volatility/surface.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

/** Quotes as they are at this instant: the smiles may have been fitted a little earlier. */
export const RAW_POINTS: Metric<RawVolPoints> = {
  id: 'ivSurface.points',
  title: 'Quoted volatilities',
  unit: 'annualised fraction; k: ln(K/F)',
  method: 'vol.otm_mid@1',
  usesSignModel: false,
  meaning:
    'Every out-of-the-money quote as a volatility: what the smiles are fitted to. Bid and ask are null where the quote is not two-sided.',
  formula: 'Black-76 volatility of the mid, bid and ask against the forward of the expiry',
  source: 'F. Black, "The pricing of commodity contracts" (1976)',
  measure: (view) => {
    const { chain } = view.engine
    const points = rounded(rawVolPoints(smileInputs(chain)))
    const quoted = points.bidVol.filter((vol) => vol !== null).length
    const { length } = points.vol
    return measured(view, length > 0 ? points : null, 'no contract has a volatility', {
      method: view.engine.volMethod,
      coverage: length > 0 ? quoted / length : null,
      inputs: () => [
        { name: 'points', value: length, unit: 'count', asOfMs: view.engine.asOfMs },
        { name: 'points with two-sided quotes', value: quoted, unit: 'count', asOfMs: view.engine.asOfMs },
      ],
    })
  },
}

/** Far finer than any quote, and half the length of doubles as text: a large chain has over ten thousand points. */
const PER_ONE = 1e6

function rounded({ k, vol, bidVol, askVol, ...rest }: RawVolPoints): RawVolPoints {
  // Adding 0 turns −0 into 0.
  const round = (value: number): number => Math.round(PER_ONE * value) / PER_ONE + 0
  const roundKnown = (value: number | null): number | null => value && round(value)
  return {
    ...rest,
    k: k.map(round),
    vol: vol.map(round),
    bidVol: bidVol.map(roundKnown),
    askVol: askVol.map(roundKnown),
  }
}
