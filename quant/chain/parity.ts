import type { Chain } from './chain.ts'

/**
 * Put-call parity of one European expiry, C − P = D·(F − K): one straight line through the mids of every strike
 * whose call and put are both soundly quoted.
 */

/** Strikes within this of the money take part in the discount factor, whose slope needs a long base. */
const SLOPE_WINDOW = 0.25
/** The forward comes from this many strikes nearest the money, where spreads are tightest. */
const FORWARD_STRIKES = 15

export interface ParityLine {
  /** Strikes that took part. */
  readonly strikes: number
  /** D, NaN with fewer than two strikes. */
  readonly discount: number
  /** One standard error of D, from the spreads alone. */
  readonly discountError: number
}

/** Row of the call whose strike is nearest the forward, where |C − P| is least; −1 without any quoted pair. */
export function atTheMoneyPair(chain: Chain, expiry: number): number {
  let best = -1
  let least = Infinity
  const end = (chain.expiryStart[expiry + 1] as number) - 1
  for (let call = chain.expiryStart[expiry] as number; call < end; call++) {
    const gap = Math.abs(pairGap(chain, call))
    if (gap < least) {
      least = gap
      best = call
    }
  }
  return best
}

/**
 * Least squares of C − P on K, weights 1/spread², refitted once without the pairs that lie further from the line
 * than their own spreads allow: those are stale or crossed legs, not noise.
 */
export function parityLine(chain: Chain, expiry: number, atTheMoney: number): ParityLine {
  const first = fitLine(chain, expiry, atTheMoney, 0, 0, false)
  const line = fitLine(chain, expiry, atTheMoney, first.intercept, first.slope, first.strikes > 2)
  // A mid lies anywhere inside the spread: uniform over ±h has standard deviation h/√3.
  return { strikes: line.strikes, discount: -line.slope, discountError: Math.sqrt(1 / (3 * line.spread)) }
}

interface Line {
  strikes: number
  intercept: number
  slope: number
  /** Σ w·(K − K̄)². */
  spread: number
}

function fitLine(
  chain: Chain,
  expiry: number,
  atTheMoney: number,
  intercept: number,
  slope: number,
  reject: boolean,
): Line {
  const { strike, halfSpread } = chain
  const centre = strike[atTheMoney] as number
  const end = (chain.expiryStart[expiry + 1] as number) - 1
  let strikes = 0
  let w = 0
  let x = 0
  let y = 0
  let xx = 0
  let xy = 0
  for (let call = chain.expiryStart[expiry] as number; call < end; call++) {
    const gap = pairGap(chain, call)
    const distance = (strike[call] as number) - centre
    if (!(Math.abs(distance) <= SLOPE_WINDOW * centre) || gap !== gap) continue
    const tolerance = (halfSpread[call] as number) + (halfSpread[call + 1] as number)
    if (reject && Math.abs(gap - intercept - slope * distance) > tolerance) continue
    const weight = 1 / (tolerance * tolerance)
    strikes++
    w += weight
    x += weight * distance
    y += weight * gap
    xx += weight * distance * distance
    xy += weight * distance * gap
  }
  const spread = xx - (x * x) / w
  const fitted = (xy - (x * y) / w) / spread
  return { strikes, intercept: (y - fitted * x) / w, slope: fitted, spread }
}

/**
 * The forward at a given discount factor: the spread-weighted mean of K + (C − P)/D over the strikes nearest the
 * money, leaving out pairs that disagree with the one at the money by more than both pairs' spreads.
 */
export function parityForward(chain: Chain, expiry: number, atTheMoney: number, discount: number): number {
  const { strike, halfSpread } = chain
  const start = chain.expiryStart[expiry] as number
  const end = chain.expiryStart[expiry + 1] as number
  const anchor = (strike[atTheMoney] as number) + pairGap(chain, atTheMoney) / discount
  const anchorSpread = pairSpread(halfSpread, atTheMoney)
  let below = atTheMoney - 1
  let above = atTheMoney
  let sum = 0
  let weights = 0
  for (let taken = 0; taken < FORWARD_STRIKES && (below >= start || above < end - 1); taken++) {
    const goUp =
      below < start || (above < end - 1 && distance(strike, above, anchor) <= distance(strike, below, anchor))
    const call = goUp ? above++ : below--
    const gap = pairGap(chain, call)
    if (gap !== gap) {
      taken--
      continue
    }
    const forward = (strike[call] as number) + gap / discount
    const spread = pairSpread(halfSpread, call)
    if (Math.abs(forward - anchor) * discount > spread + anchorSpread) continue
    sum += forward / (spread * spread)
    weights += 1 / (spread * spread)
  }
  return sum / weights
}

/** C − P of the strike whose call is at `call`; NaN when the next row is not its put or a leg has no price. */
function pairGap(chain: Chain, call: number): number {
  const isPair =
    (chain.callSign[call] as number) > 0 &&
    (chain.callSign[call + 1] as number) < 0 &&
    chain.strikeIndex[call] === chain.strikeIndex[call + 1]
  return isPair ? (chain.price[call] as number) - (chain.price[call + 1] as number) : Number.NaN
}

function pairSpread(halfSpread: Float64Array, call: number): number {
  return (halfSpread[call] as number) + (halfSpread[call + 1] as number)
}

function distance(strike: Float64Array, row: number, from: number): number {
  return Math.abs((strike[row] as number) - from)
}
