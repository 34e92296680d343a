import type { TradeTick } from '#schemas/tick'
import { roundness } from './openInterest.ts'
import type { MarketProfile } from './profiles.ts'
import { midOnTick, type TwoSided } from './quoteAround.ts'
import type { MarketMoment, QuoteBoard } from './QuoteBoard.ts'
import type { Random } from './Random.ts'
import { contractsOf, type Series } from './series.ts'

/** OPRA sale conditions as numbered by vendors. */
const AUTO = 209
const INTERMARKET_SWEEP = 219
const MULTI_LEG = 232
const DAY_MS = 86_400_000
const SWEEP_MS = 200

interface Order {
  readonly contractId: number
  readonly quote: TwoSided
  readonly eventMs: number
}

/**
 * Prints against the standing quotes: single orders, sweeps over several venues within 200 ms, and two-leg vertical
 * spreads. A buyer pays the offer and a seller hits the bid, so the aggressor can be told from the quotes.
 */
export class PrintFlow {
  readonly #profile: MarketProfile
  readonly #random: Random
  #contractIds: number[] = []
  #cumulative: number[] = []
  #nextSpreadLeg = new Map<number, number>()
  #vendorSequence = 0

  constructor(profile: MarketProfile, random: Random) {
    this.#profile = profile
    this.#random = random
  }

  /** Chooses where trading happens from here on: near dates, near the money, round strikes. */
  follow(series: readonly Series[], spot: number, nowMs: number): void {
    this.#contractIds = []
    this.#cumulative = []
    this.#nextSpreadLeg = new Map()
    let total = 0
    for (const one of series) {
      const days = Math.max(one.expiry.expiryMs - nowMs, 0) / DAY_MS
      const reach = this.#profile.variance.longRunVol * Math.sqrt((days + 1) / 365)
      const last = one.strikes.length - 1
      for (const { contractId, strike, right } of contractsOf(one)) {
        const away = Math.log(strike / spot) / reach
        const outward = right === 'call' ? away : -away
        const weight =
          Math.exp(-days / 10 - 0.5 * ((outward - 0.3) / 0.8) ** 2) * roundness(this.#profile, strike)
        if (weight < 1e-4) continue
        total += weight
        this.#contractIds.push(contractId)
        this.#cumulative.push(total)
        const index = Math.floor((contractId - one.firstId) / 2)
        this.#nextSpreadLeg.set(contractId, index < last ? contractId + 2 : contractId - 2)
      }
    }
  }

  /** Prints between this moment and the next step, in time order. */
  prints(board: QuoteBoard, moment: MarketMoment, stepMs: number, activity: number): TradeTick[] {
    const trades: TradeTick[] = []
    const expected = (this.#profile.printsPerSecond * activity * Math.min(stepMs, 1_000)) / 1_000
    for (let left = this.#random.poisson(expected); left > 0; left--) {
      const order = this.#order(board, moment, stepMs)
      if (!order) continue
      const kind = this.#random.uniform()
      if (kind < 0.08) trades.push(...this.#sweep(order, stepMs))
      else if (kind < 0.2) trades.push(...this.#spread(order, board))
      else trades.push(this.#print(order, this.#side(), this.#size(), AUTO, this.#venue()))
    }
    return trades.sort((a, b) => a.eventMs - b.eventMs || a.vendorSequence - b.vendorSequence)
  }

  #order(board: QuoteBoard, moment: MarketMoment, stepMs: number): Order | null {
    const contractId = this.#contractIds[this.#pick()]
    const quote = contractId === undefined ? undefined : board.quote(contractId)
    if (contractId === undefined || !quote || quote.ask === null) return null
    // From 1 ms on: a print follows the quotes of its own step.
    const eventMs = moment.nowMs + 1 + this.#random.integer(Math.max(1, stepMs - 1))
    return { contractId, quote: { bid: quote.bid, ask: quote.ask }, eventMs }
  }

  #pick(): number {
    const target = this.#random.uniform() * (this.#cumulative.at(-1) ?? 0)
    let [low, high] = [0, this.#cumulative.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#cumulative[middle] as number) <= target) low = middle + 1
      else high = middle
    }
    return low
  }

  #sweep(order: Order, stepMs: number): TradeTick[] {
    const side = this.#side()
    const { exchangeCodes } = this.#profile
    const start = this.#random.integer(exchangeCodes.length)
    const fills = 3 + this.#random.integer(4)
    const spacing = Math.min(SWEEP_MS, Math.max(1, stepMs - 1)) / fills
    return Array.from({ length: fills }, (_, i) =>
      this.#print(
        { ...order, eventMs: order.eventMs + Math.floor(i * spacing) },
        side,
        5 * this.#size(),
        INTERMARKET_SWEEP,
        exchangeCodes[(start + i) % exchangeCodes.length] as number,
      ),
    )
  }

  /** Both legs of a vertical at once, near the middle: complex orders trade inside the legs' quotes. */
  #spread(order: Order, board: QuoteBoard): TradeTick[] {
    const otherId = this.#nextSpreadLeg.get(order.contractId)
    const other = otherId === undefined ? undefined : board.quote(otherId)
    if (otherId === undefined || !other || other.ask === null) return []
    const leg = { contractId: otherId, quote: { bid: other.bid, ask: other.ask }, eventMs: order.eventMs }
    const [size, venue] = [2 * this.#size(), this.#venue()]
    return [order, leg].map((each) => this.#print(each, 'middle', size, MULTI_LEG, venue))
  }

  #print(
    { contractId, quote, eventMs }: Order,
    side: 'buy' | 'sell' | 'middle',
    size: number,
    condition: number,
    exchangeCode: number,
  ): TradeTick {
    this.#vendorSequence = (this.#vendorSequence + 1) >>> 0
    const aggressive = side === 'buy' ? quote.ask : side === 'sell' ? quote.bid : null
    return {
      kind: 'trade',
      contractId,
      // Nobody can sell to a bid that is not there; such a seller meets a buyer at the offer.
      price: aggressive ?? (side === 'sell' ? quote.ask : midOnTick(this.#profile, quote)),
      size,
      eventMs,
      conditionCode: this.#profile.opraConditions ? condition : 0,
      exchangeCode,
      vendorSequence: this.#vendorSequence,
    }
  }

  #side(): 'buy' | 'sell' | 'middle' {
    const u = this.#random.uniform()
    return u < 0.47 ? 'buy' : u < 0.92 ? 'sell' : 'middle'
  }

  /** Log-normal: mostly a few contracts, now and then a block. */
  #size(): number {
    return Math.min(2_000, Math.max(1, Math.round(Math.exp(0.9 + 1.2 * this.#random.normal()))))
  }

  #venue(): number {
    const { exchangeCodes } = this.#profile
    return exchangeCodes[this.#random.integer(exchangeCodes.length)] as number
  }
}
