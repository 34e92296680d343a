import { expect, test } from 'vitest'
import * as numbers from './numbers.ts'

test.each([
  [numbers.compactMoney(1_234_000_000, 'USD'), '$1.23B'],
  [numbers.compactMoney(-340_000_000, 'INR'), '−₹340M'],
  [numbers.compactMoney(1.8e9, 'USD'), '$1.80B'],
  [numbers.axisMoney(-5e9, 'USD'), '−$5B'],
  [numbers.axisMoney(337.5e9, 'INR'), '₹337.5B'],
  [numbers.signedCompactMoney(5.4e9, 'USD'), '+$5.40B'],
  [numbers.fullMoney(-1_307_412_115.4, 'USD'), '−$1,307,412,115'],
  [numbers.strikePrice(6500), '6,500'],
  [numbers.strikePrice(52.5), '52.5'],
  [numbers.movingPrice(6490.5), '6,490.50'],
  [numbers.signedPoints(-3), '−3.00'],
  [numbers.signedPercent(-0.01234), '−1.23 %'],
  [numbers.percent(0.98711), '98.71 %'],
  [numbers.fixedPercent(0.131), '13.10 %'],
  [numbers.ratio(1.3119), '1.31'],
  [numbers.count(24_040), '24,040'],
])('%s is %s', (formatted, expected) => {
  expect(formatted).toBe(expected)
})
