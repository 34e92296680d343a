import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engineOf, type ContractInput } from '../../analytics.ts'
import { reprice, repriceAtVols } from '../../analytics/engine.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../../chain/sampleChain.ts'
import { SIGN_MODEL_IDS } from '../../exposure/signModel.ts'
import { black76 } from '../../pricing/black76.ts'
import { explainMetric } from '../explain.ts'
import { explainSample } from '../explainSample.ts'
import { marketInputs, marketView } from '../marketView.ts'
import { sampleView, type SampleInstant } from '../sampleView.ts'
import type { CountLayer } from './gammatrix/counts.ts'
import type { CappedLayer, ExposureLayer } from './gammatrix/exposures.ts'
import type { QualityLayer } from './gammatrix/quality.ts'
import type { QuoteVolLayer, VolLayer } from './gammatrix/volatilities.ts'

const CONTRACTS = sampleContracts({ days: [2 / 24, 1, 8, 36] })
const CELLS = CONTRACTS.length / 2
const read = (name: string, contracts: readonly ContractInput[] = CONTRACTS, instant: SampleInstant = {}) =>
  explainSample(`gammatrix.${name}`, contracts, instant)

const sum = (column: readonly (number | null)[]): number =>
  column.reduce<number>((total, amount) => total + (amount ?? 0), 0)

describe.each([
  ['gammaFinite', 'gammaFinite'],
  ['gammaLocal', 'gamma'],
  ['delta', 'delta'],
  ['vanna', 'vanna'],
  ['charm', 'charm'],
] as const)('%s', (name, kind) => {
  const { value, evidence } = read(name)
  const layer = value as ExposureLayer
  const { analytics } = sampleView(CONTRACTS)

  test('has a cell per listed strike and expiry, soonest first', () => {
    const columns = [layer.expiryMs, layer.strike, layer.call, layer.put, layer.net]
    expect(columns.map(({ length }) => length)).toEqual(columns.map(() => CELLS))
    expect(layer.expiryMs).toEqual(layer.expiryMs.toSorted((a, b) => a - b))
    expect(layer.strike.slice(0, 81)).toEqual(SAMPLE_MARKET.strikes)
  })

  test('cells add up to the totals bit for bit, and so does the evidence', () => {
    const totals = analytics.exposures?.openInterest[kind]
    expect([sum(layer.call), sum(layer.put), sum(layer.net)]).toEqual([
      totals?.call,
      totals?.put,
      totals?.net,
    ])
    expect(layer.total).toBe(totals?.net)
    expect(evidence.contributions).toMatchObject({ kind: 'sum', total: layer.total })
  })

  test('by expiry they add up to the expiry', () => {
    for (const { expiryMs, exposures } of analytics.byExpiry)
      expect(sum(layer.net.map((net, i) => (layer.expiryMs[i] === expiryMs ? net : 0)))).toBe(exposures[kind])
  })
})

test('no finite cell exceeds contracts · multiplier · spot, where local ones do', () => {
  const closeUp = sampleContracts({
    days: [3 / (24 * 60), 8],
    strikes: Array.from({ length: 21 }, (_, i) => 5750 + 5 * i),
    halfSpread: 1e-5,
  })
  const { net, call, put, cap } = read('gammaFinite', closeUp).value as CappedLayer
  const exceeds = (column: readonly (number | null)[]) =>
    column.filter((amount, i) => Math.abs(amount ?? 0) > (cap[i] ?? 0)).length
  expect([exceeds(net), exceeds(call), exceeds(put)]).toEqual([0, 0, 0])
  expect(exceeds((read('gammaLocal', closeUp).value as ExposureLayer).call)).toBeGreaterThan(0)
})

test('one cell is what its definition says', () => {
  const { chain, spot } = sampleView(CONTRACTS).engine
  const layer = read('gammaLocal').value as ExposureLayer
  const at = layer.strike.findIndex((strike, i) => strike === 5900 && i > 2 * 81)
  const put = 2 * at + 1
  const exposure = (chain.gamma[put] as number) * (chain.openInterest[put] as number) * spot * spot
  expect(layer.put[at]).toBeCloseTo(-exposure, 1)
})

