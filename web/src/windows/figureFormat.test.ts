import { expect, test } from 'vitest'
import { figureText } from './figureFormat.ts'

test('writes numbers in their format, words readably, and of columns the total', () => {
  expect(figureText(36_368_412_485, 'signedMoney', 'USD')).toBe('+$36.4B')
  expect(figureText(-0.0278, 'signedPercent', 'USD')).toBe('−0.03 %')
  expect(figureText(0.1026, 'share', 'USD')).toBe('10.26 %')
  expect(figureText(0.83, 'minutes', 'USD')).toBe('49 s')
  expect(figureText('long_gamma_pinned', 'words', 'USD')).toBe('Long gamma pinned')
  expect(figureText({ total: 3_120_557, call: [1] }, 'count', 'USD')).toBe('3,120,557')
})

test('writes nothing for what it does not understand', () => {
  expect(figureText({ days: [7] }, 'count', 'USD')).toBeNull()
  expect(figureText(3, 'words', 'USD')).toBeNull()
})
