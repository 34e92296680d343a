import { expect, test } from 'vitest'
import { FIRST_DATA_STATUS, VOL_STATUS, volStatusName } from './volStatus.ts'

test('every code reads back as its name, and no two names share one', () => {
  const entries = Object.entries(VOL_STATUS)
  expect(new Set(entries.map(([, code]) => code)).size).toBe(entries.length)
  for (const [name, code] of entries) expect(volStatusName(code)).toBe(name)
})

test('codes fit a byte, solver outcomes below the data faults', () => {
  for (const code of Object.values(VOL_STATUS)) expect(code).toBeLessThan(256)
  expect(VOL_STATUS.above_maximum).toBeLessThan(FIRST_DATA_STATUS)
  expect(VOL_STATUS.no_quote).toBe(FIRST_DATA_STATUS)
})

test('an unknown code is no volatility', () => {
  expect(volStatusName(200)).toBe('not_finite')
})
