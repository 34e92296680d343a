import { describe, expect, test } from 'vitest'
import { matchingSymbols } from './matchingSymbols.ts'

describe('symbol search', () => {
  const entry = (symbol: string, name: string) =>
    ({ symbol, name, currency: 'USD', feed: 'synthetic', source: 's', lastSeen: '' }) as const
  const symbols = [entry('NDX', 'Nasdaq 100'), entry('SPX', 'S&P 500'), entry('XSP', 'Mini SPX')]

  test('finds by the beginning first, then anywhere in symbol or name', () => {
    expect(matchingSymbols(symbols, 'spx').map(({ symbol }) => symbol)).toEqual(['SPX', 'XSP'])
    expect(matchingSymbols(symbols, ' nas ').map(({ symbol }) => symbol)).toEqual(['NDX'])
  })

  test('nothing typed is everything', () => {
    expect(matchingSymbols(symbols, '')).toHaveLength(3)
  })
})
