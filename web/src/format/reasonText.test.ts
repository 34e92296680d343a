import { expect, test } from 'vitest'
import { reasonText } from './reasonText.ts'

test('a reason without words of ours is shown as it came', () => {
  expect(reasonText('one_signed')).toContain('no flip')
  expect(reasonText('no call volume')).toBe('No call volume')
  expect(reasonText(undefined)).toBe('Not available')
})