test('an unknown open interest is no zero: null in its cell, nothing in the sums', () => {
  const gaps = CONTRACTS.map((contract) => ({
    ...contract,
    openInterest: contract.strike === 5900 ? null : contract.openInterest,
  }))
  const { strike, net, total } = read('gammaLocal', gaps).value as ExposureLayer
  expect(net.filter((_, i) => strike[i] === 5900)).toEqual([null, null, null, null])
  expect(sum(net)).toBe(total)
  const layer = read('openInterest', gaps).value as CountLayer
  expect(layer.call.filter((_, i) => strike[i] === 5900)).toEqual([null, null, null, null])
})

test('volatilities are those of the quotes: mid between bid and ask, each reproducing its price', () => {
  const { vol, status, strike } = read('ivMid').value as VolLayer
  const { bidVol, askVol } = read('ivBidAsk').value as QuoteVolLayer
  const { chain } = sampleView(CONTRACTS).engine
  const month = { forward: chain.forward[3] as number, years: chain.years[3] as number }
  const nearTheMoney = CONTRACTS.filter(
    (contract) =>
      contract.expiryMs === chain.expiryMs[3] &&
      Math.abs(contract.strike - SAMPLE_MARKET.spot) < 300 &&
      contract.strike >= month.forward === (contract.right === 'call'),
  )
  expect(nearTheMoney).toHaveLength(23)
  for (const { strike: at, right, bid, ask } of nearTheMoney) {
    const i = strike.lastIndexOf(at)
    const priceAt = (sigma: number | null | undefined) =>
      black76({
        ...month,
        discount: chain.discount[3] as number,
        strike: at,
        right,
        vol: sigma ?? Number.NaN,
      })
    expect(status[i]).toBe('priced')
    expect(priceAt(bidVol[i])).toBeCloseTo(bid, 6)
    expect(priceAt(vol[i])).toBeCloseTo((bid + ask) / 2, 6)
    expect(priceAt(askVol[i])).toBeCloseTo(ask, 6)
  }
})

test('a strike without a volatility says why', () => {
  const silent = CONTRACTS.map((contract) =>
    contract.strike === 5800 ? { ...contract, bid: null } : contract,
  )
  const { vol, status, strike } = read('ivMid', silent).value as VolLayer
  const at = strike.indexOf(5800)
  expect([vol[at], status[at]]).toEqual([null, 'one_sided'])
  expect((read('ivBidAsk', silent).value as QuoteVolLayer).bidVol[at]).toBeNull()
})

test('volatilities that were given say so: the method, a flag, and no bid or ask', () => {
  const crossed = CONTRACTS.map((contract) => ({ ...contract, bid: contract.ask, ask: contract.bid }))
  const engine = engineOf(crossed)
  const vols = new Float64Array(engine.chain.count).fill(0.2)
  repriceAtVols(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS, vols)
  const view = marketView(marketInputs(engine))
  const given = { method: 'vol.given@1', flags: expect.arrayContaining(['GIVEN_VOLS']) }
  expect(explainMetric(view, 'gammatrix.ivMid')).toMatchObject(given)
  expect(explainMetric(view, 'ivSurface.points')).toMatchObject(given)
  expect(explainMetric(view, 'gammatrix.ivBidAsk')).toMatchObject({
    value: null,
    reason: 'no contract has a two-sided quote',
  })
  expect(read('ivMid').method).toBe('vol.otm_mid@1')
  expect(explainSample('ivSurface.points', CONTRACTS).method).toBe('vol.otm_mid@1')
})

