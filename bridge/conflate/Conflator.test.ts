import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import { Conflator } from './Conflator.ts'
import { splitIntoBatches } from './splitIntoBatches.ts'

const contractId = fc.integer({ min: 1, max: 6 })
const eventMs = fc.integer({ min: 0, max: 30 })
const price = fc.integer({ min: 1, max: 500 }).map((cents) => cents / 100)

const tick: fc.Arbitrary<Tick> = fc.oneof(
  fc.record({
    kind: fc.constant('quote' as const),
    contractId,
    bid: price,
    ask: price,
    bidSize: fc.nat(50),
    askSize: fc.nat(50),
    eventMs,
    missing: fc.constant('none' as const),
  }),
  fc.record({
    kind: fc.constant('underlying' as const),
    price,
    bid: fc.constant(null),
    ask: fc.constant(null),
    eventMs,
  }),
  fc.record({
    kind: fc.constant('trade' as const),
    contractId,
    price,
    size: fc.nat(20),
    eventMs,
    conditionCode: fc.constant(0),
    exchangeCode: fc.constant(0),
    vendorSequence: fc.nat(1_000_000),
  }),
  fc.record({
    kind: fc.constant('openInterest' as const),
    contractId,
    openInterest: fc.nat(1000),
    tradeDate: fc.constant('2026-11-19'),
  }),
  fc.record({ kind: fc.constant('sessionVolume' as const), contractId, volume: fc.nat(1000), eventMs }),
)

/** The state a receiver ends in, and every event it saw, in order. */
function received(ticks: readonly Tick[]) {
  const quotes = new Map<number, Tick & { kind: 'quote' }>()
  let underlying: (Tick & { kind: 'underlying' }) | null = null
  const events: Tick[] = []
  for (const one of ticks) {
    if (one.kind === 'quote') {
      const held = quotes.get(one.contractId)
      if (!held || one.eventMs >= held.eventMs) quotes.set(one.contractId, one)
    } else if (one.kind === 'underlying') {
      if (!underlying || one.eventMs >= underlying.eventMs) underlying = one
    } else events.push(one)
  }
  return { quotes: new Map([...quotes].sort(([a], [b]) => a - b)), underlying, events }
}

describe('Conflator', () => {
  it('leaves the receiver in the same final state as the unconflated stream', () => {
    const windows = fc.array(fc.record({ ticks: fc.array(tick, { maxLength: 25 }), behind: fc.boolean() }))
    fc.assert(
      fc.property(windows, (steps) => {
        const conflator = new Conflator()
        const sent: Tick[] = []
        for (const { ticks, behind } of steps) {
          conflator.add(ticks)
          sent.push(...conflator.take(!behind))
        }
        sent.push(...conflator.take(true))
        expect(received(sent)).toEqual(received(steps.flatMap(({ ticks }) => ticks)))
        expect(conflator.held).toBe(0)
        expect(conflator.received).toBe(sent.length + conflator.superseded)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('holds at most one quote per contract and one underlying while the receiver is behind', () => {
    const states = tick.filter(({ kind }) => kind === 'quote' || kind === 'underlying')
    fc.assert(
      fc.property(fc.array(states, { maxLength: 200 }), (ticks) => {
        const conflator = new Conflator()
        conflator.add(ticks)
        expect(conflator.take(false)).toEqual([])
        expect(conflator.held).toBeLessThanOrEqual(7)
      }),
      { seed: 2, numRuns: 50 },
    )
  })
})

describe('splitIntoBatches', () => {
  it('keeps order and size, and never lets volume totals share a batch with prints', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 120 }), fc.integer({ min: 1, max: 20 }), (ticks, maxTicks) => {
        const batches = splitIntoBatches(ticks, maxTicks)
        expect(batches.flat()).toEqual(ticks)
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(maxTicks)
          const kinds = new Set(batch.map(({ kind }) => kind))
          expect(kinds.has('trade') && kinds.has('sessionVolume')).toBe(false)
        }
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})
