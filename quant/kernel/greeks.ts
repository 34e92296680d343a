import type { Chain } from '../chain/chain.ts'
import { fastExpNegative } from '../math/fastExp.ts'
import { fastMillsRatio } from '../math/fastMillsRatio.ts'

const INV_SQRT_2PI = 0.3989422804014327

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
 * One logarithm-free pass with one exponential a row: φ(d2) = φ(d1)·F/K, and N(d) = φ(d)·M(d) with M the Mills ratio.
 */
function greeksOfExpiry(chain: Chain, spot: number, e: number, from: number, to: number): void {
  const { strike, lnStrike, callSign, vol, value, delta, gamma, vega, theta, rho, vanna, charm } = chain
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
  const drift = (rate - yieldRate) / rootYears
  for (let i = from; i < to; i++) {
    const sign = callSign[i] as number
    const sigma = vol[i] as number
    const totalVol = sigma * rootYears
    const invTotalVol = 1 / totalVol
    const strikeLeg = (strike[i] as number) * discount
    const d1 = (lnForward - (lnStrike[i] as number)) * invTotalVol + 0.5 * totalVol
    const d2 = d1 - totalVol
    const pdf1 = INV_SQRT_2PI * fastExpNegative(-0.5 * d1 * d1)
    const pdf2 = (pdf1 * spotLeg) / strikeLeg
    const tail1 = pdf1 * fastMillsRatio(Math.abs(d1))
    const tail2 = pdf2 * fastMillsRatio(Math.abs(d2))
    // N(±d) is one tail or one minus it, so that an out-of-the-money leg keeps its relative accuracy.
    const n1 = sign * (sign * d1 > 0 ? 1 - tail1 : tail1)
    const n2 = sign * (sign * d2 > 0 ? 1 - tail2 : tail2)
    const vegaHere = vegaScale * pdf1
    const strikePart = strikeLeg * n2
    const spotPart = spotLeg * n1
    const density = carry * pdf1
    value[i] = spotPart - strikePart
    delta[i] = carry * n1
    gamma[i] = gammaScale * pdf1 * invTotalVol
    vega[i] = vegaHere
    theta[i] = yieldRate * spotPart - rate * strikePart - halfPerYear * sigma * vegaHere
    rho[i] = years * strikePart
    vanna[i] = -density * d2 * invTotalVol * rootYears
    charm[i] = yieldRate * carry * n1 - density * (drift / sigma - halfPerYear * d2)
  }
}
