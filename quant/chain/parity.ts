import type { Chain } from './chain.ts'

/**
 * Put-call parity of one European expiry, C − P = D·(F − K), read robustly: a median near the money fixes F, then one
 * slope through it gives D, and pairs that lie further from the line than their own spreads allow are left out of
 * both. Those are stale legs, not noise, and one of them would otherwise tilt a least-squares line.
 */

/** The forward comes from this many strikes nearest the money, where spreads are tightest. */
const FORWARD_STRIKES = 15
/** Strikes within this of the money take part in the discount factor, whose slope needs a long base. */
const SLOPE_WINDOW = 0.25
/** How wrong, per year, the guessed rate may be before the first pass drops sound pairs far from the money. */
const GUESS_ERROR = 0.1

export interface ParityLine {
  readonly discount: number
  /** One standard error of the discount, from the spreads alone; infinite without pairs. */
  readonly discountError: number
}

const nearRows = new Int32Array(FORWARD_STRIKES)
const nearForwards = new Float64Array(FORWARD_STRIKES)

/** Row of the call of the pair nearest the forward, where |C − P| is least; −1 without any quoted pair. */
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

/** The discount factor of an expiry, starting from a guess of it. */
export function parityLine(chain: Chain, expiry: number, atTheMoney: number, guess: number): ParityLine {
  const slack = GUESS_ERROR * (chain.years[expiry] as number)
  const rough = slopeThrough(chain, expiry, medianForward(chain, expiry, atTheMoney, guess), guess, slack)
  return slopeThrough(
    chain,
    expiry,
    medianForward(chain, expiry, atTheMoney, rough.discount),
    rough.discount,
    0,
  )
}

/** The forward at a given discount factor: the mean of K + (C − P)/D near the money, weights 1/spread². */
export function parityForward(chain: Chain, expiry: number, atTheMoney: number, discount: number): number {
  const median = medianForward(chain, expiry, atTheMoney, discount)
  let sum = 0
  let weights = 0
  for (let i = 0; i < median.strikes; i++) {
    const call = nearRows[i] as number
    const forward = forwardAt(chain, call, discount)
    const spread = pairSpread(chain, call)
    if (Math.abs(forward - median.forward) * discount > spread + median.spread) continue
    sum += forward / (spread * spread)
    weights += 1 / (spread * spread)
  }
  return sum / weights
}

interface MedianForward {
  readonly forward: number
  /** Half spread of the median pair: how far off it may be. */
  readonly spread: number
  /** How many entries of `nearRows` it was taken from. */
  readonly strikes: number
}

/** Median of K + (C − P)/D over the quoted pairs nearest the money, which it leaves in `nearRows` by forward. */
function medianForward(chain: Chain, expiry: number, atTheMoney: number, discount: number): MedianForward {
  const { strike } = chain
  const start = chain.expiryStart[expiry] as number
  const end = (chain.expiryStart[expiry + 1] as number) - 1
  const money = strike[atTheMoney] as number
  let below = atTheMoney - 1
  let above = atTheMoney
  let strikes = 0
  while (strikes < FORWARD_STRIKES && (below >= start || above < end)) {
    const goUp =
      below < start || (above < end && (strike[above] as number) - money <= money - (strike[below] as number))
    const call = goUp ? above++ : below--
    const forward = forwardAt(chain, call, discount)
    if (Number.isNaN(forward)) continue
    let at = strikes++
    for (; at > 0 && (nearForwards[at - 1] as number) > forward; at--) {
      nearForwards[at] = nearForwards[at - 1] as number
      nearRows[at] = nearRows[at - 1] as number
    }
    nearForwards[at] = forward
    nearRows[at] = call
  }
  const middle = strikes >> 1
  return {
    forward: nearForwards[middle] as number,
    spread: pairSpread(chain, nearRows[middle] as number),
    strikes,
  }
}

/**
 * Least squares of C − P on F − K through the origin, weights 1/spread², without pairs further from the line of slope
 * `guess` than their spread, the median's, and `slack` per unit of moneyness.
 */
function slopeThrough(
  chain: Chain,
  expiry: number,
  median: MedianForward,
  guess: number,
  slack: number,
): ParityLine {
  const { strike } = chain
  const end = (chain.expiryStart[expiry + 1] as number) - 1
  let xx = 0
  let xy = 0
  for (let call = chain.expiryStart[expiry] as number; call < end; call++) {
    const gap = pairGap(chain, call)
    const moneyness = median.forward - (strike[call] as number)
    const distance = Math.abs(moneyness)
    if (Number.isNaN(gap) || distance > SLOPE_WINDOW * median.forward) continue
    const spread = pairSpread(chain, call)
    if (Math.abs(gap - guess * moneyness) > spread + median.spread + slack * distance) continue
    const weighted = moneyness / (spread * spread)
    xx += weighted * moneyness
    xy += weighted * gap
  }
  // A mid lies anywhere inside the spread: uniform over ±h has standard deviation h/√3.
  return xx > 0
    ? { discount: xy / xx, discountError: 1 / Math.sqrt(3 * xx) }
    : { discount: guess, discountError: Infinity }
}

function forwardAt(chain: Chain, call: number, discount: number): number {
  return (chain.strike[call] as number) + pairGap(chain, call) / discount
}

/** C − P of the strike whose call is at `call`; NaN when the row is no call of a pair or a leg has no price. */
function pairGap({ partner, price }: Chain, call: number): number {
  return partner[call] === call + 1 ? (price[call] as number) - (price[call + 1] as number) : Number.NaN
}

function pairSpread({ halfSpread }: Chain, call: number): number {
  return (halfSpread[call] as number) + (halfSpread[call + 1] as number)
}
