import { expect, test } from 'vitest'
import { AS_OF_MS, BOX, context, DAY_MS } from '../reading.testkit.ts'
import { GAMMATRIX_VIEWS, matrixAround } from './gammatrix.ts'

const near = AS_OF_MS + DAY_MS
const far = AS_OF_MS + 30 * DAY_MS
const axes = { expiryMs: [near, near, far, far], strike: [6400, 6500, 6500, 6900] }

test('cells find their place, and only the strikes nearest to spot are kept', () => {
  const cells = { ...axes, amount: [1, 2, null, 4] }
  expect(matrixAround(cells, 6490, 2)).toEqual({
    strikes: [6400, 6500],
    expiries: [near, far],
    values: [
      [1, 2],
      [null, null],
    ],
  })
  expect(matrixAround(cells, null, 9).strikes).toEqual([6400, 6500, 6900])
  expect(matrixAround(cells, 6000, 9).strikes).toEqual([6400])
})

test('a layer of counts adds calls and puts, in the table as in the picture', () => {
  const layer = GAMMATRIX_VIEWS.find(({ metric }) => metric === 'openInterest')
  const picture = layer?.draw({ ...axes, call: [10, 20, null, 5], put: [1, null, null, 5] }, context())
  expect(picture?.table.columns).toEqual(['Strike', 'Nov 21, 2026', 'Dec 20, 2026'])
  expect(picture?.table.rows).toEqual([
    ['6,400', '11', '—'],
    ['6,500', '20', '—'],
    ['6,900', '—', '10'],
  ])
  const series = picture?.option?.(BOX)['series']
  expect(series).toMatchObject([
    {
      data: [
        [0, 0, 11],
        [1, 0, 20],
        [2, 1, 10],
      ],
    },
  ])
})

test('a value of another shape is not drawn', () => {
  for (const value of [null, 3, 'x', { strike: [1] }, { ...axes, net: [1, 2] }])
    expect(GAMMATRIX_VIEWS[0]?.draw(value, context())).toBeNull()
})
