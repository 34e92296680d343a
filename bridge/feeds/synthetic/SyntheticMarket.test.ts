import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { settlementInstantMs } from '#quant/contracts/settlement'
import { greeks } from '#quant/pricing/blackScholes'
import type { QuoteTick, Tick, TradeTick } from '#schemas/tick'
import { sealBatches } from '../../pipeline/sealBatches.ts'
import { ReceiverModel } from '../../testing/ReceiverModel.ts'
import { profileOf, PROFILES, type MarketProfile } from './profiles.ts'
import { SyntheticMarket } from './SyntheticMarket.ts'

const START_MS = Date.UTC(2026, 10, 20, 15, 30)
const STEP_MS = 250

function profile(symbol: string): MarketProfile {
  const found = profileOf(symbol)
  if (!found) throw new Error(`no profile ${symbol}`)
  return found
}

/** The batches a bridge would send for the snapshot and the steps after it. */
function batchesOf(symbol: string, seed: number, steps: number): Uint8Array[] {
  const market = new SyntheticMarket(profile(symbol), seed, START_MS)
  const batches: Uint8Array[] = []
  const seal = (ticks: readonly Tick[]) => {
    const header = {
      source: 'synthetic',
      feed: 'synthetic',
      symbol,
      epoch: 1,
      createdMs: market.nowMs,
    } as const
    batches.push(...sealBatches({ ...header, sequence: batches.length + 1 }, ticks))
  }
  seal(market.snapshot())
  for (let i = 0; i < steps; i++) seal(market.advance(STEP_MS))
  return batches
}

function digest(batches: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const batch of batches) hash.update(batch)
  return hash.digest('hex')
}

function ticksOf<K extends Tick['kind']>(ticks: readonly Tick[], kind: K): Extract<Tick, { kind: K }>[] {
  return ticks.filter((tick): tick is Extract<Tick, { kind: K }> => tick.kind === kind)
}

describe('SyntheticMarket is deterministic', () => {
  it('encodes to identical batches for the same seed, and to others for another', () => {
    expect(digest(batchesOf('SPX', 7, 20))).toBe(digest(batchesOf('SPX', 7, 20)))
    expect(digest(batchesOf('SPX', 7, 20))).not.toBe(digest(batchesOf('SPX', 8, 20)))
  })

  it('encodes a small run to the golden digest', () => {
    expect(digest(batchesOf('NVDA', 1, 10))).toMatchInlineSnapshot(
      `"cb858f442af8b53f8707f03384e191991c59d93f638252223efa99132ee56734"`,
    )
  })

  it('stands at step n where the market that streamed there stands', () => {
    const hashAfter = (interruptedAt: number | null) => {
      const receiver = new ReceiverModel()
      const streamed: Tick[][] = []
      let market = new SyntheticMarket(profile('SPY'), 3, START_MS)
      streamed.push(market.snapshot())
      for (let step = 1; step <= 60; step++) {
        if (step === interruptedAt) {
          market = new SyntheticMarket(profile('SPY'), 3, START_MS)
          for (let silent = 1; silent < step; silent++) market.advance(STEP_MS)
          streamed.push(market.snapshot())
        }
        streamed.push(market.advance(STEP_MS))
      }
      let epoch = 0
      let sequence = 1
      for (const ticks of streamed) {
        if (ticks[0]?.kind === 'contract') [epoch, sequence] = [epoch + 1, 1]
        const header = { source: 'synthetic', feed: 'synthetic', symbol: 'SPY', createdMs: START_MS } as const
        for (const batch of sealBatches({ ...header, epoch, sequence }, ticks)) {
          expect(receiver.receive(batch).status).toBe(200)
          sequence++
        }
      }
      return receiver.hash()
    }
    const uninterrupted = hashAfter(null)
    expect(hashAfter(1)).toBe(uninterrupted)
    expect(hashAfter(37)).toBe(uninterrupted)
  })
})

