import { normalCdf, normalPdf } from '../math/normal.ts'
import type { Right } from '../pricing/blackScholes.ts'

export interface AverageOptionInput {
  readonly spot: number
  readonly strike: number
  /** Part of the averaging window still to come, in (0, 1]. */
  readonly unaveraged: number
  /** Average of the part that is over; not read when `unaveraged` is 1. */
  readonly averageSoFar: number
  /** Years to settlement, the end of the window. */
  readonly years: number
  /** Annualised volatility of the underlying itself (0.2 = 20 %). */
  readonly vol: number
  readonly right: Right
}

/** Per unit of underlying, with respect to its spot; per 1.00 of the input. */
export interface AverageOption {
  readonly price: number
  readonly delta: number
  readonly gamma: number
}

/**
 * A European option that settles on the average A of the underlying over a window already begun,
 * A = (1 − u)·A_so_far + u·Ā with Ā the average of the rest. So the payoff is u options on Ā at strike
 * K' = (K − (1 − u)·A_so_far)/u, and Ā is taken as lognormal with its exact first two moments: E Ā = S,
 * E Ā² = S²·2(eˣ − 1 − x)/x², x = σ²T. Hence Black's formula at the total variance ln(E Ā²/S²) ≈ σ²T/3. Below K' = 0 the
 * option is certain. Source: E. Levy, "Pricing European average rate currency options", Journal of International Money and
 * Finance 11, 1992. Interest within the window, a millionth of the price in half an hour, is left out.
 */
export function averageOption(input: AverageOptionInput): AverageOption {
  const { spot, strike, unaveraged, averageSoFar, years, vol, right } = input
  if (!(spot > 0 && strike > 0 && unaveraged > 0 && unaveraged <= 1 && years > 0 && vol > 0)) return UNDEFINED
  const strikeOfRest = unaveraged === 1 ? strike : (strike - (1 - unaveraged) * averageSoFar) / unaveraged
  if (!Number.isFinite(strikeOfRest)) return UNDEFINED
  const sign = right === 'call' ? 1 : -1
  if (strikeOfRest <= 0) {
    const held = right === 'call' ? unaveraged : 0
    return { price: held * (spot - strikeOfRest), delta: held, gamma: 0 }
  }
  const totalVol = Math.sqrt(averageVariance(vol * vol * years))
  const d1 = Math.log(spot / strikeOfRest) / totalVol + 0.5 * totalVol
  const share = sign * normalCdf(sign * d1)
  const exercise = sign * normalCdf(sign * (d1 - totalVol))
  return {
    price: unaveraged * (spot * share - strikeOfRest * exercise),
    delta: unaveraged * share,
    gamma: (unaveraged * normalPdf(d1)) / (spot * totalVol),
  }
}

/** Variance of the logarithm of the average over [0, T], from x = σ²T: x/3 + x²/36 + x³/810 − …. */
function averageVariance(x: number): number {
  // The difference below would lose all its digits over half an hour; the series errs by 3e-10 of it here.
  if (x < 0.01) return x * (1 / 3 + x * (1 / 36 + x / 810))
  return Math.log((2 * (Math.expm1(x) - x)) / (x * x))
}

const UNDEFINED: AverageOption = { price: NaN, delta: NaN, gamma: NaN }
