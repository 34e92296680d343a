import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ExposureSchema, type Exposure } from '#schemas/rest/models'
import { EXPOSURE_GREEKS } from '#schemas/rest/exposureGreeks'
import type { Tick } from '#schemas/tick'
import { CONTRACTS, encoded, NOW_MS, openingTicks, stateAfter, trade, underlying } from '../testkit.ts'
import { LiveFrame } from './liveFrame.ts'
import { exposureOf } from './restViews.ts'

function exposureAfter(ticks: readonly Tick[], nowMs = NOW_MS): Exposure['data'] {
  const next = () => ({ epoch: 1, sequence: 1, previous: 0 })
  const state = stateAfter([encoded({ createdMs: nowMs }, ticks)])
  const published = new LiveFrame('SPX', state, next).current(nowMs, () => undefined)
  if (published === null) throw new Error('expected a frame')
  const exposure = exposureOf(published.frame, published.figures.analytics)
  expect(v.parse(ExposureSchema, exposure)).toEqual(exposure)
  return exposure.data
}

function greeksOf({ greeks }: Exposure['data']) {
  if (greeks === null) throw new Error('expected greeks')
  return greeks
}

describe('exposures of a priced chain', () => {
  const data = exposureAfter(openingTicks())
  const greeks = greeksOf(data)

  it('agree with the frame on gamma', () => {
    expect(greeks.openInterest.gamma).toEqual({
      call: data.totalCallGex,
      put: data.totalPutGex,
      net: data.netGex,
      aboveSpot: data.aboveSpotGex,
      belowSpot: data.belowSpotGex,
    })
    expect(greeks.openInterest.gammaFinite.net).toBe(data.netGexFinite)
  })

  it.each(EXPOSURE_GREEKS)('add up: %s', (greek) => {
    const { call, put, net, aboveSpot, belowSpot } = greeks.openInterest[greek]
    expect(call + put).toBe(net)
    expect(aboveSpot + belowSpot).toBe(net)
    const byExpiry = data.expiries.map((expiry) => expiry.greeks?.[greek] ?? Number.NaN)
    expect(byExpiry.reduce((sum, of) => sum + of, 0)).toBe(net)
  })

  it('name the currency in their units', () => {
    expect(greeks.units).toMatchObject({
      gamma: 'USD per +1 % of spot',
      vanna: 'USD of delta per +1 volatility point',
      theta: 'USD per calendar day',
    })
  })

  it('have the signs of dealers who are long calls and short puts', () => {
    const { delta, vega, theta } = greeks.openInterest
    expect([delta.call > 0, delta.put > 0]).toEqual([true, true])
    expect([vega.call > 0, vega.put < 0]).toEqual([true, true])
    expect([theta.call < 0, theta.put > 0]).toEqual([true, true])
  })

  it('are weighted by volume only where there was trading', () => {
    expect(greeks.volume.vega).toEqual({ call: 0, put: 0, net: 0, aboveSpot: 0, belowSpot: 0 })
    const call = CONTRACTS.find(({ right, strike }) => right === 'call' && strike === 6_050)?.contractId ?? 0
    const { volume } = greeksOf(exposureAfter([...openingTicks(), trade(call, 10, 300)]))
    expect(volume.vega.call).toBeGreaterThan(0)
    expect(volume.vega.put).toBe(0)
    expect(volume.vega.aboveSpot).toBe(volume.vega.call)
  })
})

describe('what settles today', () => {
  it('is the front expiry alone', () => {
    const { zeroDte, expiries } = exposureAfter(openingTicks())
    expect(zeroDte).toMatchObject({ expiries: 1, contracts: 14 })
    expect(zeroDte?.openInterest.charm.net).toBe(expiries[0]?.greeks?.charm)
    expect(zeroDte?.shareOfGamma).toBeGreaterThan(0)
    expect(zeroDte?.shareOfGamma).toBeLessThan(1)
  })

  it('is nothing, with a reason, on another day', () => {
    const nextDay = NOW_MS + 86_400_000
    const { zeroDte, reasons } = exposureAfter(openingTicks(nextDay), nextDay)
    expect(zeroDte).toBeNull()
    expect(reasons['zeroDte']).toBe('nothing settles today')
  })
})

describe('dealer-sign models', () => {
  it('give each its net gamma or the reason why not', () => {
    const { signModels, netGex, totalCallGex, totalPutGex, signAgreement } = exposureAfter(openingTicks())
    const net = Object.fromEntries(signModels.map((model) => [model.id, model.netGex]))
    const gross = (totalCallGex ?? Number.NaN) - (totalPutGex ?? Number.NaN)
    expect(net).toMatchObject({ M0: gross, M1: netGex, M2: -gross, M3: -(netGex ?? Number.NaN) })
    const inapplicable = signModels.filter(({ netGex: none }) => none === null)
    expect(inapplicable.map(({ id, reason }) => [id, reason])).toEqual(
      expect.arrayContaining([
        ['M4', 'no signed flow'],
        ['M5', 'no signed flow'],
      ]),
    )
    expect(signModels.filter(({ netGex: some, reason }) => (some === null) === (reason === null))).toEqual([])
    const votes = signModels.filter(({ id, netGex: of }) => ['M1', 'M2', 'M6'].includes(id) && of !== null)
    const sum = votes.reduce((all, { netGex: of }) => all + Math.sign(of ?? 0), 0)
    expect(signAgreement).toBe(Math.abs(sum) / votes.length)
  })
})

describe('without a volatility', () => {
  it('nothing is zero: everything is null and says why', () => {
    const data = exposureAfter([...CONTRACTS, underlying(6_000)])
    expect(data).toMatchObject({ greeks: null, zeroDte: null, signAgreement: null })
    expect(data.signModels.map(({ netGex, reason }) => [netGex, reason])).toEqual(
      Array.from({ length: 7 }, () => [null, 'no contract has a volatility']),
    )
    expect(data.expiries.map(({ greeks }) => greeks)).toEqual([null, null])
    expect(Object.keys(data.reasons)).toEqual(expect.arrayContaining(['greeks', 'zeroDte', 'signAgreement']))
  })

  it('before the first price of the underlying the reason is that', () => {
    const withoutSpot = openingTicks().filter(({ kind }) => kind !== 'underlying')
    const { greeks, reasons } = exposureAfter(withoutSpot)
    expect(greeks).toBeNull()
    expect(reasons['greeks']).toBe('no price of the underlying yet')
  })
})
