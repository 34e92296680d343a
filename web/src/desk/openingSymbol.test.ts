import { expect, it } from 'vitest'
import type { Symbols } from '#schemas/rest/models'
import { openingSymbol } from './openingSymbol.ts'

const seen = (symbol: string, lastSeen: string): Symbols['data'][number] => ({
  symbol,
  name: symbol,
  currency: 'USD',
  feed: 'synthetic',
  source: 'synthetic',
  lastSeen,
})

it('opens on SPX while it is as current as the rest', () => {
  const symbols = [seen('NIFTY', '2026-11-20T15:00:30Z'), seen('SPX', '2026-11-20T15:00:00Z')]
  expect(openingSymbol(symbols)).toBe('SPX')
})

it('opens on what is being fed now rather than on a leftover', () => {
  const symbols = [seen('SPX', '2026-11-19T15:00:00Z'), seen('RUT', '2026-11-20T15:00:00Z')]
  expect(openingSymbol(symbols)).toBe('RUT')
})

it('has nothing to open without symbols', () => {
  expect(openingSymbol([])).toBeNull()
})
