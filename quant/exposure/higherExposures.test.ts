import { expect, test } from 'vitest'
import { engineOf } from '../analytics.ts'
import { measureAll, moveSpot, reprice, repriceAtVols, type Engine } from '../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { greeks } from '../pricing/blackScholes.ts'
import { sidesOf } from './exposureTable.ts'
import type { ExposureKind } from './exposureKinds.ts'
import { higherExposures, type HigherByKind } from './higherExposures.ts'
import { HIGHER_KINDS } from './higherKinds.ts'

const SPOT = SAMPLE_MARKET.spot
const DAY_MS = 86_400_000

function priced(contracts = sampleContracts(), asOfMs = SAMPLE_NOW_MS): Engine {
  const engine = engineOf(contracts)
  reprice(engine, SPOT, asOfMs)
  return engine
}

function byOpenInterest(engine: Engine): HigherByKind {
  const found = higherExposures(engine)
  if (!found.ok) throw new Error(found.reason)
  return found.openInterest
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

test('strikes, expiries, and above plus below spot give one total, bit for bit, for every kind', () => {
  const found = higherExposures(priced())
  expect(found).toMatchObject({ ok: true, note: null })
  if (!found.ok) return
  for (const weighted of [found.openInterest, found.volume])
    for (const kind of HIGHER_KINDS) {
      const { totals, byStrike, byExpiry, zeroDte } = weighted[kind]
      expect(totals.call).not.toBe(0)
      expect(sum(byStrike.call)).toBe(totals.call)
      expect(sum(byStrike.put)).toBe(totals.put)
      expect(sum(byExpiry.call)).toBe(totals.call)
      expect(totals.call + totals.put).toBe(totals.net)
      expect(totals.aboveSpot + totals.belowSpot).toBe(totals.net)
      expect(zeroDte).toBeNull()
    }
})

test('one contract has the exposures its greeks and units say', () => {
  const contracts = sampleContracts({ days: [36] }).map((contract) => ({
    ...contract,
    openInterest: contract.strike === 5700 && contract.right === 'put' ? 1000 : 0,
  }))
  const engine = priced(contracts)
  const { chain } = engine
  const row = chain.openInterest.indexOf(1000)
  const years = chain.years[0] as number
  const rate = -Math.log(chain.discount[0] as number) / years
  const vol = chain.vol[row] as number
  const dividendYield = rate - Math.log((chain.forward[0] as number) / SPOT) / years
  const g = greeks({ spot: SPOT, strike: 5700, years, rate, dividendYield, vol, right: 'put' })
  const expected = {
    volga: -1e5 * g.volga * 1e-4,
    speed: -1e5 * g.speed * SPOT ** 3 * 1e-4,
    zomma: -1e5 * g.zomma * SPOT ** 2 * 1e-4,
    colour: (-1e5 * g.colour * SPOT ** 2 * 0.01) / 365,
    rho: -1e5 * g.rho * 0.01,
  }
  const found = byOpenInterest(engine)
  for (const kind of HIGHER_KINDS) {
    const { call, put, net } = found[kind].totals
    expect(Math.abs(put / expected[kind] - 1)).toBeLessThan(1e-5)
    expect([call, net]).toEqual([0, put])
  }
})

test('they are what a bump of volatility or spot does to vega and gamma exposure', () => {
  const engine = priced()
  const { volga, zomma, speed } = byOpenInterest(engine)
  const vols = engine.chain.vol.slice()
  const exposure = (kind: ExposureKind): number => {
    measureAll(engine)
    return sidesOf(engine.measure.openInterest.table, kind).net
  }
  const bumped = (kind: ExposureKind, volPts: number): number => {
    repriceAtVols(
      engine,
      SPOT,
      SAMPLE_NOW_MS,
      vols.map((vol) => vol + 0.01 * volPts),
    )
    return exposure(kind)
  }
  const perVolPt = (kind: ExposureKind): number => (bumped(kind, 0.005) - bumped(kind, -0.005)) / 0.01
  expect(volga.totals.net / perVolPt('vega')).toBeCloseTo(1, 3)
  expect(zomma.totals.net / perVolPt('gamma')).toBeCloseTo(1, 3)
  bumped('gamma', 0)
  const atSpot = (percent: number): number => {
    moveSpot(engine, SPOT * (1 + 0.01 * percent))
    return exposure('gamma')
  }
  const perPercent = (atSpot(0.005) - atSpot(-0.005)) / 0.01
  // S² alone adds 2 % of gamma exposure per 1 %.
  expect((speed.totals.net + 0.02 * atSpot(0)) / perPercent).toBeCloseTo(1, 3)
})

test('what settles today is its own slice', () => {
  const found = byOpenInterest(priced(sampleContracts(), SAMPLE_NOW_MS + DAY_MS - 3_600_000))
  for (const kind of HIGHER_KINDS) {
    const { byExpiry, zeroDte } = found[kind]
    expect(zeroDte).toMatchObject({ call: byExpiry.call[0], put: byExpiry.put[0] })
  }
})

test('American chains say which greeks these are, and exercised contracts count nothing', () => {
  const contracts = sampleContracts({ days: [365], dividendYield: 0, halfSpread: 0.001 }).map((contract) =>
    // Far above the money the put is worth its exercise.
    contract.right === 'put' && contract.strike > 6500
      ? { ...contract, bid: contract.strike - SPOT, ask: contract.strike - SPOT + 0.002 }
      : contract,
  )
  const engine = engineOf(
    contracts.map((c) => ({ ...c, openInterest: c.right === 'put' && c.strike === 6800 ? 1000 : 0 })),
    { exercise: 'american' },
  )
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  const row = engine.chain.openInterest.indexOf(1000)
  expect(engine.chain.delta[row]).toBe(-1)
  expect(higherExposures(engine)).toMatchObject({
    ok: true,
    note: expect.stringContaining('European greeks'),
  })
  const found = byOpenInterest(engine)
  for (const kind of HIGHER_KINDS) expect(found[kind].totals.net).toBe(0)
})

test('nothing priced or all settled: a reason, no figures', () => {
  const silent = sampleContracts().map((contract) => ({ ...contract, bid: Number.NaN, ask: -1 }))
  expect(higherExposures(priced(silent))).toEqual({ ok: false, reason: 'no contract has a volatility' })
  const settled = priced(sampleContracts(), SAMPLE_NOW_MS + 400 * DAY_MS)
  expect(higherExposures(settled)).toEqual({ ok: false, reason: 'every contract has settled' })
})
