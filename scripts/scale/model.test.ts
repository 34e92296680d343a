import { describe, expect, it } from 'vitest'
import { fanoutDay, type FanoutShape } from './fanoutDay.ts'
import { batchRate, symbolDay } from './ingestDay.ts'
import { universe, UNIVERSE } from './universe.ts'

describe('the universe', () => {
  const symbols = universe()

  it('has as many symbols and nearly as many contracts as asked for, busiest first', () => {
    expect(symbols).toHaveLength(UNIVERSE.symbols)
    const contracts = symbols.reduce((sum, symbol) => sum + symbol.contracts, 0)
    expect(contracts / UNIVERSE.contracts).toBeCloseTo(1, 1)
    for (const [i, { contracts: size, quotesPerSecond }] of symbols.entries()) {
      expect(size).toBeLessThanOrEqual(symbols[i - 1]?.contracts ?? Infinity)
      expect(quotesPerSecond).toBeLessThanOrEqual(symbols[i - 1]?.quotesPerSecond ?? Infinity)
    }
  })
})

describe('ingest', () => {
  const rate = (quotesPerSecond: number) =>
    batchRate({ rank: 1, contracts: 100, quotesPerSecond, printsPerSecond: 0 }, 1)

  it('sends a batch per lone tick, one a second of a quiet symbol, ten of a lively one', () => {
    expect(rate(0.2)).toBeGreaterThan(0.15)
    expect(rate(0.2)).toBeLessThan(0.25)
    expect(rate(10)).toBeGreaterThan(0.8)
    expect(rate(10)).toBeLessThan(1.1)
    expect(rate(5_000)).toBeGreaterThan(9)
    expect(rate(5_000)).toBeLessThan(10.1)
  })

  it('costs more the livelier a symbol is, and parts add up', () => {
    const days = universe()
      .filter(({ rank }) => [1, 10, 100, 1_000, 6_000].includes(rank))
      .map((shape) => symbolDay(shape))
    for (const [i, { requests, rows, duration, total }] of days.entries()) {
      expect(total).toBeCloseTo(requests + rows + duration, 12)
      expect(total).toBeLessThanOrEqual(days[i - 1]?.total ?? Infinity)
    }
  })
})

describe('fan-out', () => {
  const shape: FanoutShape = {
    viewers: 100_000,
    framesPerSecond: 2,
    socketsPerRelay: 4_000,
    ackEveryFrames: 16,
    ackEverySeconds: 5,
    meanVisitSeconds: 2_400,
    sendMicros: 25,
  }

  it('needs a relay per 4,000 viewers and grows in proportion', () => {
    const day = fanoutDay(shape)
    const twice = fanoutDay({ ...shape, viewers: 200_000 })
    expect(day.relays).toBe(25)
    expect(twice.total / day.total).toBeCloseTo(2, 6)
    expect(day.relayCpu).toBeCloseTo(0.2, 6)
  })

  it('pays less for acknowledgements when they are fewer', () => {
    const fewer = fanoutDay({ ...shape, ackEverySeconds: 8 })
    expect(fewer.acknowledgements).toBeLessThan(fanoutDay(shape).acknowledgements)
  })
})
