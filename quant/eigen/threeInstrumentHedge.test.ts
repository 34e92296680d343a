import { describe, expect, test } from 'vitest'
import { measureAll } from '../analytics/engine.ts'
import { SAMPLE_MARKET } from '../chain/sampleChain.ts'
import { sampleEngine } from '../volatility/sampleSmiles.ts'
import { volatilityStructure } from '../volatility/volatilityStructure.ts'
import { loadingSurface } from './loadingSurface.ts'
import { pcExposures } from './pcExposure.ts'
import { KNOWN_MODES } from './sampleChanges.ts'
import { threeInstrumentHedge } from './threeInstrumentHedge.ts'

const surface = loadingSurface(KNOWN_MODES.map((loadings) => ({ loadings })))

function book(changes: Parameters<typeof sampleEngine>[0] = {}) {
  const engine = sampleEngine(changes)
  measureAll(engine)
  const { fits } = volatilityStructure(engine)
  const { signed } = engine.measure.openInterest.positions
  return { chain: engine.chain, fits, positions: Float64Array.from(signed) }
}

describe('a book with a hedge', () => {
  const { chain, fits, positions } = book()
  const exposures = pcExposures(chain, fits, surface, positions).perUnit
  const hedge = threeInstrumentHedge(chain, fits, surface, exposures)

  test('is made of a straddle, a risk reversal and a butterfly of the expiry nearest 30 days', () => {
    const monthMs = SAMPLE_MARKET.nowMs + 36 * 86_400_000
    expect(hedge.expiryMs).toBe(monthMs)
    expect(hedge.reason).toBeNull()
    expect(hedge.instruments.map(({ kind }) => kind)).toEqual(['straddle', 'riskReversal', 'butterfly'])
    expect(hedge.condition).toBeGreaterThanOrEqual(1)
    expect(hedge.condition).toBeLessThan(1e3)
    const [straddle, riskReversal, butterfly] = hedge.instruments.map(({ legs }) => legs)
    expect(straddle?.map(({ right, quantity }) => [right, quantity])).toEqual([
      ['call', 1],
      ['put', 1],
    ])
    expect(new Set(straddle?.map(({ strike }) => strike))).toEqual(new Set([5825]))
    const [call, put] = riskReversal ?? []
    expect(call).toMatchObject({ right: 'call', quantity: 1, expiryMs: monthMs })
    expect(put).toMatchObject({ right: 'put', quantity: -1 })
    expect(butterfly?.map(({ quantity }) => quantity)).toEqual([1, 1, -1, -1])
    for (const leg of [call, put]) {
      const row = chain.strike.findIndex(
        (strike, i) =>
          strike === leg?.strike &&
          chain.expiryMs[chain.expiryIndex[i] as number] === monthMs &&
          (chain.callSign[i] as number) > 0 === (leg.right === 'call'),
      )
      expect(Math.abs(chain.delta[row] as number)).toBeGreaterThan(0.21)
      expect(Math.abs(chain.delta[row] as number)).toBeLessThan(0.29)
    }
  })

  test('is left without exposure to any component once hedged', () => {
    const size = Math.max(...exposures.map(Math.abs))
    for (const rest of hedge.residual ?? [NaN]) expect(Math.abs(rest)).toBeLessThan(1e-9 * size)
    const hedged = Float64Array.from(positions)
    for (const { legs, quantity } of hedge.instruments) {
      for (const leg of legs) {
        for (let row = 0; row < chain.count; row++) {
          const isLeg =
            chain.strike[row] === leg.strike &&
            chain.expiryMs[chain.expiryIndex[row] as number] === leg.expiryMs &&
            (chain.callSign[row] as number) > 0 === (leg.right === 'call')
          if (isLeg) hedged[row] = (hedged[row] as number) + quantity * leg.quantity
        }
      }
    }
    for (const rest of pcExposures(chain, fits, surface, hedged).perUnit)
      expect(Math.abs(rest)).toBeLessThan(1e-9 * size)
  })
})

describe('no hedge', () => {
  const { chain, fits } = book()

  test('without fitted expiries, or a straddle', () => {
    expect(threeInstrumentHedge(chain, [], surface, [1, 1, 1])).toEqual({
      expiryMs: null,
      instruments: [],
      condition: null,
      residual: null,
      reason: 'no_expiry',
    })
    const { chain: dead, fits: deadFits } = book()
    dead.vega.fill(NaN)
    expect(threeInstrumentHedge(dead, deadFits, surface, [1, 1, 1]).reason).toBe('no_straddle')
  })

  test('when strikes do not reach 25 delta', () => {
    const near = fits.map((fit) => ({ ...fit, kMin: -0.001 }))
    expect(threeInstrumentHedge(chain, near, surface, [1, 1, 1]).reason).toBe('no_25_delta_strikes')
  })

  test('when two components are one, or the strikes are too few to tell the instruments apart', () => {
    const [level, slope] = KNOWN_MODES.map((loadings) => ({ loadings }))
    if (level === undefined || slope === undefined) throw new Error('expected three modes')
    const flat = loadingSurface([level, slope, level])
    expect(threeInstrumentHedge(chain, fits, flat, [1, 1, 1])).toMatchObject({
      reason: 'singular',
      instruments: [],
      residual: null,
    })
    const one = book()
    for (let row = 0; row < one.chain.count; row++)
      if (one.chain.strike[row] !== 5800) one.chain.vega[row] = NaN
    expect(threeInstrumentHedge(one.chain, one.fits, surface, [1, 1, 1]).reason).toBe('singular')
  })

  test('of an exposure that is not a number', () => {
    expect(threeInstrumentHedge(chain, fits, surface, [1, NaN, 1]).reason).toBe('singular')
  })
})
