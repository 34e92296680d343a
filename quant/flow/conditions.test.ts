import { expect, test } from 'vitest'
import { conditionPolicy, volumeChange } from './conditions.ts'

const CODES = Array.from({ length: 48 }, (_, i) => 201 + i)
const codesWith = (allows: (code: number) => boolean) => CODES.filter(allows)

test('cancels are the four message types that take a print back', () => {
  expect(codesWith((code) => conditionPolicy(code).cancels)).toEqual([201, 203, 205, 207])
})

test('late, arranged, package and compression prints count but name no aggressor', () => {
  const silent = codesWith((code) => !conditionPolicy(code).aggressor && !conditionPolicy(code).cancels)
  expect(silent).toEqual([202, 204, 206, 208, 229, 230, ...Array.from({ length: 17 }, (_, i) => 231 + i)])
  expect(silent.every((code) => conditionPolicy(code).volume)).toBe(true)
  expect(codesWith((code) => !conditionPolicy(code).premium)).toEqual([246, 247])
})

test('every print counts as volume and a cancel takes it back', () => {
  expect(codesWith((code) => volumeChange(conditionPolicy(code), 7) !== 7)).toEqual([201, 203, 205, 207])
  expect(volumeChange(conditionPolicy(203), 7)).toBe(-7)
})

test('sweeps are the intermarket ones', () => {
  expect(codesWith((code) => conditionPolicy(code).sweep)).toEqual([219, 228, 230])
})

test.each([0, 211, 249, 65_535, Number.NaN])('code %d is an ordinary print', (code) => {
  const { cancels, aggressor, volume, sweep } = conditionPolicy(code)
  expect({ cancels, aggressor, volume, sweep }).toEqual({
    cancels: false,
    aggressor: true,
    volume: true,
    sweep: false,
  })
})
