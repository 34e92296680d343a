import { newYorkDate } from '../calendar/timeZone.ts'
import type { Chain } from '../chain/chain.ts'
import { createGammaTerms, fillGammaTerms } from '../kernel/gammaTerms.ts'
import { netGammaAt } from '../kernel/netGamma.ts'
import type { ChainView } from '../levels/chainView.ts'
import { businessDaysBetween } from './businessDays.ts'

/**
 * The spot ladder as published in S. Perfiliev, "How to Calculate Gamma Exposure (GEX) and Zero Gamma Level" (2022), and
 * its many ports: equally spaced spots, time in business days with at least one, no dividends, and the crossings of the
 * straight lines between levels.
 */
export interface LinearLadder {
  /** Ends as shares of spot. */
  readonly low: number
  readonly high: number
  readonly levels: number
  readonly businessDaysPerYear: number
  /** 0, or what the longest expiry's discount factor says: the nearest a chain has to a long yield. */
  readonly rate: 'zero' | 'longest_expiry'
}

const PER_PERCENT = 0.01

/** Spots, ascending, at which net gamma exposure of the signed contracts changes sign; empty when it never does. */
export function linearLadderCrossings(view: ChainView, signed: Float64Array, ladder: LinearLadder): number[] {
  const { spot, sections } = view
  const chain = underLadderTime(view, ladder)
  const terms = createGammaTerms(chain.count)
  fillGammaTerms(terms, chain, spot, signed, sections.start, sections.end)
  const sum = new Float64Array(2)
  const step = (spot * (ladder.high - ladder.low)) / (ladder.levels - 1)
  const crossings: number[] = []
  let lastNet = 0
  for (let level = 0; level < ladder.levels; level++) {
    const at = spot * ladder.low + level * step
    netGammaAt(terms, sections.start, sections.end, Math.log(at), sum)
    const net = PER_PERCENT * at * (sum[0] as number)
    if (lastNet * net < 0) crossings.push(at - (step * net) / (net - lastNet))
    lastNet = net
  }
  return crossings
}

/** The chain with its volatilities, and the ladder's own time and carry. A settled expiry stays settled. */
function underLadderTime({ chain, spot, asOfMs }: ChainView, ladder: LinearLadder): Chain {
  const today = newYorkDate(asOfMs)
  const rate = ladder.rate === 'zero' ? 0 : longestRate(chain)
  const years = chain.years.map((left, e) =>
    left > 0
      ? Math.max(1, businessDaysBetween(today, newYorkDate(chain.expiryMs[e] as number))) /
        ladder.businessDaysPerYear
      : 0,
  )
  return {
    ...chain,
    years,
    forward: years.map((left) => spot * Math.exp(rate * left)),
    spotShare: years.map(() => 1),
    discount: years.map((left) => Math.exp(-rate * left)),
  }
}

function longestRate({ discount, years, expiryCount }: Chain): number {
  const rate = -Math.log(discount[expiryCount - 1] as number) / (years[expiryCount - 1] as number)
  return Number.isFinite(rate) ? rate : 0
}
