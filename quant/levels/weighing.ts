import type { Chain } from '../chain/chain.ts'
import { toExactGrid } from '../exposure/exactSum.ts'
import type { ChainView } from './chainView.ts'
import { selectExpiries, type ExpirySelectionId } from './expirySelection.ts'
import type { StrikeColumns } from './walls.ts'

/** What a contract counts for: how many are open, or how many traded this session. */
export type Weighting = 'open_interest' | 'volume'

export interface DealerSigns {
  readonly call: 1 | -1
  readonly put: 1 | -1
}

/** Contracts per row of the chain; 0 outside the selected expiries and where the count is unknown. */
export function contractsOf(
  view: ChainView,
  weighting: Weighting,
  selection: ExpirySelectionId,
): Float64Array {
  const { chain } = view
  const counts = weighting === 'volume' ? chain.volume : chain.openInterest
  const selected = selectExpiries(view, selection)
  return counts.map((count, row) =>
    count > 0 && selected[chain.expiryIndex[row] as number] === 1 ? count : 0,
  )
}

/** What dealers hold of `contracts`: long positive, short negative. */
export function signedContracts(chain: Chain, contracts: Float64Array, signs: DealerSigns): Float64Array {
  return contracts.map((count, row) => count * ((chain.callSign[row] as number) > 0 ? signs.call : signs.put))
}

/**
 * Unsigned local gamma exposure, Γ·w·M·S²·0.01 (currency per +1 % of spot), and contracts, by strike over all rows that
 * have both gamma and contracts.
 */
export function strikeColumnsOf({ chain, spot }: ChainView, contracts: Float64Array): StrikeColumns {
  const column = (): Float64Array => new Float64Array(chain.strikeCount)
  const columns = {
    strike: chain.strikes,
    callGamma: column(),
    putGamma: column(),
    callOpenInterest: column(),
    putOpenInterest: column(),
  }
  for (let row = 0; row < chain.count; row++) {
    const count = contracts[row] as number
    if (!(count > 0)) continue
    const k = chain.strikeIndex[row] as number
    const isCall = (chain.callSign[row] as number) > 0
    const counts = isCall ? columns.callOpenInterest : columns.putOpenInterest
    counts[k] = (counts[k] as number) + count
    const exposure =
      (chain.gamma[row] as number) * count * (chain.multiplier[row] as number) * spot * spot * 0.01
    if (!Number.isFinite(exposure)) continue
    const gamma = isCall ? columns.callGamma : columns.putGamma
    gamma[k] = (gamma[k] as number) + toExactGrid(exposure)
  }
  return columns
}

/** Net exposure by strike under dealer signs, in the unit of the columns. */
export function netByStrike({ callGamma, putGamma }: StrikeColumns, signs: DealerSigns): Float64Array {
  return callGamma.map((call, k) => signs.call * call + signs.put * (putGamma[k] as number))
}
