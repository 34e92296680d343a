import { expect, test } from 'vitest'
import { readTicker } from './ticker.ts'

const DATA = {
  instrument_name: 'BTC-30JUL21-24000-P',
  timestamp: 1626993723632,
  underlying_price: 32_400.5,
  index_price: 32_390.1,
  mark_price: 0.0021,
  mark_iv: 120.74,
  best_bid_price: 0,
  best_ask_price: 0.0025,
  open_interest: 126.5,
  stats: { volume: null },
  greeks: { delta: -0.03, gamma: 0.00001, vega: 4.2, theta: -33.1, rho: -0.2 },
}

function message(data: unknown, channel = 'ticker.BTC-30JUL21-24000-P.100ms'): unknown {
  return { jsonrpc: '2.0', method: 'subscription', params: { channel, data } }
}

test('a ticker in our units: volatilities are fractions, a price of 0 is none', () => {
  expect(readTicker(message(DATA))).toEqual({
    contract: { root: 'BTC-USD', expiryDate: '2021-07-30', right: 'put', strike: 24_000 },
    eventMs: 1626993723632,
    forward: 32_400.5,
    index: 32_390.1,
    bidCoins: null,
    askCoins: 0.0025,
    markCoins: 0.0021,
    markVol: 1.2074,
    openInterest: 126.5,
    volume: null,
    greeks: { delta: -0.03, gamma: 0.00001, vega: 4.2, theta: -33.1 },
  })
})

test('greeks and statistics may be absent', () => {
  const { greeks: _, stats: __, ...bare } = DATA
  expect(readTicker(message(bare))).toMatchObject({
    volume: null,
    greeks: { delta: null, gamma: null, vega: null, theta: null },
  })
})

test.each([
  ['another channel', message(DATA, 'book.BTC-30JUL21-24000-P.100ms')],
  ['a future', message({ ...DATA, instrument_name: 'BTC-PERPETUAL' })],
  ['no forward', message({ ...DATA, underlying_price: 0 })],
  ['no time', message({ ...DATA, timestamp: 'now' })],
  ['no data', message(null)],
  ['a reply', { jsonrpc: '2.0', id: 1, result: ['ticker.x'] }],
  ['no message', null],
])('%s is no ticker', (_, found) => {
  expect(readTicker(found)).toBeNull()
})
