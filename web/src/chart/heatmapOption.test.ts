import { expect, test } from 'vitest'
import { colourRange } from './heatmapOption.ts'

test('signed colours meet at zero, and one huge cell does not leave the others pale', () => {
  const values = [...Array.from({ length: 99 }, (_, i) => i - 49), 1e9]
  const [min, max] = colourRange(values, true)
  expect(min).toBe(-max)
  expect(max).toBe(49)
})

test('unsigned colours begin at the least value', () => {
  expect(colourRange([0.1, 0.2, 0.3], false)).toEqual([0.1, 0.3])
  expect(colourRange([], false)).toEqual([0, 1])
  expect(colourRange([0, 0], true)).toEqual([-1, 1])
})
