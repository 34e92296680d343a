import { describe, expect, it } from 'vitest'
import { analyse } from '../analytics.ts'
import { sampleView } from '../metrics/sampleView.ts'
import { openNotional, parityRatio, regimeFeatures, type RegimeInputs } from './regimeFeatures.ts'
import { nextRegime, NO_REGIME } from './regimeMachine.ts'
import { readRegime } from './regimeReading.ts'

const view = sampleView()
const inputs: RegimeInputs = {
  analytics: view.analytics,
  volatility: view.volatility,
  pull: 0.1,
  averageDailyValue: null,
  openNotional: openNotional(view.engine),
  realisedVol: 0.07,
}
const features = regimeFeatures(inputs)

describe('regimeFeatures', () => {
  it('measures the distance to the flip in moves of one day', () => {
    const { analytics } = view
    const [, second] = analytics.byExpiry
    const first = analytics.byExpiry.find(({ dte }) => dte >= 1) ?? second
    const day = (5800 * (first?.atmVol ?? Number.NaN)) / Math.sqrt(252)
    expect(features.flipDistanceSigmas).toBeCloseTo(
      (5800 - (analytics.flips.all.nearest ?? Number.NaN)) / day,
      10,
    )
    expect(features.isOneSigned).toBe(false)
  })

  it('puts net gamma beside average daily value, or beside open notional, and says which', () => {
    const net = view.analytics.exposure.finite.net ?? Number.NaN
    const { chain } = view.engine
    const notional = chain.openInterest.reduce((sum, open) => sum + open, 0) * 100 * 5800
    expect(features.gammaBasis).toBe('open_notional')
    expect((features.gammaShare ?? Number.NaN) * notional).toBeCloseTo(net, -2)
    const traded = regimeFeatures({ ...inputs, averageDailyValue: 1e10 })
    expect([traded.gammaBasis, traded.gammaShare]).toEqual(['average_daily_value', net / 1e10])
    expect(regimeFeatures({ ...inputs, openNotional: null })).toMatchObject({
      gammaShare: null,
      gammaBasis: null,
    })
    expect(features.gammaSign).toBe(Math.sign(net))
  })

  it('lets models vote that can have either sign', () => {
    const netOf = (nets: Readonly<Record<string, number | null>>) =>
      Object.fromEntries(Object.entries(nets).map(([model, net]) => [model, net && { call: 0, put: 0, net }]))
    const agreement = (nets: Readonly<Record<string, number | null>>) => {
      const signModels = { ...view.analytics.signModels, ...netOf(nets) }
      return regimeFeatures({ ...inputs, analytics: { ...view.analytics, signModels } }).signAgreement
    }
    expect(agreement({ M1: 5, M2: -9, M4: null, M5: null, M6: 4 })).toBe(1)
    expect(agreement({ M1: 5, M4: 5, M5: 5, M6: -4 })).toBe(0.5)
    expect(agreement({ M1: null, M2: -9, M4: null, M5: null, M6: null })).toBeNull()
  })

  it('is null where an input is not known', () => {
    const bare = regimeFeatures({ ...inputs, volatility: null, realisedVol: Number.NaN, pull: Infinity })
    expect(bare).toMatchObject({ termSlopeVolPts: null, realisedToImplied: null, pull: null })
  })

  it('knows nothing of a chain that has settled', () => {
    const settled = sampleView(undefined, { nowMs: view.engine.asOfMs + 400 * 86_400_000 })
    const gone = { ...inputs, analytics: analyse(settled.engine), openNotional: openNotional(settled.engine) }
    const nothing = regimeFeatures({ ...gone, volatility: null })
    expect(nothing).toMatchObject({ flipDistanceSigmas: null, gammaSign: null, gammaShare: null })
    const reading = readRegime(nextRegime(NO_REGIME, nothing, 0), nothing)
    expect(reading).toMatchObject({ label: 'unknown', confidence: null, drivers: [] })
    expect(reading.reason).toBe('neither net gamma nor a flip is known')
  })
})

describe('readRegime', () => {
  it('multiplies agreement, coverage and distance', () => {
    const known = {
      ...features,
      signAgreement: 0.8,
      coverage: 0.5,
      flipDistanceSigmas: -0.5,
      gammaSign: -1,
    } as const
    const { confidence } = readRegime(nextRegime(NO_REGIME, known, 0), known)
    expect(confidence).toBeCloseTo(0.8 * 0.5 * (1 - 1 / Math.E), 12)
    const alone = { ...known, isOneSigned: true, flipDistanceSigmas: null }
    expect(readRegime(nextRegime(NO_REGIME, alone, 0), alone).confidence).toBeCloseTo(0.4, 12)
  })

  it('names what decided, and what is pending', () => {
    const long = { ...features, gammaSign: 1, flipDistanceSigmas: 2, signAgreement: 1 } as const
    const short = { ...long, gammaSign: -1, flipDistanceSigmas: -2 } as const
    const state = nextRegime(nextRegime(NO_REGIME, long, 0), short, 1)
    const { label, pending, sinceMs, drivers } = readRegime(state, short)
    expect({ label, pending, sinceMs }).toEqual({ label: 'long_gamma', pending: 'transition', sinceMs: 0 })
    expect(drivers.filter(({ decides }) => decides)).toEqual([
      { feature: 'gammaSign', value: -1, decides: true },
    ])
  })

  it('counts the distance to the flip among what decides that spot is pinned', () => {
    const pinned = { ...features, gammaSign: 1, flipDistanceSigmas: 2, signAgreement: 1, pull: 0.3 } as const
    const { label, drivers } = readRegime(nextRegime(NO_REGIME, pinned, 0), pinned)
    expect(label).toBe('long_gamma_pinned')
    expect(drivers.filter(({ decides }) => decides).map(({ feature }) => feature)).toEqual([
      'gammaSign',
      'flipDistanceSigmas',
      'pull',
    ])
  })

  it('says what hedging would do, by the sign of each exposure', () => {
    const known = {
      ...features,
      gammaSign: 1,
      flipDistanceSigmas: 2,
      signAgreement: 1,
      vannaSign: 1,
      charmSign: -1,
    } as const
    expect(readRegime(nextRegime(NO_REGIME, known, 0), known).implications).toEqual([
      expect.stringContaining('sells rises and buys falls'),
      'A rise in volatility alone would have hedging sell the underlying.',
      'Time alone would have hedging buy the underlying.',
    ])
  })
})

describe('parityRatio', () => {
  it.each([
    [3, -1, 0.5],
    [-2, 2, 0],
    [5, 0, 1],
    [1e308, 1e308, null],
    [0, 0, null],
    [null, 1, null],
    [Infinity, 1, null],
    [Number.NaN, 1, null],
  ])('of %d above and %d below', (above, below, ratio) => {
    expect(parityRatio(above, below)).toBe(ratio)
  })
})
