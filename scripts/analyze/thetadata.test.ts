import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dayNumber } from '#quant/calendar/isoDate'
import { newYorkDate } from '#quant/calendar/timeZone'
import { greeks, type BlackScholesInput, type Greeks } from '#quant/pricing/blackScholes'

const file = join(import.meta.dirname, '../../../shared/data/thetadata/option_history_trade_greeks_all.csv')

/** The Secured Overnight Financing Rate of the day, which the vendor uses flat, without dividends. */
const SOFR = 0.0436
/** Where the vendor's bisection stopped: the row prints its first four decimals, 0.2001. */
const VOL = 205 / 1024

/** Central difference of `of` in one input. */
function slope(
  option: BlackScholesInput,
  input: 'strike' | 'vol' | 'years' | 'dividendYield',
  of: (g: Greeks) => number,
) {
  const step = 1e-5 * Math.max(option[input], 0.1)
  const at = (sign: number): number => of(greeks({ ...option, [input]: option[input] + sign * step }))
  return (at(1) - at(-1)) / (2 * step)
}

/** Vendor column, ours in the vendor's unit and sign. */
const CONVERSIONS: readonly (readonly [
  column: string,
  ours: (g: Greeks, option: BlackScholesInput) => number,
])[] = [
  ['delta', ({ delta }) => delta],
  ['gamma', ({ gamma }) => gamma],
  ['vega', ({ vega }) => vega],
  ['theta', ({ theta }) => theta / 365],
  ['rho', ({ rho }) => rho],
  ['vanna', ({ vanna }) => vanna],
  ['charm', ({ charm }) => charm],
  ['vomma', ({ volga }) => volga],
  ['zomma', ({ zomma }) => zomma],
  ['speed', ({ speed }) => speed],
  ['color', ({ colour }) => -colour],
  ['veta', (_, option) => slope(option, 'years', ({ vega }) => vega)],
  ['vera', (_, option) => slope(option, 'vol', ({ rho }) => rho)],
  ['ultima', (_, option) => slope(option, 'vol', ({ volga }) => volga)],
  ['epsilon', (_, option) => slope(option, 'dividendYield', ({ price }) => price)],
  ['lambda', ({ delta, price }, { spot }) => (delta * spot) / price],
  ['dual_delta', (_, option) => slope(option, 'strike', ({ price }) => price)],
  ['implied_vol', () => VOL],
]

describe.skipIf(!existsSync(file))(
  'a ThetaData greeks row (../shared/data/thetadata; skipped when absent)',
  () => {
    const [header = [], cells = []] = existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split(/\r?\n/)
          .map((line) => line.split(','))
      : []
    const printed = (column: string): number => Number(cells[header.indexOf(column)])
    const expiry = (cells[header.indexOf('expiration')] ?? '').replace(/(\d{4})(\d{2})(\d{2})/, '$1-$2-$3')
    const wholeDays = dayNumber(expiry) - dayNumber(newYorkDate(printed('timestamp')))
    const option: BlackScholesInput = {
      spot: printed('underlying_price'),
      strike: printed('strike'),
      // Whole days, also at noon: a day or a few hours fewer would move vomma by units.
      years: wholeDays / 365,
      rate: SOFR,
      dividendYield: 0,
      vol: VOL,
      right: 'call',
    }

    test('the row is the one the conversions were read from', () => {
      expect([wholeDays, option.strike, printed('implied_vol')]).toEqual([259, 540, 0.2001])
    })

    test.each(CONVERSIONS)('%s to the printed digits', (column, ours) => {
      const value = ours(greeks(option), option)
      // Four decimals, cut and not rounded.
      expect(Math.trunc(1e4 * value) / 1e4).toBeCloseTo(printed(column), 8)
    })

    test("the price is the one traded, to the vendor's solver", () => {
      expect(Math.abs(greeks(option).price - printed('price'))).toBeLessThan(1e-3)
    })
  },
)