describe.each(PROFILES)('$symbol is believable', (one) => {
  const market = new SyntheticMarket(one, 11, START_MS)
  const snapshot = market.snapshot()
  const contracts = ticksOf(snapshot, 'contract')

  it('lists a sensible number of contracts, none of them settled, each with open interest and a quote', () => {
    const range = { SPX: [2_000, 4_200], SPY: [800, 1_600], NVDA: [450, 900], NIFTY: [600, 1_100] }[
      one.symbol
    ]
    expect(contracts.length).toBeGreaterThan(range?.[0] ?? Infinity)
    expect(contracts.length).toBeLessThan(range?.[1] ?? 0)
    expect(ticksOf(snapshot, 'openInterest')).toHaveLength(contracts.length)
    expect(ticksOf(snapshot, 'quote')).toHaveLength(contracts.length)
    for (const contract of contracts) {
      const settlement = settlementInstantMs(contract)
      expect(settlement.ok && settlement.expiryMs > START_MS).toBe(true)
    }
    expect(contracts.every(({ multiplier }) => multiplier === (one.symbol === 'NIFTY' ? 65 : 100))).toBe(true)
  })

  it('quotes on the tick, never crossed or locked, with some wings nobody bids for', () => {
    const quotes = ticksOf(snapshot, 'quote')
    for (const { bid, ask, missing, bidSize } of quotes) {
      expect(ask).toBeGreaterThan(bid ?? 0)
      expect(missing).toBe(bid === null ? 'no_bid' : 'none')
      expect(bidSize > 0).toBe(bid !== null)
      expect(Math.abs(Math.round((ask ?? 0) * 100) - (ask ?? 0) * 100)).toBeLessThan(1e-6)
    }
    const noBid = quotes.filter(({ bid }) => bid === null).length / quotes.length
    expect(noBid).toBeGreaterThan(0)
    expect(noBid).toBeLessThan(0.25)
  })

  it('has its zero gamma a few per cent from spot, negative below and positive above', () => {
    const openInterest = new Map(ticksOf(snapshot, 'openInterest').map((t) => [t.contractId, t.openInterest]))
    const netGamma = (spot: number) => {
      let sum = 0
      for (const { contractId, strike, right, multiplier, root, expiryDate } of contracts) {
        const settlement = settlementInstantMs({ root, expiryDate })
        if (!settlement.ok) continue
        const years = (settlement.expiryMs - START_MS) / (365 * 86_400_000)
        const vol = one.variance.startVol
        const { rate, dividendYield } = one
        const { gamma } = greeks({ spot, strike, years, rate, dividendYield, vol, right })
        sum += (right === 'call' ? 1 : -1) * gamma * (openInterest.get(contractId) ?? 0) * multiplier
      }
      return sum
    }
    expect(netGamma(one.spot * 0.93)).toBeLessThan(0)
    expect(netGamma(one.spot * 1.02)).toBeGreaterThan(0)
  })
})

describe('prints', () => {
  const market = new SyntheticMarket(profile('SPY'), 5, START_MS)
  const standing = new Map<number, QuoteTick>(
    ticksOf(market.snapshot(), 'quote').map((q) => [q.contractId, q]),
  )
  const trades: TradeTick[] = []
  const outside: TradeTick[] = []
  for (let step = 0; step < 800; step++) {
    const ticks = market.advance(STEP_MS)
    for (const quote of ticksOf(ticks, 'quote')) standing.set(quote.contractId, quote)
    for (const trade of ticksOf(ticks, 'trade')) {
      trades.push(trade)
      const quote = standing.get(trade.contractId)
      const inside = quote && trade.price >= (quote.bid ?? 0) && trade.price <= (quote.ask ?? 0)
      if (!inside || trade.eventMs <= quote.eventMs) outside.push(trade)
    }
  }

  it('trade inside the quote that stood before them', () => {
    expect(trades.length).toBeGreaterThan(1_000)
    expect(outside).toEqual([])
  })

  it('sweep several venues within 250 ms', () => {
    const sweeps = Map.groupBy(
      trades.filter(({ conditionCode }) => conditionCode === 219),
      ({ contractId, eventMs }) => `${contractId} ${Math.floor(eventMs / 1_000)}`,
    )
    const [sweep = []] = [...sweeps.values()].filter((fills) => fills.length <= 6)
    expect(sweep.length).toBeGreaterThanOrEqual(3)
    expect(new Set(sweep.map(({ exchangeCode }) => exchangeCode)).size).toBe(sweep.length)
    expect(new Set(sweep.map(({ price }) => price)).size).toBe(1)
    const times = sweep.map(({ eventMs }) => eventMs)
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(250)
  })

  it('trade spreads as pairs of legs', () => {
    const legs = Map.groupBy(
      trades.filter(({ conditionCode }) => conditionCode === 232),
      ({ eventMs, size, exchangeCode }) => `${eventMs} ${size} ${exchangeCode}`,
    )
    expect(legs.size).toBeGreaterThan(20)
    expect([...legs.values()].every((pair) => pair.length % 2 === 0)).toBe(true)
  })
})

describe('a new day', () => {
  it('drops what has settled, lists what is new and moves the open interest once', () => {
    const beforeSettlement = Date.UTC(2026, 10, 20, 20, 59)
    const market = new SyntheticMarket(profile('SPX'), 2, beforeSettlement)
    const defined = new Set(ticksOf(market.snapshot(), 'contract').map(({ contractId }) => contractId))
    const before = market.contracts
    market.advance(2 * 60_000)
    expect(market.contracts).toBeLessThan(before)
    const nextDay = market.advance(20 * 3_600_000)
    const listed = ticksOf(nextDay, 'contract')
    expect(listed.length).toBeGreaterThan(0)
    expect(listed.some(({ contractId }) => defined.has(contractId))).toBe(false)
    const openInterest = ticksOf(nextDay, 'openInterest')
    expect(openInterest).toHaveLength(market.contracts)
    expect(new Set(openInterest.map(({ tradeDate }) => tradeDate))).toEqual(new Set(['2026-11-20']))
  })
})
