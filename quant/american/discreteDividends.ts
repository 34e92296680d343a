import { greeks, type BlackScholesInput } from '../pricing/blackScholes.ts'
import { americanPrice, type AmericanPrice } from './americanOption.ts'

export interface CashDividend {
  /** Years from now to the ex-date, calendar days / 365. */
  readonly years: number
  /** Per unit of underlying, in its currency. */
  readonly amount: number
}

/** Present value of the dividends that go ex after now and before `until` years. */
export function presentValue(dividends: readonly CashDividend[], rate: number, until: number): number {
  let sum = 0
  for (const { years, amount } of dividends) {
    if (years > 0 && years < until) sum += amount * Math.exp(-rate * years)
  }
  return sum
}

/** The continuous yield under which the forward is the one the dividends leave: −ln(1 − PV/S)/T. NaN when PV ≥ S. */
export function equivalentYield(
  spot: number,
  rate: number,
  years: number,
  dividends: readonly CashDividend[],
): number {
  const share = presentValue(dividends, rate, years) / spot
  return share < 1 ? -Math.log1p(-share) / years : Number.NaN
}

/**
 * An American option on a spot that pays known cash dividends (`dividendYield` of the input is not used): at the
 * equivalent yield, so that the forward is right and the drops are spread over the life; a call is worth at least the
 * best plan of exercising just before one ex-date (F. Black, "Fact and fantasy in the use of options", Financial Analysts
 * Journal, 1975), spot without its dividends being what is lognormal.
 *
 * Spreading gives a put reasons to exercise before an ex-date that it does not have, and misses some after: it comes out
 * low. Against a binomial tree with escrowed dividends: `docs/adr/0005-american-exercise.md`.
 */
export function americanPriceWithDividends(
  option: Omit<BlackScholesInput, 'dividendYield'>,
  dividends: readonly CashDividend[],
): AmericanPrice {
  const { spot, rate, years } = option
  const dividendYield = equivalentYield(spot, rate, years, dividends)
  const spread = americanPrice({ ...option, dividendYield })
  if (!spread.ok || option.right === 'put') return spread
  const planned = bestExerciseBeforeDividend(option, dividends)
  return planned > spread.price ? { ok: true, method: 'lower_bound', price: planned } : spread
}

function bestExerciseBeforeDividend(
  option: Omit<BlackScholesInput, 'dividendYield'>,
  dividends: readonly CashDividend[],
): number {
  const { spot, strike, rate, years } = option
  const whole = presentValue(dividends, rate, years)
  let best = 0
  for (const { years: ex } of dividends) {
    if (!(ex > 0 && ex < years)) continue
    // Exercised into spot with this dividend and the later ones still in it.
    const toCome = (whole - presentValue(dividends, rate, ex)) * Math.exp(rate * ex)
    const plan = { ...option, spot: spot - whole, strike: strike - toCome, years: ex, dividendYield: 0 }
    const price = greeks(plan).price
    if (price > best) best = price
  }
  return best
}
