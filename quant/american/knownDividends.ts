import type { Chain } from '../chain/chain.ts'
import { equivalentYield } from './discreteDividends.ts'

export interface KnownDividend {
  /** The instant spot loses it: the open of its ex-date, UTC ms. */
  readonly exDateMs: number
  /** Per unit of underlying, in its currency. */
  readonly amount: number
}

const YEAR_MS = 365 * 86_400_000
/** Between the dividends of who pays once a quarter, as most in the U.S. do. */
const QUARTER_MS = YEAR_MS / 4
/** The next payment comes no earlier than this share of the usual gap after the last one listed. */
const EARLIEST_NEXT = 0.9

/**
 * Writes `dividendTime` of every expiry, −ln(1 − PV/S) of the dividends that go ex before it: the carry under which an
 * escrowed spot S − PV grows into the forward. A list says all there is until the next payment is due after its last, one
 * usual gap later; NaN beyond, and without a list. `rate` discounts, continuously compounded.
 */
export function fillDividendTimes(
  chain: Chain,
  spot: number,
  asOfMs: number,
  dividends: readonly KnownDividend[],
  rate: number,
): void {
  const { dividendTime, expiryMs, years } = chain
  const valid = dividends.filter(({ exDateMs, amount }) => Number.isFinite(exDateMs) && amount >= 0)
  const throughMs = knownThroughMs(valid)
  const cash = valid.map(({ exDateMs, amount }) => ({ years: (exDateMs - asOfMs) / YEAR_MS, amount }))
  for (let e = 0; e < chain.expiryCount; e++) {
    const left = years[e] as number
    const isKnown = left > 0 && (expiryMs[e] as number) < throughMs
    dividendTime[e] = isKnown ? left * equivalentYield(spot, rate, left, cash) : Number.NaN
  }
}

function knownThroughMs(dividends: readonly KnownDividend[]): number {
  const [last, previous] = dividends.map(({ exDateMs }) => exDateMs).sort((a, b) => b - a)
  if (last === undefined) return -Infinity
  return last + EARLIEST_NEXT * (previous === undefined ? QUARTER_MS : last - previous)
}
