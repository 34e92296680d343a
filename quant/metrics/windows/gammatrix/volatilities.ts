import type { Chain } from '../../../chain/chain.ts'
import { decidingRow } from '../../../chain/outOfTheMoneyVol.ts'
import { volStatusName, type VolStatus } from '../../../chain/volStatus.ts'
import { impliedVol } from '../../../pricing/impliedVol.ts'
import { finiteOrNull } from '../../finite.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing, type Basis } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { axesOf, cellsOf, NO_CELLS, type CellAxes } from './cells.ts'

/** Columns of equal length; `status` says why a volatility is null. */
export interface VolLayer extends CellAxes {
  readonly vol: readonly (number | null)[]
  readonly status: readonly VolStatus[]
}

/** Columns of equal length. Null: no two-sided quote, or no volatility reproduces that side of it. */
export interface QuoteVolLayer extends CellAxes {
  readonly bidVol: readonly (number | null)[]
  readonly askVol: readonly (number | null)[]
}

const NO_VOLS = 'no contract has a volatility'
const UNIT = 'annualised fraction'
const SOURCE =
  'P. Jäckel, "Let’s Be Rational" (2015), from the out-of-the-money side against the parity forward'

const MID: Metric<VolLayer> = {
  id: 'gammatrix.ivMid',
  title: 'Implied volatility by strike and expiry',
  unit: UNIT,
  method: 'vol.otm_mid@1',
  usesSignModel: false,
  meaning: 'The volatility that the middle of the quote implies, one per strike: its call and put share it.',
  formula: 'σ with Black-76(F, K, T, σ) = mid of the out-of-the-money side',
  source: SOURCE,
  measure: (view) => {
    const { chain } = view.engine
    const cells = cellsOf(view)
    const vol = cells.map(({ from }) => finiteOrNull(chain.vol[from]))
    const status = cells.map(({ from }) => volStatusName(chain.volStatus[from] as number))
    const value = { ...axesOf(chain, cells), vol, status }
    return layer(view, value, vol, NO_VOLS, { method: view.engine.volMethod })
  },
}

const BID_ASK: Metric<QuoteVolLayer> = {
  id: 'gammatrix.ivBidAsk',
  title: 'Implied volatility of bid and ask by strike and expiry',
  unit: UNIT,
  method: 'vol.otm_bid_ask@1',
  usesSignModel: false,
  meaning: 'How far apart the quote leaves the volatility: what its bid and its ask each imply.',
  formula: 'σ with Black-76(F, K, T, σ) = bid, and = ask, of the out-of-the-money side',
  source: SOURCE,
  measure: (view) => {
    const { chain } = view.engine
    const cells = cellsOf(view)
    const rows = cells.map(({ from }) => decidingRow(chain, from))
    const bidVol = rows.map((row) => volOfQuote(chain, row, -1))
    const askVol = rows.map((row) => volOfQuote(chain, row, 1))
    const notes =
      view.engine.premiums === null
        ? []
        : ['of an American option the early-exercise premium of the mid is taken off both sides']
    const whyNone = view.analytics.coverage.priced > 0 ? 'no contract has a two-sided quote' : NO_VOLS
    return layer(view, { ...axesOf(chain, cells), bidVol, askVol }, askVol, whyNone, { notes })
  },
}

export const VOLATILITY_LAYERS: readonly Metric[] = [MID, BID_ASK]

function layer<V extends CellAxes>(
  view: MarketView,
  value: V,
  known: readonly (number | null)[],
  whyNone: string,
  basis: Basis,
): Measurement<V> {
  const cells = known.length
  if (cells === 0) return missing(view, NO_CELLS)
  const priced = known.filter((vol) => vol !== null).length
  return measured(view, priced === 0 ? null : value, whyNone, {
    ...basis,
    coverage: priced / cells,
    inputs: () => [
      { name: 'volatilities', value: view.engine.volMethod, unit: 'method', asOfMs: view.engine.asOfMs },
      { name: 'cells', value: cells, unit: 'count', asOfMs: view.engine.asOfMs },
      { name: 'cells with a volatility', value: priced, unit: 'count', asOfMs: view.engine.asOfMs },
    ],
  })
}

/** `side`: −1 the bid, 1 the ask. */
function volOfQuote(chain: Chain, row: number, side: 1 | -1): number | null {
  const e = chain.expiryIndex[row] as number
  const found = impliedVol({
    forward: chain.forward[e] as number,
    strike: chain.strike[row] as number,
    discount: chain.discount[e] as number,
    years: chain.years[e] as number,
    right: (chain.callSign[row] as number) > 0 ? 'call' : 'put',
    price: (chain.price[row] as number) + side * (chain.halfSpread[row] as number),
  })
  return found.ok ? finiteOrNull(found.vol) : null
}
