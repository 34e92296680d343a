import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateOfDayNumber, dayNumber } from '#quant/calendar/isoDate'
import { formatOccSymbol, formatPaddedOccSymbol, parseOccSymbol, type OccContract } from './occSymbol.ts'

const SPXW: OccContract = { root: 'SPXW', expiryDate: '2025-09-04', right: 'call', strike: 6485 }

describe('parseOccSymbol', () => {
  test.each([
    ['SPXW250904C06485000', SPXW],
    ['SPXW  250904C06485000', SPXW],
    ['BRKB240119P00352500', { root: 'BRKB', expiryDate: '2024-01-19', right: 'put', strike: 352.5 }],
    ['A260116C00117125', { root: 'A', expiryDate: '2026-01-16', right: 'call', strike: 117.125 }],
    ['TSLA1 260116P00000500', { root: 'TSLA1', expiryDate: '2026-01-16', right: 'put', strike: 0.5 }],
    [
      'ABCDEF280229C99999999',
      { root: 'ABCDEF', expiryDate: '2028-02-29', right: 'call', strike: 99_999.999 },
    ],
  ])('%s', (symbol, contract) => {
    expect(parseOccSymbol(symbol)).toEqual({ ok: true, contract })
  })

  test.each([
    ['', 'length', 'expected 16 to 21 characters, found 0'],
    ['250904C06485000', 'length', 'expected 16 to 21 characters, found 15'],
    ['SPXWXYZ250904C06485000', 'length', 'expected 16 to 21 characters, found 22'],
    ['O:SPXW250904C06485000', 'root', 'found "O:SPXW"'],
    ['spxw250904C06485000', 'root', 'found "spxw"'],
    [' SPXW 250904C06485000', 'root', 'found " SPXW "'],
    ['SPXW 250904C06485000', 'root', 'found "SPXW "'],
    ['      250904C06485000', 'root', 'found "      "'],
    ['SPXW250931C06485000', 'expiry_date', 'found "250931"'],
    ['SPXW250229C06485000', 'expiry_date', 'found "250229"'],
    ['SPXW25O904C06485000', 'expiry_date', 'found "25O904"'],
    ['SPXW250904X06485000', 'right', 'expected C or P, found "X"'],
    ['SPXW250904c06485000', 'right', 'found "c"'],
    ['SPXW250904C0648500.', 'strike', 'found "0648500."'],
    ['SPXW250904C00000000', 'strike', 'expected 8 digits above zero'],
  ])('refuses %j for its %s', (symbol, reason, what) => {
    const result = parseOccSymbol(symbol)
    expect(result).toMatchObject({ ok: false, reason })
    expect(result.ok ? '' : result.message).toContain(`"${symbol}"`)
    expect(result.ok ? '' : result.message).toContain(what)
  })

  test('never throws, and what it accepts it prints back unchanged', () => {
    const nearSymbols = fc
      .tuple(
        fc.stringMatching(/^[A-Z0-9 :]{0,7}$/),
        fc.stringMatching(/^\d{6}$/),
        fc.stringMatching(/^[CPX]$/),
        fc.stringMatching(/^\d{7,8}$/),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 24 }), nearSymbols), (text) => {
        const result = parseOccSymbol(text)
        const printed = result.ok
          ? [formatOccSymbol(result.contract), formatPaddedOccSymbol(result.contract)]
          : [result.message.includes(text) ? text : null]
        expect(printed).toContain(text)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('formatting', () => {
  test('prints both forms', () => {
    expect(formatOccSymbol(SPXW)).toBe('SPXW250904C06485000')
    expect(formatPaddedOccSymbol(SPXW)).toBe('SPXW  250904C06485000')
  })

  test.each<[string, Partial<OccContract>]>([
    ['a strike finer than 0.001', { strike: 1.0005 }],
    ['a strike of zero', { strike: 0 }],
    ['a strike of 100,000', { strike: 100_000 }],
    ['a strike that is not a number', { strike: Number.NaN }],
    ['a root of seven letters', { root: 'ABCDEFG' }],
    ['a root with a dot', { root: 'BRK.B' }],
    ['a date that does not exist', { expiryDate: '2025-02-30' }],
    ['a date outside 2000–2099', { expiryDate: '1999-01-15' }],
  ])('has no symbol for %s', (_, change) => {
    expect(formatOccSymbol({ ...SPXW, ...change })).toBeNull()
    expect(formatPaddedOccSymbol({ ...SPXW, ...change })).toBeNull()
  })

  test('parse ∘ format is the identity, padded or not', () => {
    const contracts = fc.record<OccContract>({
      root: fc.stringMatching(/^[A-Z0-9]{1,6}$/),
      expiryDate: fc
        .integer({ min: dayNumber('2000-01-01'), max: dayNumber('2099-12-31') })
        .map(dateOfDayNumber),
      right: fc.constantFrom('call', 'put'),
      strike: fc.integer({ min: 1, max: 99_999_999 }).map((thousandths) => thousandths / 1000),
    })
    fc.assert(
      fc.property(contracts, (contract) => {
        const padded = formatPaddedOccSymbol(contract) ?? ''
        expect(padded).toHaveLength(21)
        expect(parseOccSymbol(padded)).toEqual({ ok: true, contract })
        expect(parseOccSymbol(formatOccSymbol(contract) ?? '')).toEqual({ ok: true, contract })
      }),
      { numRuns: 1000 },
    )
  })
})

const CHAIN = join(import.meta.dirname, '../../../shared/data/cboe/SPX_2025-09-04.csv')

test.skipIf(!existsSync(CHAIN))(
  'every symbol of a real SPX chain (../shared/data) reads and prints back',
  () => {
    const symbols = readFileSync(CHAIN, 'utf8').match(/\bSPXW?\d{6}[CP]\d{8}\b/g) ?? []
    expect(symbols).toHaveLength(24_040)
    for (const symbol of symbols) {
      const result = parseOccSymbol(symbol)
      expect(result.ok ? formatOccSymbol(result.contract) : result.message).toBe(symbol)
    }
  },
)
