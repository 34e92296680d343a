import type { MarketProfile } from './profiles.ts'

export interface TwoSided {
  /** Null when the price is too small for anyone to bid. */
  readonly bid: number | null
  readonly ask: number
}

/** A market maker's quote around a theoretical value: wider for dear, distant and long-dated contracts, on the tick. */
export function quoteAround(profile: MarketProfile, value: number, years: number): TwoSided {
  const tick = profile.priceTick(value)
  const half = tick * (0.6 + 0.15 * Math.sqrt(value / tick / 10)) * (1 + Math.sqrt(years))
  const bid = onTick(value - half, tick, Math.floor)
  const ask = onTick(value + half, tick, Math.ceil)
  return { bid: bid >= tick ? bid : null, ask: Math.max(ask, tick) }
}

/** A price inside the quote, as near the middle as the tick allows. */
export function midOnTick(profile: MarketProfile, { bid, ask }: TwoSided): number {
  const low = bid ?? 0
  const middle = (low + ask) / 2
  return Math.min(ask, Math.max(low, onTick(middle, profile.priceTick(middle), Math.round)))
}

/** Rounded to hundredths as well, because 0.1 + 0.2 is not a price. */
function onTick(price: number, tick: number, round: (ticks: number) => number): number {
  return Math.round(round(price / tick + (round === Math.floor ? 1e-9 : -1e-9)) * tick * 100) / 100
}
