import { expect, test } from 'vitest'
import { computeAnalytics } from '#quant/analytics'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '#quant/chain/sampleChain'
import { exposureAnswer } from './exposureAnswer.ts'

const contracts = sampleContracts()

test('each key holds the exposure its unit names', () => {
  const analytics = computeAnalytics(contracts, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  const answer = exposureAnswer(analytics)
  const { delta, vanna, charm, vega, theta } = analytics.exposures?.openInterest ?? {}
  expect([answer.dexUsd.net, answer.vexUsdPerVolPoint.net, answer.chexUsdPerDay.net]).toEqual([
    delta?.net,
    vanna?.net,
    charm?.net,
  ])
  expect([answer.vegaUsdPerVolPoint.call, answer.thetaUsdPerDay.put]).toEqual([vega?.call, theta?.put])
  expect(answer.byVolume?.dexUsd.net).toBe(analytics.exposures?.volume.delta.net)
  expect(answer.signModels.M1?.net).toBe(analytics.exposure.local.net)
})

test('the part that settles today has the keys of the whole', () => {
  const answer = exposureAnswer(
    computeAnalytics(contracts, SAMPLE_MARKET.spot, SAMPLE_NOW_MS + 86_400_000 - 3_600_000),
  )
  expect(answer.zeroDte?.contracts).toBe(162)
  expect(Math.abs(answer.zeroDte?.netGexFiniteUsdPer1Pct ?? Infinity)).toBeLessThan(1e12)
  expect(Object.keys(answer.zeroDte ?? {})).toEqual(
    expect.arrayContaining(['netGexUsdPer1Pct', 'dexUsd', 'thetaUsdPerDay', 'byVolume']),
  )
})

test('without a price every figure is null', () => {
  const silent = contracts.map((contract) => ({ ...contract, bid: null, ask: null }))
  const answer = exposureAnswer(computeAnalytics(silent, SAMPLE_MARKET.spot, SAMPLE_NOW_MS))
  expect(answer).toMatchObject({
    dexUsd: { call: null, put: null, net: null },
    byVolume: null,
    zeroDte: null,
    signAgreement: null,
  })
})
