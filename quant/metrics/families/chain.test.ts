import { expect, test } from 'vitest'
import { MAX_CONTRACTS } from '../../chain/admission.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, sampleForward } from '../../chain/sampleChain.ts'
import { measureMetrics } from '../evaluate.ts'
import type { MarketView } from '../marketView.ts'
import { sampleView } from '../sampleView.ts'
import { CHAIN_METRICS } from './chain.ts'

const CONTRACTS = sampleContracts()
const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

/** Each value, or in its place the reason there is none. */
function read(view: MarketView): Record<string, unknown> {
  const readings = Object.entries(measureMetrics(view, CHAIN_METRICS).chain ?? {})
  return Object.fromEntries(readings.map(([name, { value, reason }]) => [name, value ?? reason]))
}

test('put-call ratios are puts over calls', () => {
  const of = (right: string) =>
    sum(CONTRACTS.filter((contract) => contract.right === right).map(({ openInterest }) => openInterest))
  const found = read(sampleView())
  expect(found).toMatchObject({
    pcrOi: of('put') / of('call'),
    pcrVolume: 1,
    openInterest: { calls: of('call'), puts: of('put') },
  })
  const { expiryMs, openInterest } = found['pcrByExpiry'] as Record<string, number[]>
  expect(expiryMs).toHaveLength(SAMPLE_MARKET.days.length)
  // Every expiry of the sample holds the same open interest.
  for (const ratio of openInterest ?? []) expect(ratio).toBe(of('put') / of('call'))
})

test('coverage is the share of open interest that is priced', () => {
  const isHidden = (i: number) => i % 8 < 2
  // Dear enough that every quote has a volatility.
  const dear = sampleContracts({ days: [36, 120], strikes: SAMPLE_MARKET.strikes.slice(25, 55) })
  const hidden = dear.map((contract, i) => (isHidden(i) ? { ...contract, bid: null, ask: null } : contract))
  const all = sum(dear.map(({ openInterest }) => openInterest))
  const priced = sum(dear.map(({ openInterest }, i) => (isHidden(i) ? 0 : openInterest)))
  const { coverage, quoteQuality } = read(sampleView(hidden))
  expect(coverage).toBeCloseTo(priced / all, 12)
  const withoutQuote = dear.filter((_, i) => isHidden(i)).length
  expect(quoteQuality).toEqual({ priced: dear.length - withoutQuote, no_quote: withoutQuote, wide: 0 })
})

test('forwards and rates are those the sample was made with', () => {
  const { forward, rate, forwardSource } = read(sampleView())['forwards'] as Record<string, unknown[]>
  for (const [e, days] of SAMPLE_MARKET.days.entries()) {
    expect((forward?.[e] as number) / sampleForward(SAMPLE_MARKET, days)).toBeCloseTo(1, 6)
    expect(forwardSource?.[e]).toBe('parity')
  }
  expect(rate?.at(-1)).toBeCloseTo(SAMPLE_MARKET.rate, 4)
})

test('ages are against the market time, and null when a time is not known', () => {
  const quoteMs = Float64Array.from(CONTRACTS, (_, row) => SAMPLE_NOW_MS - 1000 * (row % 5))
  quoteMs[3] = Number.NaN
  expect(read(sampleView(CONTRACTS, { quoteMs, spotMs: SAMPLE_NOW_MS - 250 }))).toMatchObject({
    spotAge: 250,
    quoteAge: { median: 2000, oldest: 4000, known: CONTRACTS.length - 1 },
  })
  expect(read(sampleView())).toMatchObject({
    spotAge: 'the time of spot is not known',
    quoteAge: 'the time of quotes is not known',
    openInterestDate: 'the date of the open interest is not known, or not one',
  })
})

test('what was left out is counted by reason', () => {
  const odd = [...CONTRACTS, { ...CONTRACTS[0], strike: -1 } as (typeof CONTRACTS)[0]]
  const view = sampleView(odd, { rejected: [{ reason: 'too few fields', count: 2 }] })
  expect(read(view)['rejected']).toEqual({
    reason: ['too few fields', 'strike or multiplier not positive, or no settlement instant'],
    count: [2, 1],
  })
})

test('of one contract too many the last is refused and counted', () => {
  const many = Array.from({ length: MAX_CONTRACTS + 1 }, (_, i) => ({
    expiryMs: SAMPLE_NOW_MS + 1e9,
    strike: 1 + i,
    right: 'call' as const,
    multiplier: 100,
    bid: null,
    ask: null,
    openInterest: 1,
    volume: 0,
  }))
  expect(read(sampleView(many))).toMatchObject({
    contracts: { contracts: MAX_CONTRACTS },
    rejected: { reason: [`more than ${MAX_CONTRACTS} contracts`], count: [1] },
    openInterest: { calls: MAX_CONTRACTS, puts: 0 },
  })
})

test('an empty chain has no figures but says so', () => {
  expect(read(sampleView([]))).toMatchObject({
    coverage: 'no open interest',
    contracts: 'no contracts',
    pcrOi: 'no call open interest',
    rejected: { reason: [], count: [] },
  })
})
