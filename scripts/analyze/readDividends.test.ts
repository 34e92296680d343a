import { expect, test } from 'vitest'
import { readDividends } from './readDividends.ts'

test('spot loses a dividend at the open of its ex-date', () => {
  expect(readDividends('[{"exDate":"2025-12-19","amount":1.9},{"exDate":"2026-06-18","amount":0}]')).toEqual([
    { exDateMs: Date.parse('2025-12-19T14:30:00Z'), amount: 1.9 },
    { exDateMs: Date.parse('2026-06-18T13:30:00Z'), amount: 0 },
  ])
  expect(readDividends('[]')).toEqual([])
})

test.each([
  ['{', 'found no JSON'],
  ['{"exDate":"2025-12-19"}', 'expected a JSON list'],
  [
    '[{"exDate":"2025-12-19","amount":1},{"exDate":"19.12.2025","amount":1}]',
    '"19.12.2025","amount":1} at 1',
  ],
  ['[{"exDate":"2025-12-19","amount":"1.9"}]', 'at 0'],
  ['[{"exDate":"2025-12-19","amount":-1}]', 'at 0'],
  ['[null]', 'found null at 0'],
])('%s: one line', (text, message) => {
  expect(readDividends(text)).toContain(message)
})
