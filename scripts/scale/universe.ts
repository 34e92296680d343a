/** How lively each of a market's symbols is. A shape, not a census: few symbols trade most of it. */
export interface SymbolShape {
  readonly rank: number
  readonly contracts: number
  /** After the bridge has kept the newest quote per contract and window. */
  readonly quotesPerSecond: number
  readonly printsPerSecond: number
}

export const UNIVERSE = { symbols: 6_000, contracts: 1_800_000 } as const

/** The largest index chain has 24,000 contracts; sizes fall as rank^-0.65 and are scaled to the whole. */
const LARGEST_CHAIN = 24_000
const SIZE_EXPONENT = 0.65
/** The busiest symbol: every other of its contracts each second. Rates fall as 1/rank (Zipf) to an update each five seconds. */
const BUSIEST_QUOTES = 12_000
const QUIETEST_QUOTES = 0.2
const PRINTS_PER_QUOTE = 0.01

export function universe({ symbols, contracts }: typeof UNIVERSE = UNIVERSE): SymbolShape[] {
  const shapes = Array.from({ length: symbols }, (_, i) => (i + 1) ** -SIZE_EXPONENT)
  const scale = contracts / shapes.reduce((sum, shape) => sum + shape, 0)
  return shapes.map((shape, i) => {
    const rank = i + 1
    const quotesPerSecond = Math.max(QUIETEST_QUOTES, BUSIEST_QUOTES / rank)
    return {
      rank,
      contracts: Math.min(LARGEST_CHAIN, Math.max(20, Math.round(shape * scale))),
      quotesPerSecond,
      printsPerSecond: quotesPerSecond * PRINTS_PER_QUOTE,
    }
  })
}
