/**
 * What the invented markets look like. The levels are plausible, not anybody's: everything built from them travels
 * as feed kind `synthetic`.
 */
import type { ExpiryRule } from './expiries.ts'

export interface StrikeBand {
  /** Reach of the band around spot, as fractions of spot. */
  readonly below: number
  readonly above: number
  readonly step: number
}

export interface VarianceProcess {
  /** Long-run and starting volatility, annualised. */
  readonly longRunVol: number
  readonly startVol: number
  /** Speed of mean reversion, per year. */
  readonly reversion: number
  readonly volOfVol: number
  /** Correlation of spot and variance moves: negative, or there would be no skew to speak of. */
  readonly correlation: number
}

export interface MarketProfile {
  readonly symbol: string
  readonly spot: number
  /** Half the underlying's own spread; null for a computed index. */
  readonly underlyingHalfSpread: number | null
  readonly rate: number
  readonly dividendYield: number
  readonly variance: VarianceProcess
  /** Slope of the implied volatility smile, in relative volatility per standard deviation. */
  readonly skew: number
  readonly expiryRules: readonly ExpiryRule[]
  /** Nearest first. Expiries beyond `fineWithinDays` do without the first band. */
  readonly strikeBands: readonly StrikeBand[]
  readonly fineWithinDays: number
  /** Smallest price increment at a price. */
  readonly priceTick: (price: number) => number
  /** Strikes divisible by these attract open interest, the first most. */
  readonly roundStrikes: readonly [number, number]
  /** Contracts open at a popular strike of a front monthly. */
  readonly openInterestScale: number
  readonly printsPerSecond: number
  /** Venue ids of prints; 0 alone where the vendor gives none. */
  readonly exchangeCodes: readonly number[]
  /** False where the market has no OPRA sale conditions. */
  readonly opraConditions: boolean
}

const CBOE = 302
const US_VENUES = [300, 301, 302, 303, 304, 307, 308, 309, 312, 313, 316, 319, 322]
const pennies = () => 0.01

export const PROFILES: readonly MarketProfile[] = [
  {
    symbol: 'SPX',
    spot: 6_500,
    underlyingHalfSpread: null,
    rate: 0.041,
    dividendYield: 0.012,
    variance: { longRunVol: 0.17, startVol: 0.13, reversion: 6, volOfVol: 0.9, correlation: -0.75 },
    skew: 0.085,
    expiryRules: [
      { root: 'SPXW', rule: 'daily', count: 10 },
      { root: 'SPXW', rule: 'friday', count: 8 },
      { root: 'SPX', rule: 'usMonthly', count: 6 },
    ],
    strikeBands: [
      { below: 0.025, above: 0.025, step: 5 },
      { below: 0.07, above: 0.06, step: 25 },
      { below: 0.24, above: 0.12, step: 100 },
    ],
    fineWithinDays: 45,
    priceTick: (price) => (price < 3 ? 0.05 : 0.1),
    roundStrikes: [100, 50],
    openInterestScale: 9_000,
    printsPerSecond: 10,
    exchangeCodes: [CBOE],
    opraConditions: true,
  },
  {
    symbol: 'SPY',
    spot: 650,
    underlyingHalfSpread: 0.01,
    rate: 0.041,
    dividendYield: 0.012,
    variance: { longRunVol: 0.17, startVol: 0.13, reversion: 6, volOfVol: 0.9, correlation: -0.75 },
    skew: 0.085,
    expiryRules: [
      { root: 'SPY', rule: 'daily', count: 5 },
      { root: 'SPY', rule: 'friday', count: 4 },
      { root: 'SPY', rule: 'usMonthly', count: 3 },
    ],
    strikeBands: [
      { below: 0.03, above: 0.03, step: 1 },
      { below: 0.2, above: 0.1, step: 5 },
    ],
    fineWithinDays: 400,
    priceTick: pennies,
    roundStrikes: [10, 5],
    openInterestScale: 20_000,
    printsPerSecond: 12,
    exchangeCodes: US_VENUES,
    opraConditions: true,
  },
  {
    symbol: 'NVDA',
    spot: 182,
    underlyingHalfSpread: 0.01,
    rate: 0.041,
    dividendYield: 0.0002,
    variance: { longRunVol: 0.42, startVol: 0.38, reversion: 5, volOfVol: 1.2, correlation: -0.35 },
    skew: 0.035,
    expiryRules: [
      { root: 'NVDA', rule: 'friday', count: 6 },
      { root: 'NVDA', rule: 'usMonthly', count: 4 },
    ],
    strikeBands: [
      { below: 0.16, above: 0.16, step: 2.5 },
      { below: 0.45, above: 0.45, step: 5 },
    ],
    fineWithinDays: 400,
    priceTick: (price) => (price < 3 ? 0.01 : 0.05),
    roundStrikes: [10, 5],
    openInterestScale: 30_000,
    printsPerSecond: 8,
    exchangeCodes: US_VENUES,
    opraConditions: true,
  },
  {
    symbol: 'NIFTY',
    spot: 25_200,
    underlyingHalfSpread: null,
    rate: 0.065,
    dividendYield: 0.012,
    variance: { longRunVol: 0.13, startVol: 0.115, reversion: 6, volOfVol: 0.7, correlation: -0.6 },
    skew: 0.05,
    expiryRules: [
      { root: 'NIFTY', rule: 'niftyWeekly', count: 4 },
      { root: 'NIFTY', rule: 'niftyMonthly', count: 3 },
    ],
    strikeBands: [
      { below: 0.045, above: 0.045, step: 50 },
      { below: 0.12, above: 0.09, step: 100 },
    ],
    fineWithinDays: 400,
    priceTick: () => 0.05,
    roundStrikes: [500, 100],
    openInterestScale: 60_000,
    printsPerSecond: 8,
    exchangeCodes: [0],
    opraConditions: false,
  },
]

export function profileOf(symbol: string): MarketProfile | null {
  return PROFILES.find((profile) => profile.symbol === symbol) ?? null
}
