import { expect, test } from 'vitest'
import { analyse, computeAnalytics, engineOf, type ContractInput } from './analytics.ts'
import { moveSpot, reprice } from './analytics/engine.ts'
import { INDIA } from './calendar/timeZone.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from './chain/sampleChain.ts'
import { EXPOSURE_KINDS } from './exposure/exposureKinds.ts'
import { SIGN_MODEL_IDS } from './exposure/signModel.ts'

const SPOT = SAMPLE_MARKET.spot
const contracts = sampleContracts()
const analytics = computeAnalytics(contracts, SPOT, SAMPLE_NOW_MS)

function total(column: readonly number[]): number {
  return column.reduce((sum, value) => sum + value, 0)
}

test('strikes, expiries and totals agree bit for bit', () => {
  const { exposure, byStrike, byExpiry } = analytics
  expect(total(byStrike.netGex)).toBe(exposure.local.net)
  expect(total(byStrike.callGex)).toBe(exposure.local.call)
  expect(total(byExpiry.map(({ netGex }) => netGex))).toBe(exposure.local.net)
  expect((exposure.aboveSpot as number) + (exposure.belowSpot as number)).toBe(exposure.local.net)
})

test('every kind of exposure adds up by expiry, and above and below spot', () => {
  for (const kind of EXPOSURE_KINDS) {
    const totals = analytics.exposures?.openInterest[kind]
    expect(total(analytics.byExpiry.map(({ exposures }) => exposures[kind]))).toBe(totals?.net)
    expect((totals?.aboveSpot ?? 0) + (totals?.belowSpot ?? 0)).toBe(totals?.net)
  }
  expect(analytics.exposures?.openInterest.gamma.net).toBe(analytics.exposure.local.net)
  expect(analytics.exposures?.volume.gamma.net).toBe(analytics.exposure.byVolume.net)
  // Dealers long calls and short puts are long delta on both.
  expect(analytics.exposures?.openInterest.delta.call).toBeGreaterThan(0)
  expect(analytics.exposures?.openInterest.delta.put).toBeGreaterThan(0)
})

test('the zero-day slice is what settles on the exchange’s date of today', () => {
  expect([analytics.zeroDte, analytics.reasons['zeroDte']]).toEqual([null, 'nothing settles today'])
  const [front] = analytics.byExpiry
  const settlesAt = front?.expiryMs ?? 0
  const sameDay = computeAnalytics(contracts, SPOT, settlesAt - 3_600_000)
  const { zeroDte, byExpiry } = sameDay
  expect(zeroDte).toMatchObject({ expiries: 1, contracts: 162 })
  for (const kind of EXPOSURE_KINDS)
    expect(zeroDte?.openInterest[kind].net).toBe(byExpiry[0]?.exposures[kind])
  expect(zeroDte?.shareOfGamma).toBeGreaterThan(0.2)
  expect(zeroDte?.shareOfGamma).toBeLessThan(1)
  // 14:30 in New York is midnight in India: the same instant, another date.
  const inIndia = computeAnalytics(contracts, SPOT, settlesAt - 3_600_000, { timeZone: INDIA })
  expect(inIndia.zeroDte).toBeNull()
})

test('the order contracts are given in does not matter', () => {
  expect(computeAnalytics(contracts.toReversed(), SPOT, SAMPLE_NOW_MS)).toEqual(analytics)
})

test('swapping calls and puts turns the naive net around', () => {
  const open = (i: number): number => contracts[i]?.openInterest ?? 0
  const swapped = contracts.map((contract, i) => ({
    ...contract,
    openInterest: open(i % 2 === 0 ? i + 1 : i - 1),
  }))
  const turned = computeAnalytics(swapped, SPOT, SAMPLE_NOW_MS)
  expect(turned.exposure.local.net).toBe(-(analytics.exposure.local.net as number))
})

test('a strike with no open interest changes no exposure and no level', () => {
  const extra = sampleContracts({ strikes: [5812.5], openInterest: () => 0 })
  // Unquoted too: a quoted pair would rightly sharpen the forward.
  const silent = extra.map((contract) => ({ ...contract, bid: null, ask: null }))
  const more = computeAnalytics([...contracts, ...silent], SPOT, SAMPLE_NOW_MS)
  expect(more.exposure.local).toEqual(analytics.exposure.local)
  expect(more.walls).toEqual(analytics.walls)
  expect(more.flips.all.nearest).toBe(analytics.flips.all.nearest)
})

test('a settled expiry contributes exactly nothing', () => {
  const settlesAt = SAMPLE_NOW_MS + 86_400_000
  const later = computeAnalytics(contracts, SPOT, settlesAt)
  const unlisted = computeAnalytics(
    contracts.filter(({ expiryMs }) => expiryMs !== settlesAt),
    SPOT,
    settlesAt,
  )
  expect(later.exposure).toEqual(unlisted.exposure)
  expect(later.flips).toEqual(unlisted.flips)
  expect(later.putCallRatio).toEqual(unlisted.putCallRatio)
  expect(later.byExpiry).toHaveLength(4)
  expect(later.coverage).toMatchObject({ contracts: 810, live: 648 })
})

