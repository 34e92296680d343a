import type { Chain } from '../chain/chain.ts'
import { lnRatio } from '../math/lnRatio.ts'
import type { Right } from '../pricing/blackScholes.ts'
import { quoteVols } from './quoteVols.ts'

/** One strike of a smile, from its out-of-the-money side. Volatilities annualised (0.2 = 20 %). */
export interface SmileRow {
  readonly strike: number
  /** Log-moneyness ln(K/F). */
  readonly k: number
  readonly right: Right
  readonly vol: number
  /** Volatility at the bid and at the ask; null without a two-sided quote that `vol` is the volatility of. */
  readonly bidVol: number | null
  readonly askVol: number | null
  /** Vega, as a share of that at the money, over (spread in volatility)²: how far a fit may trust the row. 0 when mostly spread. */
  readonly weight: number
}

/** Call plus put mid of one strike, present value per unit of underlying. */
export interface StraddleQuote {
  readonly strike: number
  readonly price: number
}

/** Everything the volatility modules need to know about one expiry. */
export interface ExpirySmile {
  /** Settlement instant, UTC ms. */
  readonly expiryMs: number
  /** Calendar time to settlement over 365 days. */
  readonly years: number
  readonly forward: number
  /** Discount factor e^(−rT). */
  readonly discount: number
  /** Ascending by strike. */
  readonly rows: readonly SmileRow[]
  /** The quoted straddles next below and above the forward; null when there is none on one side. */
  readonly straddles: readonly [StraddleQuote, StraddleQuote] | null
}

/** A strip of strikes ends where this many in a row have no two-sided quote: Cboe, "Volatility Index Methodology". */
const MISSING_STRIKES_END_STRIP = 2
/** Half spread over mid above which the price is the tick and not a view: such rows weigh nothing. */
const MAX_HALF_SPREAD_SHARE = 0.2
/** Volatility spreads are not trusted below this: the few tightest strikes would otherwise be the whole fit. */
const LEAST_VOL_SPREAD = 0.002
/** A volatility without a quote counts as quoted this wide at the money, and wider by √vega away from it. */
const UNQUOTED_VOL_SPREAD = 0.01

/** The smiles of every live expiry that has a forward, soonest first: the adapter from a repriced engine's arrays. */
export function smileInputs(chain: Chain): ExpirySmile[] {
  const smiles: ExpirySmile[] = []
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = chain.years[e] as number
    const forward = chain.forward[e] as number
    if (!(years > 0 && forward > 0)) continue
    smiles.push({
      expiryMs: chain.expiryMs[e] as number,
      years,
      forward,
      discount: chain.discount[e] as number,
      rows: smileRows(chain, e),
      straddles: straddlesAround(chain, e),
    })
  }
  return smiles
}

function smileRows(chain: Chain, e: number): SmileRow[] {
  const forward = chain.forward[e] as number
  const start = chain.expiryStart[e] as number
  const end = chain.expiryStart[e + 1] as number
  let firstAbove = start
  while (firstAbove < end && (chain.strike[firstAbove] as number) < forward) firstAbove++
  const puts = strip(chain, e, firstAbove - 1, start - 1, -1)
  const calls = strip(chain, e, firstAbove, end, 1)
  return [...puts.reverse(), ...calls]
}

/** Out-of-the-money rows from the forward outwards to where quotes end; `side` is +1 for calls, −1 for puts. */
function strip(chain: Chain, e: number, from: number, to: number, side: 1 | -1): SmileRow[] {
  const rows: SmileRow[] = []
  let missing = 0
  for (let i = from; i !== to && missing < MISSING_STRIKES_END_STRIP; i += side) {
    if (chain.callSign[i] !== side) continue
    const row = smileRow(chain, e, i)
    missing = row === null ? missing + 1 : 0
    if (row !== null) rows.push(row)
  }
  return rows
}

function smileRow(chain: Chain, e: number, i: number): SmileRow | null {
  const vol = chain.vol[i] as number
  if (!(vol > 0)) return null
  const years = chain.years[e] as number
  const forward = chain.forward[e] as number
  const strike = chain.strike[i] as number
  const k = lnRatio(strike, forward)
  const identity = { strike, k, right: (chain.callSign[i] as number) > 0 ? 'call' : 'put' } as const
  const mid = chain.price[i] as number
  const half = chain.halfSpread[i] as number
  const value = chain.value[i] as number
  const isOfQuote = half > 0 && half < mid && Math.abs(value - mid) < half
  const vegaShare = Math.exp((-0.5 * k * k) / (vol * vol * years))
  if (!isOfQuote) {
    return { ...identity, vol, bidVol: null, askVol: null, weight: vegaShare / UNQUOTED_VOL_SPREAD ** 2 }
  }
  const quoted = quoteVols({
    k,
    years,
    vol,
    value: value / ((chain.discount[e] as number) * Math.sqrt(forward * strike)),
    bidShare: (mid - half) / value,
    askShare: (mid + half) / value,
  })
  const spread = Math.max(quoted.askVol - quoted.bidVol, LEAST_VOL_SPREAD)
  const weight = half > MAX_HALF_SPREAD_SHARE * mid ? 0 : vegaShare / (spread * spread)
  return { ...identity, vol, ...quoted, weight }
}

function straddlesAround(chain: Chain, e: number): [StraddleQuote, StraddleQuote] | null {
  const { strike, strikeIndex, price, expiryStart } = chain
  const forward = chain.forward[e] as number
  const lastCall = (expiryStart[e + 1] as number) - 1
  let below: StraddleQuote | null = null
  for (let call = expiryStart[e] as number; call < lastCall; call++) {
    const both = (price[call] as number) + (price[call + 1] as number)
    if (strikeIndex[call] !== strikeIndex[call + 1] || Number.isNaN(both)) continue
    const straddle = { strike: strike[call] as number, price: both }
    if (straddle.strike > forward) return below === null ? null : [below, straddle]
    below = straddle
  }
  return null
}
