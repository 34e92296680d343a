import { expect, it } from 'vitest'
import { aggressorOf } from '#quant/flow/aggressor'
import { conditionPolicy } from '#quant/flow/conditions'
import type { QuoteTick } from '#schemas/tick'
import { PROFILES, type MarketProfile } from './profiles.ts'
import { SyntheticMarket } from './SyntheticMarket.ts'

const STEP_MS = 250
const STEPS = 240
/** Both in the middle of a session. */
const START_MS = { NIFTY: Date.UTC(2026, 10, 20, 6, 30), US: Date.UTC(2026, 10, 20, 15, 30) }

/** A sweep is several prints of one order, so one run alone is a matter of luck: buyers to sellers 0.7 to 1.5. */
const SEEDS = [1, 2, 3, 4, 5, 6]

type Sides = Record<'buyer' | 'seller' | 'other' | 'unknown', number>

/** Counts prints by the side that the quotes of their instant tell. */
function countPrints(profile: MarketProfile, seed: number, counts: Sides): void {
  const market = new SyntheticMarket(profile, seed, profile.symbol === 'NIFTY' ? START_MS.NIFTY : START_MS.US)
  const quotes = new Map<number, QuoteTick>()
  for (let step = 0; step < STEPS; step++) {
    for (const tick of market.advance(STEP_MS)) {
      if (tick.kind === 'quote') quotes.set(tick.contractId, tick)
      if (tick.kind !== 'trade') continue
      const quote = quotes.get(tick.contractId)
      const { bid, ask, eventMs: quoteMs } = quote ?? { bid: null, ask: null, eventMs: Number.NaN }
      const beside = { bid: bid ?? Number.NaN, ask: ask ?? Number.NaN, quoteMs }
      const { side } = aggressorOf(tick, beside, profile.priceTick(tick.price))
      const isKnown = side !== null && conditionPolicy(tick.conditionCode).aggressor
      const told = side === 'A' ? 'buyer' : side === 'B' ? 'seller' : 'other'
      counts[isKnown ? told : 'unknown'] += 1
    }
  }
}

it.each(PROFILES.map((profile) => [profile.symbol, profile] as const))(
  'on %s the aggressor can be told from the quotes, and buyers and sellers are about as many',
  (_, profile) => {
    const counts: Sides = { buyer: 0, seller: 0, other: 0, unknown: 0 }
    for (const seed of SEEDS) countPrints(profile, seed, counts)
    const { buyer, seller, other, unknown } = counts
    const known = buyer + seller + other
    expect(known / (known + unknown)).toBeGreaterThan(0.25)
    expect((buyer + seller) / known).toBeGreaterThan(0.7)
    expect(buyer / seller).toBeGreaterThan(0.8)
    expect(buyer / seller).toBeLessThan(1.35)
  },
)
