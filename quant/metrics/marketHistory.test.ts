import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { FLOW_HORIZONS_MINUTES, FLOW_QUANTITIES, type DecayedSums } from '../flow/decayedSums.ts'
import { REGIMES } from '../regime/regimeMachine.ts'
import type { MarketView } from './marketView.ts'
import { METRICS } from './registry.ts'
import { sampleView } from './sampleView.ts'

const CONTRACTS = sampleContracts({ days: [0.1, 8, 36, 120] })
const MINUTE_MS = 60_000

const notFinite = fc.constantFrom(Number.NaN, Infinity, -Infinity)
const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e4, max: 1e4, noNaN: true }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: notFinite },
)
const instant = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: -60, max: 1 }).map((minutes) => SAMPLE_NOW_MS + minutes * MINUTE_MS),
  },
  { weight: 1, arbitrary: notFinite },
)
const array = <T>(of: fc.Arbitrary<T>, maxLength = 70): fc.Arbitrary<T[]> => fc.array(of, { maxLength })

const history = fc.record({
  samples: array(fc.record({ asOfMs: instant, spot: number, netGex: number, nearestFlip: number })),
  dailyBars: array(fc.record({ open: number, high: number, low: number, close: number })),
  dailyAtmVols: array(fc.option(number)),
  skewByTimeOfDay: fc.option(array(fc.record({ openMs: instant, byBucket: array(fc.option(number), 14) }))),
  nodes: fc.option(
    fc.record({
      rows: array(
        fc.record({
          asOfMs: instant,
          lnVol: fc.array(number, { minLength: 28, maxLength: 28 }).map((row) => Float64Array.from(row)),
        }),
      ),
    }),
  ),
  components: fc.option(array(fc.record({ loadings: array(fc.option(number), 28) }), 3)),
  regime: fc.option(
    fc.record({ regime: fc.constantFrom(null, ...REGIMES), cycles: number, sinceMs: instant }),
  ),
})

const length = FLOW_QUANTITIES.length * FLOW_HORIZONS_MINUTES.length
const prints: fc.Arbitrary<DecayedSums | null> = fc.option(
  fc.record({
    newestMs: fc.option(instant),
    clockRestarted: fc.boolean(),
    sums: fc.array(number, { minLength: length, maxLength: length }),
  }),
)

test('whatever is handed over as history, nothing throws and nothing that is not finite leaves', () => {
  const session = { openMs: SAMPLE_NOW_MS - 300 * MINUTE_MS, closeMs: SAMPLE_NOW_MS + 90 * MINUTE_MS }
  const { analytics, volatility } = sampleView(CONTRACTS)
  fc.assert(
    fc.property(history, prints, (history, prints) => {
      const view = sampleView(CONTRACTS, {
        history,
        prints,
        session,
        analytics,
        volatility: () => volatility,
      })
      expect(faults(view)).toEqual([])
    }),
    { seed: 20261121, numRuns: 30 },
  )
})

function faults(view: MarketView): string[] {
  return METRICS.flatMap((metric) => {
    const { value, reason, quality, evidence } = metric.measure(view)
    const found = [
      (value === null) === (reason !== null) ? null : 'value and reason',
      quality >= 0 && quality <= 100 ? null : 'quality',
      isFinite([value, evidence()]) ? null : 'not finite',
    ]
    return found.flatMap((fault) => (fault === null ? [] : [`${metric.id}: ${fault}`]))
  })
}

function isFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isFinite)
}
