import { describe, expect, test } from 'vitest'
import { contractMultiplier, type Multiplier } from './contractMultiplier.ts'
import { rootSpec } from './rootMaster.ts'

describe('rootSpec', () => {
  test.each([
    ['SPX', 'SPX', 'AM', 'european', 'cash'],
    ['SPXW', 'SPX', 'PM', 'european', 'cash'],
    ['XSP', 'XSP', 'PM', 'european', 'cash'],
    ['NDX', 'NDX', 'AM', 'european', 'cash'],
    ['NDXP', 'NDX', 'PM', 'european', 'cash'],
    ['RUT', 'RUT', 'AM', 'european', 'cash'],
    ['RUTW', 'RUT', 'PM', 'european', 'cash'],
    ['VIX', 'VIX', 'AM', 'european', 'cash'],
    ['VIXW', 'VIX', 'AM', 'european', 'cash'],
    ['OEX', 'OEX', 'PM', 'american', 'cash'],
    ['SPY', 'SPY', 'PM', 'american', 'shares'],
    ['AAPL', 'AAPL', 'PM', 'american', 'shares'],
    ['BRKB', 'BRK.B', 'PM', 'american', 'shares'],
    ['NIFTY', 'NIFTY', 'PM', 'european', 'cash'],
  ])('%s is on %s, %s-settled, %s, in %s', (root, underlying, settlement, exercise, deliverable) => {
    expect(rootSpec(root)).toMatchObject({
      root,
      underlying,
      settlement,
      exercise,
      deliverable,
      exclusion: null,
    })
  })

  test('a trailing digit is an adjusted contract, a leading digit a FLEX one; both are excluded', () => {
    expect(rootSpec('TSLA1')).toMatchObject({ underlying: 'TSLA', exclusion: 'adjusted', multiplier: null })
    expect(rootSpec('BRKB2')).toMatchObject({ underlying: 'BRK.B', exclusion: 'adjusted', multiplier: null })
    expect(rootSpec('4SPX')).toMatchObject({ underlying: 'SPX', exclusion: 'flex', multiplier: null })
  })
})

function lot(root: string, expiryDate: string, tradeDate: string): Multiplier {
  return contractMultiplier(rootSpec(root), expiryDate, tradeDate)
}

describe('contractMultiplier', () => {
  test('is 100 for U.S. options and unknown for adjusted and FLEX ones', () => {
    expect(lot('SPXW', '2026-11-20', '2026-11-20')).toEqual({ multiplier: 100 })
    expect(lot('AAPL1', '2026-11-20', '2026-11-20')).toEqual({
      multiplier: null,
      reason: 'adjusted_deliverable',
    })
    expect(lot('4SPX', '2026-11-20', '2026-11-20')).toEqual({ multiplier: null, reason: 'flex_terms' })
  })

  test.each([
    ['a 2022 weekly', 'NIFTY', '2022-03-31', '2022-03-28', 50],
    ['the last expiry of lot 50', 'NIFTY', '2024-04-25', '2024-04-25', 50],
    ['the first expiry of lot 25', 'NIFTY', '2024-05-02', '2024-04-26', 25],
    ['a long-dated contract before its lot is cut', 'NIFTY', '2024-06-27', '2024-04-25', 50],
    ['a monthly listed before the raise', 'NIFTY', '2025-01-30', '2025-01-20', 25],
    ['a weekly listed after the raise', 'NIFTY', '2025-01-23', '2025-01-20', 75],
    ['a quarterly before its transition', 'NIFTY', '2025-03-27', '2024-12-26', 25],
    ['a quarterly after its transition', 'NIFTY', '2025-03-27', '2024-12-27', 75],
    ['the last expiry of lot 75', 'NIFTY', '2025-12-30', '2025-12-30', 75],
    ['a January 2026 weekly', 'NIFTY', '2026-01-06', '2025-12-30', 65],
    ['a quarterly on the eve of lot 65', 'NIFTY', '2026-03-31', '2025-12-30', 75],
    ['a quarterly from lot 65 on', 'NIFTY', '2026-03-31', '2025-12-31', 65],
    ['a bank index monthly before July 2023', 'BANKNIFTY', '2023-07-20', '2023-07-18', 25],
    ['the first of lot 15', 'BANKNIFTY', '2023-07-27', '2023-07-18', 15],
    ['a quarterly of lot 30', 'BANKNIFTY', '2025-06-26', '2025-05-02', 30],
    ['the first of lot 35', 'BANKNIFTY', '2025-07-31', '2025-05-02', 35],
    ['back to 30', 'BANKNIFTY', '2026-11-24', '2026-11-20', 30],
    ['the financial services index', 'FINNIFTY', '2026-11-24', '2026-11-20', 60],
    ['the midcap index', 'MIDCPNIFTY', '2025-09-30', '2025-09-01', 140],
  ])('%s: %s %s traded %s is %i', (_, root, expiry, traded, units) => {
    expect(lot(root, expiry, traded)).toEqual({ multiplier: units })
  })

  test('an expiry older than the table has no lot', () => {
    expect(lot('NIFTY', '2019-12-26', '2019-12-20')).toEqual({ multiplier: null, reason: 'lot_not_in_table' })
  })
})