test('counts add up, and change needs the session before', () => {
  const { total, call, put } = read('openInterest').value as CountLayer
  expect(sum(call) + sum(put)).toBe(total)
  expect(total).toBe(CONTRACTS.reduce((all, { openInterest }) => all + openInterest, 0))
  expect(read('openInterest').evidence.contributions?.total).toBe(total)
  expect((read('volume').value as CountLayer).total).toBe(10 * CONTRACTS.length)
  expect(read('openInterestChange')).toMatchObject({
    value: null,
    reason: 'the open interest of the session before is not known',
  })
  const previousOpenInterest = sampleView(CONTRACTS).engine.chain.openInterest.map((open, row) =>
    row === 0 ? Number.NaN : open - 3,
  )
  const change = read('openInterestChange', CONTRACTS, { previousOpenInterest }).value as CountLayer
  expect(change.total).toBe(3 * (CONTRACTS.length - 1))
  expect([change.call[0], change.put[0]]).toEqual([null, 3])
})

test('quality of a cell counts what is wrong with that cell', () => {
  const doubtful = CONTRACTS.map((contract) => {
    if (contract.strike === 5700) return { ...contract, openInterest: null }
    if (contract.strike === 5750) return { ...contract, bid: contract.ask + 1 }
    return contract
  })
  const { quality, flags, strike } = read('quality', doubtful).value as QualityLayer
  const month = (at: number) => strike.findIndex((here, i) => here === at && i >= 3 * 81)
  const of = (at: number) => [quality[month(at)], flags[month(at)]]
  expect(of(5800)).toEqual([100, []])
  expect(of(5700)).toEqual([70, ['OI_MISSING']])
  expect(of(5750)).toEqual([0, ['CROSSED']])
})

const LAYERS = [
  'gammaFinite',
  'gammaLocal',
  'delta',
  'vanna',
  'charm',
  'ivMid',
  'ivBidAsk',
  'openInterest',
  'volume',
  'quality',
]

test.each([
  ['no contracts', [], {}],
  ['all settled', CONTRACTS, { nowMs: SAMPLE_NOW_MS + 400 * 86_400_000 }],
])('%s: every layer is null and says so', (_, contracts, instant) => {
  for (const name of LAYERS)
    expect(read(name, contracts, instant)).toMatchObject({
      value: null,
      reason: 'every contract has settled',
    })
})

test('no quotes: counts stay, the rest is null', () => {
  const silent = CONTRACTS.map((contract) => ({ ...contract, bid: null, ask: null }))
  for (const name of LAYERS.slice(0, 7))
    expect(read(name, silent)).toMatchObject({ value: null, reason: 'no contract has a volatility' })
  expect(read('openInterest', silent).value).not.toBeNull()
  expect((read('quality', silent).value as QualityLayer).quality.every((score) => score === 0)).toBe(true)
})

test('one listed side makes a cell of its own', () => {
  const oneSided = CONTRACTS.filter(({ strike, right }) => strike !== 5800 || right === 'call')
  const { strike, call, put, net } = read('gammaLocal', oneSided).value as ExposureLayer
  const at = strike.indexOf(5800)
  expect([put[at], net[at]]).toEqual([null, call[at]])
})

test('under any sign model and any counts, cells add up bit for bit and finite ones stay below their cap', () => {
  const counts = fc.array(fc.option(fc.integer({ min: 0, max: 50_000 })), {
    minLength: CONTRACTS.length,
    maxLength: CONTRACTS.length,
  })
  fc.assert(
    fc.property(counts, fc.constantFrom(...SIGN_MODEL_IDS), (counts, signModel) => {
      const contracts = CONTRACTS.map((contract, i) => ({
        ...contract,
        openInterest: counts[i] ?? null,
        signedFlow: ((counts[i] ?? 0) % 41) - 20,
      }))
      const engine = engineOf(contracts, { signModel })
      reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
      const view = marketView(marketInputs(engine))
      const layer = explainMetric(view, 'gammatrix.gammaFinite')?.value as CappedLayer
      const { net, cap, total } = layer
      expect(total).toBe(view.analytics.exposure.finite.net)
      expect(sum(net)).toBe(total)
      expect(net.filter((amount, i) => Math.abs(amount ?? 0) > (cap[i] ?? 0))).toEqual([])
    }),
    { seed: 20261121, numRuns: 25 },
  )
})
