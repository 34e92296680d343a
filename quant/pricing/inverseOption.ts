import { greeks, type Right } from './blackScholes.ts'

export interface InverseOptionInput {
  /** Of the option's own expiry, currency per coin. */
  readonly forward: number
  readonly strike: number
  /** Years to settlement, calendar days / 365. */
  readonly years: number
  /** Annualised volatility (0.2 = 20 %). */
  readonly vol: number
  readonly right: Right
}

/** Of one coin's worth. */
export interface InverseGreeks {
  /** Premium in coins: the currency price over the forward. */
  readonly priceCoins: number
  /** ∂(currency price)/∂forward: N(d1) of a call, as Deribit publishes it. */
  readonly delta: number
  /** `delta` less the premium in coins: what a holder who also holds the premium in coins is long. */
  readonly premiumAdjustedDelta: number
  /** ∂delta/∂forward. */
  readonly gamma: number
  /** Currency per volatility point. */
  readonly vegaPerVolPt: number
  /** Currency per calendar day. */
  readonly thetaPerDay: number
}

/**
 * An option settled in the underlying coin, in Deribit's convention: Black (1976) on the forward of its expiry, no
 * discounting, greeks in currency. NaN where forward, strike, years or vol is not above zero. Premium-adjusted delta:
 * U. Wystup, "FX Options and Structured Products", 2006, §1.4.6.
 */
export function inverseGreeks({ forward, strike, years, vol, right }: InverseOptionInput): InverseGreeks {
  const { price, delta, gamma, vega, theta } = greeks({
    spot: forward,
    strike,
    years,
    rate: 0,
    dividendYield: 0,
    vol,
    right,
  })
  const priceCoins = price / forward
  return {
    priceCoins,
    delta,
    premiumAdjustedDelta: delta - priceCoins,
    gamma,
    vegaPerVolPt: vega / 100,
    thetaPerDay: theta / 365,
  }
}