test('when spot alone moves, volatilities stay and the rest follows as if quoted anew', () => {
  const tight = { halfSpread: 1e-6, days: [36, 120, 365] }
  const engine = engineOf(sampleContracts(tight))
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  moveSpot(engine, SPOT * 1.004)
  const moved = analyse(engine)
  const quoted = computeAnalytics(
    sampleContracts({ ...tight, spot: SPOT * 1.004 }),
    SPOT * 1.004,
    SAMPLE_NOW_MS,
  )
  expect((moved.exposure.local.net as number) / (quoted.exposure.local.net as number)).toBeCloseTo(1, 4)
  expect(moved.flips.all.nearest).toBeCloseTo(quoted.flips.all.nearest as number, 2)
})

test('scaling spot and strikes at the same contracts scales every dollar figure', () => {
  const scaled = computeAnalytics(
    sampleContracts({
      spot: SPOT / 10,
      strikes: SAMPLE_MARKET.strikes.map((strike) => strike / 10),
      vol: (strike, days) => SAMPLE_MARKET.vol(strike * 10, days),
      openInterest: (strike, right, days) => SAMPLE_MARKET.openInterest(strike * 10, right, days),
      halfSpread: 0.002,
    }),
    SPOT / 10,
    SAMPLE_NOW_MS,
  )
  const ratio = (scaled.exposure.finite.call as number) / (analytics.exposure.finite.call as number)
  expect(ratio).toBeCloseTo(0.1, 5)
})

test('ten mini contracts are one: a tenth of the index with ten times the contracts has the same exposures', () => {
  const tenth = contracts.map((contract) => ({
    ...contract,
    strike: contract.strike / 10,
    bid: contract.bid / 10,
    ask: contract.ask / 10,
    openInterest: contract.openInterest * 10,
    volume: contract.volume * 10,
  }))
  const mini = computeAnalytics(tenth, SPOT / 10, SAMPLE_NOW_MS, { priceIncrement: 0.005 })
  for (const kind of EXPOSURE_KINDS) {
    const [small, large] = [mini, analytics].map(({ exposures }) => exposures?.openInterest[kind])
    for (const side of ['call', 'put', 'net', 'aboveSpot', 'belowSpot'] as const)
      expect(small?.[side]).toBeCloseTo(large?.[side] ?? Number.NaN, -1)
  }
  expect((mini.flips.all.nearest as number) * 10).toBeCloseTo(analytics.flips.all.nearest as number, 5)
  expect((mini.walls.side.call?.strike ?? 0) * 10).toBe(analytics.walls.side.call?.strike)
  expect((mini.maxPainFront as number) * 10).toBe(analytics.maxPainFront)
  expect(mini.putCallRatio).toEqual(analytics.putCallRatio)
})

test('the finite figures never exceed open contracts · multiplier · spot', () => {
  const open = (right: 'call' | 'put'): number =>
    total(contracts.filter((c) => c.right === right).map((c) => c.openInterest * c.multiplier * SPOT))
  expect(analytics.exposure.finite.call).toBeLessThanOrEqual(open('call'))
  expect(analytics.exposure.finite.put).toBeGreaterThanOrEqual(-open('put'))
})

test('a front expiry shows its forward, volatility and max pain', () => {
  const [front] = analytics.byExpiry
  expect(front).toMatchObject({ dte: 1, forwardSource: 'parity', discountSource: 'neighbour', maxPain: 5775 })
  expect(front?.atmVol).toBeCloseTo(0.14, 3)
  expect(analytics.maxPainFront).toBe(5775)
})

test('without quotes nothing is invented: nulls with reasons', () => {
  const silent: ContractInput[] = contracts.map((contract) => ({ ...contract, bid: null, ask: null }))
  const { exposure, flips, coverage, reasons, maxPainFront, absoluteGamma } = computeAnalytics(
    silent,
    SPOT,
    SAMPLE_NOW_MS,
  )
  expect(exposure.local).toEqual({ call: null, put: null, net: null })
  expect(flips.all).toEqual({ nearest: null, status: 'no_data', crossings: [] })
  expect(absoluteGamma).toBeNull()
  expect(coverage.volStatus).toEqual({ no_quote: 810 })
  expect(maxPainFront).toBe(5775)
  expect(reasons).toMatchObject({ exposure: 'no contract has a volatility', 'flips.all': 'no_data' })
})

test('stale inputs name no flip', () => {
  const engine = engineOf(contracts)
  reprice(engine, SPOT, SAMPLE_NOW_MS)
  const { all } = analyse(engine, { isStale: true }).flips
  expect(all).toEqual({ nearest: null, status: 'stale', crossings: analytics.flips.all.crossings })
})

test('an empty or wholly settled chain is answered, not thrown at', () => {
  expect(computeAnalytics([], SPOT, SAMPLE_NOW_MS).reasons['exposure']).toBe('every contract has settled')
  const settled = computeAnalytics(contracts, SPOT, SAMPLE_NOW_MS + 400 * 86_400_000)
  expect(settled.byExpiry).toEqual([])
  expect(settled.exposure.local.net).toBeNull()
  expect(Object.values(settled.signModels)).toEqual(SIGN_MODEL_IDS.map(() => null))
  expect(SIGN_MODEL_IDS.map((model) => settled.reasons[`signModels.${model}`])).toEqual(
    SIGN_MODEL_IDS.map(() => 'every contract has settled'),
  )
  expect(settled.putCallRatio).toEqual({ openInterest: null, volume: null })
})

test('every number in the answer is finite', () => {
  const numbersIn = (value: unknown): number[] => {
    if (typeof value === 'number') return [value]
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
  }
  const numbers = numbersIn(analytics)
  expect(numbers.length).toBeGreaterThan(600)
  expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
})
