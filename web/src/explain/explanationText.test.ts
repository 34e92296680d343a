import { expect, test } from 'vitest'
import {
  contributionName,
  contributionsIntroduction,
  fieldName,
  inputAge,
  valueText,
} from './explanationText.ts'

test('values keep the digits that can be checked', () => {
  expect(valueText(36_398_176_167.67)).toBe('36,398,176,168')
  expect(valueText(-6300.2029092)).toBe('−6,300.203')
  expect(valueText(0.0016096833687)).toBe('0.001609683')
  expect(valueText('two_way')).toBe('two way')
  expect(valueText({ total: 1 })).toBeNull()
})

test('contracts are named by root, settlement date, strike and right', () => {
  expect(contributionName('SPX261218C06400000')).toBe('SPX 2026-12-18 6,400 call')
  expect(contributionName('BRKB  270115P00052500')).toBe('BRKB 2027-01-15 52.5 put')
  expect(contributionName('6300')).toBe('6300')
  expect(fieldName('quoteAgeMs')).toBe('quote age ms')
})

test('an input is as old as it is before the figure', () => {
  const input = { name: 'spot', value: 1, unit: 'USD', asOf: '2026-11-20T15:29:30.000Z' }
  expect(inputAge(input, '2026-11-20T15:30:00.000Z')).toBe('30 s')
  expect(inputAge({ ...input, asOf: null }, '2026-11-20T15:30:00.000Z')).toBeNull()
})

test('a list says whether it is all there is', () => {
  const items = [{ name: 'a', amount: 1, inputs: {} }]
  const sum = { kind: 'sum' as const, unit: 'USD', total: 3, items }
  expect(contributionsIntroduction({ ...sum, rest: { count: 4, amount: 2 } })).toContain('largest 1 of 5')
  expect(contributionsIntroduction({ ...sum, rest: null })).toContain('All there are')
  expect(contributionsIntroduction({ ...sum, kind: 'ranking', rest: null })).toContain('best first')
})
