import { describe, expect, test } from 'vitest'
import { SAMPLE_NOW_MS, sampleContracts } from '../../chain/sampleChain.ts'
import type { Regime } from '../../regime/regimeMachine.ts'
import type { RegimeDriver } from '../../regime/regimeReading.ts'
import { explainSample } from '../explainSample.ts'
import { NO_HISTORY } from '../marketHistory.ts'
import { sampleView } from '../sampleView.ts'

type Known = Parameters<typeof sampleView>[1]
const read = (name: string, contracts = sampleContracts(), known: Known = {}) =>
  explainSample(`regimeShift.${name}`, contracts, known)
const after = (regime: Regime, cycles = 10): Known => ({
  history: { ...NO_HISTORY, regime: { regime, cycles, sinceMs: SAMPLE_NOW_MS - 600_000 } },
})
const callsOnly = sampleContracts({ openInterest: (_, right) => (right === 'call' ? 1000 : 0) })
const putsOnly = sampleContracts({ openInterest: (_, right) => (right === 'put' ? 1000 : 0) })

describe('the label', () => {
  test('follows the side of net gamma under the sign model', () => {
    expect(read('regime', callsOnly).value).toMatch(/^long_gamma/)
    expect(read('regime', putsOnly).value).toMatch(/^short_gamma/)
  })

  test('goes through transition from side to side, and says how long it has been the same', () => {
    expect(read('regime', callsOnly, after('short_gamma')).value).toBe('transition')
    expect(read('ageMinutes', callsOnly, after('short_gamma')).value).toBe(0)
    expect(read('regime', putsOnly, after('short_gamma_stressed')).value).toBe('short_gamma_stressed')
    expect(read('ageMinutes', putsOnly, after('short_gamma_stressed')).value).toBe(10)
  })

  test('stays its least number of cycles, with what is pending in the evidence', () => {
    const { value, evidence } = read('regime', callsOnly, after('short_gamma', 1))
    expect(value).toBe('short_gamma')
    expect(evidence.inputs).toContainEqual(
      expect.objectContaining({ name: 'label pending', value: 'transition' }),
    )
  })

  test('on its own says that there is no hysteresis, and has no age', () => {
    expect(read('regime').evidence.notes).toHaveLength(1)
    expect(read('ageMinutes')).toMatchObject({ value: null, reason: 'no earlier cycle is kept' })
  })
})

test('confidence is agreement, coverage and distance, and its band reads the same off each scenario', () => {
  const { analytics, regime } = sampleView()
  const { flipDistanceSigmas } = regime.features
  const distance = 1 - Math.exp(-Math.abs(flipDistanceSigmas ?? Number.NaN) / 0.5)
  // Without prints M1 and M6 vote, and a skew towards puts makes M6 agree with M1.
  const expected = (analytics.coverage.openInterestPriced ?? Number.NaN) * distance
  const { value, flags, band } = read('confidenceRatio', sampleContracts(), { withBands: true })
  expect(value).toBeCloseTo(expected, 12)
  expect(flags).toContain('UNCALIBRATED')
  expect(band?.low).toBeLessThanOrEqual(value as number)
})

test('drivers are features, deciding ones first in the evidence', () => {
  const { value, evidence } = read('drivers', callsOnly)
  const drivers = value as RegimeDriver[]
  expect(drivers.find(({ feature }) => feature === 'gammaSign')).toEqual({
    feature: 'gammaSign',
    value: 1,
    decides: true,
  })
  const decided = evidence.contributions?.items.map(({ inputs }) => inputs['decides'] === 'yes') ?? []
  expect(decided).toEqual(decided.toSorted((a, b) => Number(b) - Number(a)))
})

test('realised volatility joins the drivers with half an hour of spot and a session', () => {
  const samples = Array.from({ length: 31 }, (_, i) => ({
    asOfMs: SAMPLE_NOW_MS - (30 - i) * 60_000,
    spot: 5800 * Math.exp(i % 2 === 0 ? 0 : 1e-4),
    netGex: Number.NaN,
    nearestFlip: Number.NaN,
  }))
  const session = { openMs: SAMPLE_NOW_MS - 5 * 3_600_000, closeMs: SAMPLE_NOW_MS + 1.5 * 3_600_000 }
  const drivers = (known: Known) => read('drivers', sampleContracts(), known).value as RegimeDriver[]
  const ratio = drivers({ session, history: { ...NO_HISTORY, samples } }).find(
    ({ feature }) => feature === 'realisedToImplied',
  )
  const implied = sampleView().analytics.byExpiry.find(({ dte }) => dte >= 1)?.atmVol ?? Number.NaN
  expect(ratio?.value).toBeCloseTo((1e-4 * Math.sqrt(252 * 390)) / implied, 4)
  expect(drivers({ session }).map(({ feature }) => feature)).not.toContain('realisedToImplied')
})

test('implications name hedging and the sign model, and give no advice', () => {
  const [hedging] = read('implications', callsOnly).value as string[]
  expect(hedging).toMatch(/^Under the sign model, hedging sells rises and buys falls/)
})

test('parity compares the sizes of both sides of spot', () => {
  const { aboveSpot, belowSpot } = sampleView().analytics.exposure
  const [above, below] = [Math.abs(aboveSpot ?? Number.NaN), Math.abs(belowSpot ?? Number.NaN)]
  expect(read('parityRatio').value).toBeCloseTo(Math.abs(above - below) / (above + below), 12)
})

test.each([
  ['no open interest', sampleContracts({ openInterest: () => 0 })],
  ['no quotes', sampleContracts({ halfSpread: -1 })],
  ['no contracts', []],
])('%s: null with a reason', (_, contracts) => {
  for (const name of ['regime', 'confidenceRatio', 'drivers', 'implications', 'ageMinutes', 'parityRatio']) {
    const { value, reason } = read(name, contracts)
    expect([name, value]).toEqual([name, null])
    expect(reason).not.toBe('not computable')
  }
})
