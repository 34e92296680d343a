import { expect, test } from 'vitest'
import { absoluteGammaStrike, walls, type StrikeColumns } from './walls.ts'

const columns: StrikeColumns = {
  strike: Float64Array.of(90, 95, 100, 105, 110),
  callGamma: Float64Array.of(1, 9, 2, 5, 5),
  putGamma: Float64Array.of(4, 3, 8, 1, 0),
  callOpenInterest: Float64Array.of(0, 10, 20, 30, 40),
  putOpenInterest: Float64Array.of(50, 40, 10, 0, 0),
}
const strikes = ({ call, put }: ReturnType<typeof walls>) => [call?.strike, put?.strike]

test('canonical walls stand on their own side of spot; a tie goes to the nearer strike', () => {
  expect(walls(columns, 99, 'side')).toEqual({
    call: { strike: 105, size: 5, shareOfSide: 5 / 22 },
    put: { strike: 90, size: 4, shareOfSide: 4 / 16 },
  })
})

test('a strike at spot belongs to both sides', () => {
  expect(strikes(walls(columns, 95, 'side'))).toEqual([95, 90])
  expect(strikes(walls(columns, 100, 'side'))).toEqual([105, 100])
})

test('variants: anywhere, by net gamma, by open interest', () => {
  expect(strikes(walls(columns, 99, 'any_side'))).toEqual([95, 100])
  expect(strikes(walls(columns, 99, 'net'))).toEqual([95, 100])
  expect(strikes(walls(columns, 99, 'oi'))).toEqual([110, 90])
})

test('the absolute gamma strike adds both sides', () => {
  expect(absoluteGammaStrike(columns, 99)?.strike).toBe(95)
})

test('no gamma on a side, no wall', () => {
  expect(walls(columns, 200, 'side').call).toBeNull()
  expect(walls({ ...columns, putGamma: new Float64Array(5) }, 99, 'side').put).toBeNull()
})
