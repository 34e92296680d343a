/** The part of a chain around the market: the nearest settlement dates, and of each the strikes around spot. */
import type { ChainDepth } from '#schemas/tiers'

export interface Placed {
  /** ISO, as rows of the chain have it. */
  readonly expiry: string
  readonly settlementDate: string
  readonly strike: number
}

export interface Centre {
  readonly spot: number | null
  /** ISO. */
  readonly asOf: string
}

/** What was left out; of every date shown there are at most so many strikes on either side of spot. */
export interface LeftOut extends ChainDepth {
  readonly ofExpiries: number
}

export interface NearPart<T> {
  readonly listings: readonly T[]
  /** Null when nothing was. */
  readonly leftOut: LeftOut | null
}

/** `listings` come in order of expiry, and stay in the order they have. */
export function nearPart<T extends Placed>(
  listings: readonly T[],
  { spot, asOf }: Centre,
  depth: ChainDepth,
): NearPart<T> {
  const byDate = [...Map.groupBy(listings, ({ settlementDate }) => settlementDate)]
  const isSettled = ([, group]: (typeof byDate)[number]) => group.every(({ expiry }) => expiry <= asOf)
  const nearestFirst = [
    ...byDate.filter((date) => !isSettled(date)),
    ...byDate.filter(isSettled).toReversed(),
  ]
  const shown = new Map(
    nearestFirst
      .slice(0, depth.expiries)
      .map(([date, group]) => [date, strikesAround(spot, group, depth.strikesEachSide)] as const),
  )
  const near = listings.filter(({ settlementDate, strike }) => {
    const span = shown.get(settlementDate)
    return span !== undefined && span.from <= strike && strike <= span.to
  })
  if (near.length === listings.length) return { listings, leftOut: null }
  const leftOut = {
    expiries: shown.size,
    ofExpiries: byDate.length,
    strikesEachSide: depth.strikesEachSide,
  }
  return { listings: near, leftOut }
}

/** Around the middle of what is listed while there is no spot. */
function strikesAround(
  spot: number | null,
  group: readonly Placed[],
  eachSide: number,
): { readonly from: number; readonly to: number } {
  const strikes = [...new Set(group.map(({ strike }) => strike))].sort((a, b) => a - b)
  const centre = spot ?? strikes[strikes.length >> 1] ?? 0
  const below = strikes.filter((strike) => strike < centre)
  const above = strikes.filter((strike) => strike > centre)
  return { from: below.at(-eachSide) ?? -Infinity, to: above[eachSide - 1] ?? Infinity }
}
