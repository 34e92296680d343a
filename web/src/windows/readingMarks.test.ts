import { expect, test } from 'vitest'
import { reading } from './reading.testkit.ts'
import { commonFlags, commonUnit, flagText, qualityGrade } from './readingMarks.ts'

test('a unit is common when more than half share it', () => {
  const units = (...names: string[]) => names.map((unit) => reading({ unit }))
  expect(commonUnit(units('USD', 'share', 'USD'))).toBe('USD')
  expect(commonUnit(units('USD', 'share'))).toBeNull()
  expect(commonUnit([])).toBeNull()
})

test('a flag is common when no figure is without it', () => {
  const readings = [reading({ flags: ['SYNTHETIC', 'WIDE'] }), reading({ flags: ['SYNTHETIC'] })]
  expect(commonFlags(readings)).toEqual(['SYNTHETIC'])
  expect(commonFlags([])).toEqual([])
  expect(flagText('INSUFFICIENT_HISTORY')).toBe('insufficient history')
})

test('grades meet at 85 and 50', () => {
  expect([100, 85, 84, 50, 49, 0].map(qualityGrade)).toEqual([
    'high',
    'high',
    'medium',
    'medium',
    'low',
    'low',
  ])
})
