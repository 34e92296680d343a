import type { Chain } from '../chain/chain.ts'
import { fastExpNegative } from '../math/fastExp.ts'
import { millsDenominator, millsNumerator } from '../math/fastMillsRatio.ts'

/** Value and sensitivities of every row; see `greeksRange`. */
export function greeksAll(chain: Chain, spot: number): void {
  greeksRange(chain, spot, 0, chain.count)
}

/**
 * Writes value, delta, gamma, vega (per 1.00), theta (per year), rho (per 1.00), vanna and charm (per year) of rows
 * [from, to) at their `vol`, in the units of `pricing/blackScholes.ts`. The rate of an expiry is −ln(discount)/years
 * and its carry e^(−qT) is forward·discount/spot. A row without a volatility, or of a settled expiry, gets NaN.
 */
export function greeksRange(chain: Chain, spot: number, from: number, to: number): void {
  for (let start = from; start < to;) {
    const e = chain.expiryIndex[start] as number
    const end = Math.min(to, chain.expiryStart[e + 1] as number)
    greeksOfExpiry(chain, spot, e, start, end)
    start = end
  }
}

/**
 * One logarithm-free pass with one exponential a strike: φ(d2) = φ(d1)·F/K, and N(d) = φ(d)·M(d) with M the Mills ratio.
 * The put's columns are written out a second time: a loop over the two sides costs a third more.
 */
function greeksOfExpiry(chain: Chain, spot: number, e: number, from: number, to: number): void {
  const { strike, lnStrike, invSqrtStrike, callSign, partner, vol, greeks, count } = chain
  // Where each column begins in the block, the value first.
  const delta = count
  const gamma = 2 * count
  const vega = 3 * count
  const theta = 4 * count
  const rho = 5 * count
  const vanna = 6 * count
  const charm = 7 * count
  const invSqrt2Pi = 0.3989422804014327
  const years = (chain.years[e] as number) > 0 ? (chain.years[e] as number) : NaN
  const forward = chain.forward[e] as number
  const discount = chain.discount[e] as number
  const rootYears = Math.sqrt(years)
  const lnForward = Math.log(forward)
  const carry = (forward * discount) / spot
  const rate = -Math.log(discount) / years
  const yieldRate = -Math.log(carry) / years
  const spotLeg = spot * carry
  const vegaScale = spotLeg * rootYears
  const gammaScale = carry / spot
  const halfPerYear = 0.5 / years
  const drift = rate - yieldRate
  for (let i = from; i < to; i++) {
    const sigma = vol[i] as number
    const totalVol = sigma * rootYears
    const invTotalVol = 1 / totalVol
    const strikeLeg = (strike[i] as number) * discount
    const d1 = (lnForward - (lnStrike[i] as number)) * invTotalVol + 0.5 * totalVol
    const d2 = d1 - totalVol
    // φ·M of both tails over one denominator; the √(2π) of φ and of M cancel.
    const bell1 = fastExpNegative(-0.5 * d1 * d1)
    const bell2 = bell1 * forward * (invSqrtStrike[i] as number) * (invSqrtStrike[i] as number)
    const below1 = millsDenominator(Math.abs(d1))
    const below2 = millsDenominator(Math.abs(d2))
    const invBelow = 1 / (below1 * below2)
    const tail1 = bell1 * millsNumerator(Math.abs(d1)) * below2 * invBelow
    const tail2 = bell2 * millsNumerator(Math.abs(d2)) * below1 * invBelow
    const pdf1 = invSqrt2Pi * bell1
    const vegaHere = vegaScale * pdf1
    const density = carry * pdf1
    const gammaHere = gammaScale * pdf1 * invTotalVol
    const vannaHere = -density * d2 * invTotalVol * rootYears
    const decay = halfPerYear * sigma * vegaHere
    const turn = density * (drift * invTotalVol - halfPerYear * d2)
    // N(d) − isPut is N(d) of a call and −N(−d) of a put. 1 − isPut is exact, so that an out-of-the-money leg keeps its
    // relative accuracy, and d changes sign once an expiry, which a processor foresees as it does not the mix of sides.
    const isPut = 0.5 - 0.5 * (callSign[i] as number)
    const n1 = d1 > 0 ? 1 - isPut - tail1 : tail1 - isPut
    const n2 = d2 > 0 ? 1 - isPut - tail2 : tail2 - isPut
    const strikePart = strikeLeg * n2
    const spotPart = spotLeg * n1
    greeks[i] = spotPart - strikePart
    greeks[delta + i] = carry * n1
    greeks[gamma + i] = gammaHere
    greeks[vega + i] = vegaHere
    greeks[theta + i] = yieldRate * spotPart - rate * strikePart - decay
    greeks[rho + i] = years * strikePart
    greeks[vanna + i] = vannaHere
    greeks[charm + i] = yieldRate * carry * n1 - turn
    if (partner[i] !== i + 1 || i + 1 >= to || vol[i + 1] !== sigma) continue
    // The put of the same strike and volatility differs only in its tails.
    i++
    const m1 = d1 < 0 ? tail1 - 1 : -tail1
    const m2 = d2 < 0 ? tail2 - 1 : -tail2
    const strikePut = strikeLeg * m2
    const spotPut = spotLeg * m1
    greeks[i] = spotPut - strikePut
    greeks[delta + i] = carry * m1
    greeks[gamma + i] = gammaHere
    greeks[vega + i] = vegaHere
    greeks[theta + i] = yieldRate * spotPut - rate * strikePut - decay
    greeks[rho + i] = years * strikePut
    greeks[vanna + i] = vannaHere
    greeks[charm + i] = yieldRate * carry * m1 - turn
  }
}
