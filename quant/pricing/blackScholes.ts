import { lnRatio } from '../math/lnRatio.ts'
import { normalCdf, normalPdf } from '../math/normal.ts'
import { normalisedValue } from './normalisedBlack.ts'

export type Right = 'call' | 'put'

export interface BlackScholesInput {
  readonly spot: number
  readonly strike: number
  /** Years to settlement, calendar days / 365. */
  readonly years: number
  /** Continuously compounded, per year (0.05 = 5 %). */
  readonly rate: number
  /** Continuously compounded, per year. Equal to `rate` for an option on a future (Black 1976). */
  readonly dividendYield: number
  /** Annualised volatility (0.2 = 20 %). */
  readonly vol: number
  readonly right: Right
}

/** Per unit of underlying. Rates of change per 1.00 of the input: nothing here is per day, per point or per cent. */
export interface Greeks {
  readonly price: number
  /** ∂price/∂spot. */
  readonly delta: number
  /** ∂²price/∂spot². */
  readonly gamma: number
  /** ∂price/∂vol, per 1.00 of volatility. */
  readonly vega: number
  /** −∂price/∂years, per year. */
  readonly theta: number
  /** ∂price/∂rate, per 1.00 of rate. */
  readonly rho: number
  /** ∂delta/∂vol. */
  readonly vanna: number
  /** −∂delta/∂years, per year. */
  readonly charm: number
  /** ∂vega/∂vol. */
  readonly volga: number
  /** ∂gamma/∂spot. */
  readonly speed: number
  /** ∂gamma/∂vol. */
  readonly zomma: number
  /** −∂gamma/∂years, per year. */
  readonly colour: number
}

/**
 * Price and sensitivities of a European option by Black–Scholes–Merton (R. Merton, "Theory of rational option
 * pricing", 1973; the higher orders as in E. G. Haug, "The Complete Guide to Option Pricing Formulas", 2007, ch. 2).
 * Needs spot, strike, years and vol above zero; otherwise every field is NaN.
 */
export function greeks(input: BlackScholesInput): Greeks {
  const { spot, strike, years, rate, dividendYield, vol, right } = input
  if (!(spot > 0 && strike > 0 && years > 0 && vol > 0)) return undefinedGreeks
  const sign = right === 'call' ? 1 : -1
  const rootYears = Math.sqrt(years)
  const totalVol = vol * rootYears
  const carry = rate - dividendYield
  const lnForwardOverStrike = lnRatio(spot, strike) + carry * years
  const d1 = lnForwardOverStrike / totalVol + 0.5 * totalVol
  const d2 = lnForwardOverStrike / totalVol - 0.5 * totalVol
  const discount = Math.exp(-rate * years)
  const yieldFactor = Math.exp(-dividendYield * years)
  const density = yieldFactor * normalPdf(d1)
  const gamma = density / (spot * totalVol)
  const vega = spot * density * rootYears
  const delta = sign * yieldFactor * normalCdf(sign * d1)
  const strikeLeg = sign * strike * discount * normalCdf(sign * d2)
  return {
    price: price(sign, spot * yieldFactor, strike * discount, lnForwardOverStrike, totalVol),
    delta,
    gamma,
    vega,
    theta: (-0.5 * vega * vol) / years - rate * strikeLeg + dividendYield * spot * delta,
    rho: years * strikeLeg,
    vanna: (-density * d2) / vol,
    charm: dividendYield * delta - density * (carry / totalVol - (0.5 * d2) / years),
    volga: (vega * d1 * d2) / vol,
    speed: (-gamma / spot) * (d1 / totalVol + 1),
    zomma: (gamma * (d1 * d2 - 1)) / vol,
    colour: gamma * (dividendYield + (carry * d1) / totalVol + (0.5 * (1 - d1 * d2)) / years),
  }
}

/** Present value from the two discounted legs: the out-of-the-money value, plus parity when in the money. */
function price(sign: number, spotLeg: number, strikeLeg: number, x: number, totalVol: number): number {
  const outOfTheMoney = Math.sqrt(spotLeg * strikeLeg) * normalisedValue(Math.abs(x), totalVol)
  return Math.max(0, sign * (spotLeg - strikeLeg)) + outOfTheMoney
}

const undefinedGreeks: Greeks = {
  price: NaN,
  delta: NaN,
  gamma: NaN,
  vega: NaN,
  theta: NaN,
  rho: NaN,
  vanna: NaN,
  charm: NaN,
  volga: NaN,
  speed: NaN,
  zomma: NaN,
  colour: NaN,
}
