import { lnRatio } from '../math/lnRatio.ts'
import { normalisedValue } from './normalisedBlack.ts'
import type { Right } from './blackScholes.ts'

export interface Black76Input {
  /** Forward of the underlying for the option's own settlement. */
  readonly forward: number
  readonly strike: number
  /** Years to settlement, calendar days / 365. */
  readonly years: number
  /** Discount factor e^(−rT). */
  readonly discount: number
  /** Annualised volatility (0.2 = 20 %). */
  readonly vol: number
  readonly right: Right
}

/**
 * Present value per unit of a European option on its forward (F. Black, "The pricing of commodity contracts", 1976).
 * NaN unless forward, strike, years and vol are above zero.
 */
export function black76({ forward, strike, years, discount, vol, right }: Black76Input): number {
  if (!(forward > 0 && strike > 0 && years > 0 && vol > 0)) return NaN
  const x = Math.abs(lnRatio(forward, strike))
  const outOfTheMoney = Math.sqrt(forward * strike) * normalisedValue(x, vol * Math.sqrt(years))
  const exercise = right === 'call' ? forward - strike : strike - forward
  return discount * (Math.max(0, exercise) + outOfTheMoney)
}
