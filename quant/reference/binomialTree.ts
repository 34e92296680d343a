import type { BlackScholesInput } from '../pricing/blackScholes.ts'

/** A cash dividend: `years` from now to its ex-date, `amount` per unit of underlying. */
export interface TreeDividend {
  readonly years: number
  readonly amount: number
}

/**
 * An American option on a Cox–Ross–Rubinstein tree of `steps` steps, the obvious and slow way, for tests to compare with.
 * Cash dividends as escrowed: spot less their present value is lognormal, what is exercised into is that plus the present
 * value of dividends still to come. The last step is Black–Scholes, as in M. Broadie and J. Detemple, Review of Financial
 * Studies 9 (1996), which removes most of the sawtooth.
 */
export function binomialAmerican(
  option: BlackScholesInput,
  steps: number,
  european: (option: BlackScholesInput) => number,
  dividends: readonly TreeDividend[] = [],
): number {
  const { spot, strike, years, rate, dividendYield, vol, right } = option
  const dt = years / steps
  const up = Math.exp(vol * Math.sqrt(dt))
  const chance = (Math.exp((rate - dividendYield) * dt) - 1 / up) / (up - 1 / up)
  const discount = Math.exp(-rate * dt)
  const sign = right === 'call' ? 1 : -1
  const toCome = (at: number): number =>
    dividends
      .filter((dividend) => dividend.years >= at && dividend.years <= years)
      .reduce((sum, { years: ex, amount }) => sum + amount * Math.exp(-rate * (ex - at)), 0)
  const start = spot - toCome(0)
  const values = new Float64Array(steps)
  for (let step = steps - 1; step >= 0; step--) {
    const escrowed = toCome(step * dt)
    for (let ups = 0; ups <= step; ups++) {
      const risky = start * up ** (2 * ups - step)
      const held =
        step === steps - 1
          ? european({ ...option, spot: risky, years: dt })
          : discount * (chance * (values[ups + 1] as number) + (1 - chance) * (values[ups] as number))
      values[ups] = Math.max(held, sign * (risky + escrowed - strike))
    }
  }
  return values[0] as number
}
