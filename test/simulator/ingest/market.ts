/** Eight contracts and a vendor's ticks of them: small, so that a thousand markets take seconds. */
import type { ContractTick, QuoteTick, Tick, TradeTick } from '#schemas/tick'
import type { World } from '../world/World.ts'

export const SYMBOL = 'SPX'
export const SOURCE = 'simulated'
const STRIKES = [5_900, 5_950, 6_000, 6_050]

interface Listed {
  readonly strike: number
  readonly right: 'call' | 'put'
  bid: number
}

/** What a vendor knows. Prints are counted, so that one applied twice or never changes a volume. */
export class Market {
  readonly #world: World
  readonly #listed: Listed[] = STRIKES.flatMap((strike) => [
    { strike, right: 'call' as const, bid: 20 },
    { strike, right: 'put' as const, bid: 20 },
  ])
  #spot = 6_000
  #prints = 0

  constructor(world: World) {
    this.#world = world
  }

  /** What a run of a feed begins with. Ids are the bridge's own: `firstId`, and so on. */
  snapshot(firstId: number): Tick[] {
    const contracts = this.#listed.map(({ strike, right }, i): ContractTick => ({
      kind: 'contract',
      contractId: firstId + i,
      root: 'SPXW',
      expiryDate: '2026-11-20',
      strike,
      right,
      multiplier: 100,
    }))
    const openInterest = contracts.map(({ contractId }, i) => ({
      kind: 'openInterest' as const,
      contractId,
      openInterest: 100 * (i + 1),
      tradeDate: '2026-11-19',
    }))
    const quotes = this.#listed.map((_, i) => this.#quote(firstId, i))
    return [...contracts, ...openInterest, ...quotes, this.#underlying()]
  }

  /** A few quotes and prints. */
  advance(firstId: number): Tick[] {
    const { random } = this.#world
    const ticks: Tick[] = []
    for (let n = random.integer(3); n >= 0; n--) {
      const i = random.integer(this.#listed.length)
      const listed = this.#listed[i] as Listed
      if (random.uniform() < 0.5) ticks.push(this.#print(firstId, i))
      listed.bid = Math.max(1, listed.bid + random.integer(3) - 1)
      ticks.push(this.#quote(firstId, i))
    }
    this.#spot += (random.integer(5) - 2) / 4
    ticks.push(this.#underlying())
    return ticks
  }

  #quote(firstId: number, i: number): QuoteTick {
    const { bid } = this.#listed[i] as Listed
    const eventMs = this.#world.nowMs
    const sizes = { bidSize: 10, askSize: 10 }
    return { kind: 'quote', contractId: firstId + i, bid, ask: bid + 0.5, ...sizes, eventMs, missing: 'none' }
  }

  #print(firstId: number, i: number): TradeTick {
    const { bid } = this.#listed[i] as Listed
    const raw = { conditionCode: 0, exchangeCode: 0, vendorSequence: ++this.#prints }
    const eventMs = this.#world.nowMs
    return {
      kind: 'trade',
      contractId: firstId + i,
      price: bid,
      size: 1 + (this.#prints % 7),
      eventMs,
      ...raw,
    }
  }

  #underlying(): Tick {
    return { kind: 'underlying', price: this.#spot, bid: null, ask: null, eventMs: this.#world.nowMs }
  }
}
