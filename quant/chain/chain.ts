/**
 * The option chain of one underlying as a struct of arrays, laid out for the hot loops: contracts are sorted by
 * expiry, then strike, call before put, so that everything that depends on the expiry alone (discount, forward,
 * square root of time) is hoisted out of the inner loop and every pass walks memory in order.
 *
 * `layOutChain` builds it; the kernels read the inputs and write the outputs in place. A value that cannot be
 * computed is NaN inside the arrays (never 0) and becomes null-with-reason where it leaves `quant/`.
 */
import type { Refused } from './admission.ts'

/** What identifies a contract. `expiryMs` is the settlement instant (UTC ms), not a date: AM and PM roots differ. */
export interface ContractSpec {
  readonly expiryMs: number
  readonly strike: number
  readonly right: 'call' | 'put'
  /** Units of the underlying one contract delivers (100 for US index and equity options). */
  readonly multiplier: number
  /** Minutes before settlement over which its value is averaged; absent or 0 for a single print. */
  readonly averagingMinutes?: number
}

export interface Chain {
  readonly count: number
  readonly expiryCount: number
  readonly strikeCount: number

  /** Input contracts that are not in the chain, by why. */
  readonly refused: Refused
  /** Position of input contract `i` in the sorted arrays, −1 when it was refused: `rowOf[i]`. */
  readonly rowOf: Int32Array

  // Per contract, constant for the life of the layout.
  readonly strike: Float64Array
  readonly lnStrike: Float64Array
  readonly invSqrtStrike: Float64Array
  /** +1 call, -1 put. */
  readonly callSign: Float64Array
  readonly multiplier: Float64Array
  readonly expiryIndex: Uint16Array
  /** Index into `strikes`. */
  readonly strikeIndex: Uint16Array
  /**
   * Row of the contract that makes a pair with this one, same expiry and strike, other right; −1 when listed on one
   * side only. A pair is always two neighbouring rows, call first.
   */
  readonly partner: Int32Array

  // Per contract, inputs that move.
  /**
   * Usable price per unit of underlying in quote currency, NaN when there is none. Of an American option its European
   * equivalent, the quote less what early exercise is worth (`quant/american/chainPremiums.ts`).
   */
  readonly price: Float64Array
  /** Half the quoted spread in the same unit, NaN when one-sided. */
  readonly halfSpread: Float64Array
  readonly openInterest: Float64Array
  /** Contracts traded this session. */
  readonly volume: Float64Array

  // Per contract, computed.
  /** Annualised implied volatility (0.2 = 20 %), NaN when there is none; the reason is in `volStatus`. */
  readonly vol: Float64Array
  readonly volStatus: Uint8Array
  /** The eight columns below in one block, `count` each: value, delta, gamma, vega, theta, rho, vanna, charm. */
  readonly greeks: Float64Array
  readonly delta: Float64Array
  readonly gamma: Float64Array
  readonly vega: Float64Array
  readonly theta: Float64Array
  readonly rho: Float64Array
  readonly vanna: Float64Array
  readonly charm: Float64Array
  /** Model value at `vol`, comparable with `price`. */
  readonly value: Float64Array

  // Distinct strikes, ascending.
  readonly strikes: Float64Array

  // Per expiry, ascending by `expiryMs`. Contracts of expiry e are rows [expiryStart[e], expiryStart[e + 1]).
  readonly expiryMs: Float64Array
  readonly expiryStart: Int32Array
  /** Length of the window over which settlement is averaged, in years; 0 for a single print. */
  readonly averagingYears: Float64Array
  /** Years to settlement, ms / (365 · 86,400,000); 0 once settled. */
  readonly years: Float64Array
  readonly forward: Float64Array
  /** d ln(forward)/d ln(spot): 1, less inside an averaging window (`quant/averaging/spotShare.ts`). */
  readonly spotShare: Float64Array
  /** −ln(1 − PV/S) of the dividends known to go ex before it; NaN when they are not known. */
  readonly dividendTime: Float64Array
  /** Discount factor e^(-rT). */
  readonly discount: Float64Array
}
