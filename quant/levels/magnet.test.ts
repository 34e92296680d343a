import { expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { atTheMoneyVol } from './atTheMoneyVol.ts'
import { magnetStrike } from './magnet.ts'
import { countBySide, putCallRatio } from './putCallRatio.ts'

function chainOf(vols: readonly number[]) {
  const strikes = [80, 95, 100, 105, 120]
  const chain = layOutChain(
    strikes.flatMap((strike) =>
      (['call', 'put'] as const).map((right) => ({ strike, right, expiryMs: 1, multiplier: 100 })),
    ),
  )
  chain.years[0] = 0.01
  chain.forward[0] = 101
  for (let row = 0; row < chain.count; row++) chain.vol[row] = vols[row >> 1] as number
  return chain
}

test('at-the-money volatility lies between the priced strikes around the forward', () => {
  expect(atTheMoneyVol(chainOf([0.3, 0.25, 0.2, 0.2, 0.2]), 0)).toBeCloseTo(0.2, 12)
  const vol = atTheMoneyVol(chainOf([0.3, 0.24, Number.NaN, 0.18, 0.2]), 0) as number
  const share = Math.log(101 / 95) / Math.log(105 / 95)
  expect(vol ** 2).toBeCloseTo(0.24 ** 2 * (1 - share) + 0.18 ** 2 * share, 12)
})

test('is unknown when the forward is outside the priced strikes', () => {
  const none = Number.NaN
  expect(atTheMoneyVol(chainOf([0.2, 0.2, 0.2, none, none]), 0)).toBeNull()
  expect(atTheMoneyVol(chainOf([none, none, none, 0.2, 0.2]), 0)).toBeNull()
})

test('the magnet is the strike with most gamma, calls and puts added, within two expected moves', () => {
  const chain = chainOf([0.2, 0.2, 0.2, 0.2, 0.2])
  // Two expected moves are 4.04 points: only 100 and 105 are within reach.
  expect(magnetStrike(chain, 0, Float64Array.of(9, 9, 8, 8, 2, 1, 0, 4, 9, 9), 0.2)).toBe(105)
  expect(magnetStrike(chain, 0, Float64Array.of(9, 9, 8, 8, 2, 2, 0, 4, 9, 9), 0.2)).toBe(100)
  expect(magnetStrike(chain, 0, new Float64Array(10), 0.2)).toBeNull()
  expect(magnetStrike(chain, 0, new Float64Array(10).fill(1), null)).toBeNull()
})

test('put/call ratio counts known contracts only, and has no value without calls', () => {
  const chain = chainOf([0.2, 0.2, 0.2, 0.2, 0.2])
  chain.openInterest.set([4, 6, Number.NaN, 2])
  expect(countBySide(chain, chain.openInterest, 0, chain.count)).toEqual({ calls: 4, puts: 8 })
  expect(putCallRatio(8, 4)).toBe(2)
  expect(putCallRatio(8, 0)).toBeNull()
})
