import { describe, expect, test } from 'vitest'
import { contractMultiplier } from './contractMultiplier.ts'
import { parseDeribitInstrument } from './deribitInstrument.ts'
import { rootSpec } from './rootMaster.ts'
import { settlementInstantMs } from './settlement.ts'

describe('parseDeribitInstrument', () => {
  test.each([
    ['BTC-25JUN21-50000-C', 'BTC-USD', '2021-06-25', 50_000, 'call'],
    ['ETH-6AUG21-2800-P', 'ETH-USD', '2021-08-06', 2800, 'put'],
    ['BTC-29FEB24-100000-P', 'BTC-USD', '2024-02-29', 100_000, 'put'],
  ])('%s', (name, root, expiryDate, strike, right) => {
    expect(parseDeribitInstrument(name)).toEqual({ root, expiryDate, strike, right })
  })

  test.each([
    'BTC-PERPETUAL',
    'BTC-25JUN21',
    'SOL_USDC-27DEC24-150-C',
    'BTC-29FEB23-50000-C',
    'BTC-25JUX21-50000-C',
    'BTC-25JUN21-0-C',
    'BTC-25JUN21-50000-X',
    '',
  ])('%j is no inverse option', (name) => {
    expect(parseDeribitInstrument(name)).toBeNull()
  })
})

test('a contract is one coin in dollars, paid in coins, and settles at 08:00 UTC', () => {
  const spec = rootSpec('BTC-USD')
  expect(spec).toMatchObject({ currency: 'USD', premium: 'underlying', exercise: 'european', class: 'coin' })
  expect(contractMultiplier(spec, '2021-06-25', '2021-06-01')).toEqual({ multiplier: 1 })
  const settled = settlementInstantMs({ root: 'BTC-USD', expiryDate: '2021-06-26' })
  expect(settled).toMatchObject({
    ok: true,
    expiryMs: Date.parse('2021-06-26T08:00:00Z'),
    sessionDate: '2021-06-26',
    averagingMinutes: 30,
    flags: ['AVG_SETTLE'],
  })
})

test('the ETFs of the same tickers stay U.S. share options', () => {
  expect(rootSpec('BTC')).toMatchObject({ class: 'equity', calendar: 'XNYS', multiplier: 100 })
  expect(rootSpec('ETH')).toMatchObject({ premium: 'currency' })
})
