import { expect, test } from 'vitest'
import { splitBySign } from './splitBySign.ts'

test('both parts meet at the interpolated crossing', () => {
  const { positive, negative } = splitBySign([0, 10], [-1, 3])
  expect(positive).toEqual([
    [0, 0],
    [2.5, 0],
    [10, 3],
  ])
  expect(negative).toEqual([
    [0, -1],
    [2.5, 0],
    [10, 0],
  ])
})

test('a null breaks the line: no crossing is drawn across it', () => {
  expect(splitBySign([0, 1, 2], [-1, null, 1]).positive).toEqual([
    [0, 0],
    [2, 1],
  ])
})

test('a point at zero is its own crossing', () => {
  expect(splitBySign([0, 1, 2], [-1, 0, 1]).positive).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
  ])
})
