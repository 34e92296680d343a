import { expect, test } from 'vitest'
import { businessDaysBetween } from './businessDays.ts'

test.each([
  ['2023-09-20', '2023-09-20', 0],
  ['2023-09-20', '2023-09-22', 2],
  ['2023-09-20', '2023-09-25', 3],
  ['2023-09-22', '2023-09-25', 1],
  ['2023-09-23', '2023-09-25', 0],
  // Thanksgiving counts: the sources use no holiday calendar.
  ['2023-11-22', '2023-11-24', 2],
  ['2023-09-20', '2024-09-20', 262],
  ['2023-09-22', '2023-09-20', 0],
])('%s to %s: %i weekdays', (from, to, days) => {
  expect(businessDaysBetween(from, to)).toBe(days)
})
