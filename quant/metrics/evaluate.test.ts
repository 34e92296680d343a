import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContractInput } from '../analytics.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { measureMetrics } from './evaluate.ts'
import { FAMILY_IDS } from './familyIds.ts'
import { METRIC_FLAGS } from './flags.ts'
import type { MarketView } from './marketView.ts'
import { METRICS } from './registry.ts'
import { sampleView } from './sampleView.ts'

const SEEDED = { seed: 20261121, numRuns: 150 }
const DAY_MS = 86_400_000

/** What is wrong with what a view's metrics say: nothing may throw, and nothing that is not finite may leave. */
function faults(view: MarketView): string[] {
  return METRICS.flatMap((metric) => {
    const { value, reason, quality, flags, asOfMs, evidence } = metric.measure(view)
    const found: string[] = []
    if ((value === null) !== (reason !== null)) found.push(`value ${String(value)}, reason ${reason}`)
    if (reason === '') found.push('empty reason')
    if (!(quality >= 0 && quality <= 100)) found.push(`quality ${quality}`)
    if (flags.some((flag) => !METRIC_FLAGS.includes(flag))) found.push(`flags ${flags.join()}`)
    if (!numbersIn([value, evidence()]).every(Number.isFinite)) found.push('not finite')
    if (Number.isNaN(asOfMs)) found.push('no market time')
    return found.map((fault) => `${metric.id}: ${fault}`)
  })
}

/** Every number in a structure, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

const SAMPLE = sampleContracts({ days: [0.2, 1, 8, 36, 120] })
const every = (changes: Partial<ContractInput>): ContractInput[] =>
  SAMPLE.map((contract) => ({ ...contract, ...changes }))

describe('a view of any chain', () => {
  test.each([
    ['sound', SAMPLE, {}],
    ['empty', [], {}],
    ['one contract', SAMPLE.slice(40, 41), {}],
    ['one pair', SAMPLE.slice(80, 82), {}],
    ['one expiry', SAMPLE.slice(0, 162), {}],
    ['calls only', SAMPLE.filter(({ right }) => right === 'call'), {}],
    ['all settled', SAMPLE, { nowMs: SAMPLE_NOW_MS + 200 * DAY_MS }],
    ['no open interest', every({ openInterest: null }), {}],
    ['open interest of zero', every({ openInterest: 0 }), {}],
    ['no volume', every({ volume: 0 }), {}],
    ['no quotes', every({ bid: null, ask: null }), {}],
    ['crossed', every({ bid: 9, ask: 8 }), {}],
    ['locked', every({ bid: 9, ask: 9 }), {}],
    ['worth nothing', every({ bid: 0.01, ask: 0.02 }), {}],
    ['worth too much', every({ bid: 1e6, ask: 1e6 + 1 }), {}],
    ['listed twice', [...SAMPLE, ...SAMPLE], {}],
    ['no spot', SAMPLE, { spot: Number.NaN }],
    ['spot far away', SAMPLE, { spot: 1e9 }],
    ['stale', SAMPLE, { isStale: true }],
  ] as const)('%s', (_, contracts, instant) => {
    expect(faults(sampleView(contracts, instant))).toEqual([])
  })

  test('garbage in: null with a reason out', () => {
    fc.assert(
      fc.property(fc.array(contract, { maxLength: 40 }), oddNumber(SAMPLE_MARKET.spot), (contracts, spot) => {
        expect(faults(sampleView(contracts, { spot }))).toEqual([])
      }),
      SEEDED,
    )
  })
})

function oddNumber(sound: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.double({ min: 0.9, max: 1.1, noNaN: true }).map((factor) => sound * factor) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, -1, 1e-300, 1e300) },
    { weight: 1, arbitrary: fc.double() },
  )
}

const orNull = (sound: number): fc.Arbitrary<number | null> => fc.option(oddNumber(sound), { freq: 12 })

const contract: fc.Arbitrary<ContractInput> = fc.record({
  expiryMs: fc.oneof(
    fc.constantFrom(...[-1, 0.1, 1, 8, 36].map((days) => SAMPLE_NOW_MS + days * DAY_MS)),
    fc.constant(Number.NaN),
  ),
  strike: fc.oneof(
    fc.integer({ min: 110, max: 120 }).map((step) => 50 * step),
    oddNumber(5800),
  ),
  right: fc.constantFrom('call' as const, 'put' as const),
  multiplier: fc.constantFrom(100, 100, 10, Number.NaN),
  bid: orNull(50),
  ask: orNull(55),
  openInterest: orNull(1000),
  volume: orNull(100),
  signedFlow: orNull(20),
})

test('readings come by family in the order of the windows, in the currency of the chain', () => {
  const readings = measureMetrics(sampleView(SAMPLE, { currency: 'INR' }))
  const families = Object.keys(readings)
  expect(families).toEqual(FAMILY_IDS.filter((family) => families.includes(family)))
  expect(readings.gammaPulse?.['netGex']).toMatchObject({
    unit: 'INR per +1 % of spot',
    model: 'M1',
    reason: null,
  })
  expect(Object.values(readings).flatMap((family) => Object.keys(family))).toHaveLength(METRICS.length)
})
