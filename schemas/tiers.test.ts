import { describe, expect, it } from 'vitest'
import { FEED_KINDS } from './feed.ts'
import { depthOf, lowestTier, rawDelayMs, TIERS, type Tier } from './tiers.ts'

/** Of a real market, written out so that the table cannot change by itself. */
const SHOWN: Readonly<Record<Tier, { delayMs: number; depth: object | null }>> = {
  guest: { delayMs: 900_000, depth: { expiries: 8, strikesEachSide: 50 } },
  free: { delayMs: 900_000, depth: { expiries: 8, strikesEachSide: 50 } },
  pro: { delayMs: 0, depth: null },
  partner: { delayMs: 0, depth: null },
}

describe.each(TIERS)('%s', (tier) => {
  it('waits for raw data of a live market only', () => {
    const delays = FEED_KINDS.map((feed) => [feed, rawDelayMs(tier, feed)])
    expect(Object.fromEntries(delays)).toEqual({
      synthetic: 0,
      live: SHOWN[tier].delayMs,
      delayed: 0,
      recorded: 0,
    })
  })

  it('sees the whole chain of the synthetic market, and of others as much as it has', () => {
    const { depth } = SHOWN[tier]
    const depths = FEED_KINDS.map((feed) => [feed, depthOf(tier, feed)])
    expect(Object.fromEntries(depths)).toEqual({
      synthetic: null,
      live: depth,
      delayed: depth,
      recorded: depth,
    })
  })
})

it('lowestTier is the first of which it holds', () => {
  expect(lowestTier((limits) => limits.depth === null)).toBe('pro')
  expect(lowestTier(() => true)).toBe('guest')
})
