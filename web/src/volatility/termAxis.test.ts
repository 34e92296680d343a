import { expect, test } from 'vitest'
import { termPosition, termTicks } from './termAxis.ts'

test('names the customary tenors that lie within the expiries', () => {
  expect(termTicks([0.3, 8, 95]).map(({ name }) => name)).toEqual([
    '1 d',
    '3 d',
    '1 w',
    '2 w',
    '1 m',
    '2 m',
    '3 m',
  ])
  expect(termTicks([])).toEqual([])
  expect(termTicks([5])).toEqual([])
})

test('keeps the near end readable and starts at nothing', () => {
  expect(termPosition(-0.001)).toBe(0)
  expect(termPosition(2) - termPosition(1)).toBeGreaterThan(termPosition(366) - termPosition(365))
})
