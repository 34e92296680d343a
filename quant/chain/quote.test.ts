import { expect, test } from 'vitest'
import { layOutChain } from './layout.ts'
import { quoteFault, setQuote } from './quote.ts'
import { VOL_STATUS, volStatusName } from './volStatus.ts'

test.each([
  [10, 10.2, 'priced'],
  [0, 0.05, 'one_sided'],
  [0.05, 0, 'one_sided'],
  [0, 0, 'no_quote'],
  [Number.NaN, Number.NaN, 'no_quote'],
  [-1, 2, 'one_sided'],
  [10.2, 10, 'crossed'],
  [10, 10, 'locked'],
  [10, Infinity, 'one_sided'],
  // 25 % of a 10.00 mid is 2.50: exactly that is not yet wide.
  [8.75, 11.25, 'priced'],
  [8.7, 11.3, 'wide_spread'],
  // Five increments of 0.05 are allowed however small the mid.
  [0.05, 0.3, 'priced'],
  [0.05, 0.35, 'wide_spread'],
] as const)('bid %d ask %d is %s', (bid, ask, fault) => {
  expect(volStatusName(quoteFault(bid, ask, 0.05))).toBe(fault)
})

test('a sound or wide quote prices the row at its mid; any other leaves it without a price and with its reason', () => {
  const chain = layOutChain([{ expiryMs: 1, strike: 100, right: 'call', multiplier: 100 }])
  setQuote(chain, 0, 1, 1.2, 0.05)
  expect([chain.price[0], chain.halfSpread[0]]).toEqual([1.1, expect.closeTo(0.1, 12)])
  expect(setQuote(chain, 0, 1, 3, 0.05)).toBe(VOL_STATUS.wide_spread)
  expect(chain.price[0]).toBe(2)
  setQuote(chain, 0, 3, 1, 0.05)
  expect([chain.price[0], chain.halfSpread[0], chain.volStatus[0]]).toEqual([
    Number.NaN,
    Number.NaN,
    VOL_STATUS.crossed,
  ])
})
