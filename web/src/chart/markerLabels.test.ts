import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels } from './markerLabels.ts'

test('labels that do not touch share the lowest row', () => {
  const places = placeLabels(
    [
      { x: 100, labelWidth: 60 },
      { x: 200, labelWidth: 60 },
    ],
    0,
    400,
  )
  expect(places).toEqual([
    { row: 0, align: 'center' },
    { row: 0, align: 'center' },
  ])
})

test('the more important label keeps the lower row', () => {
  const places = placeLabels(
    [
      { x: 110, labelWidth: 60 },
      { x: 100, labelWidth: 60 },
    ],
    0,
    400,
  )
  expect(places.map(({ row }) => row)).toEqual([0, 1])
})

test('near an edge a label hangs inward', () => {
  const places = placeLabels(
    [
      { x: 5, labelWidth: 60 },
      { x: 395, labelWidth: 60 },
    ],
    0,
    400,
  )
  expect(places.map(({ align }) => align)).toEqual(['left', 'right'])
})

test('no two labels of one row ever touch', () => {
  const box = fc.record({
    x: fc.integer({ min: 0, max: 400 }),
    labelWidth: fc.integer({ min: 20, max: 120 }),
  })
  fc.assert(
    fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
      const spans = placeLabels(boxes, 0, 400).map(({ row, align }, i) => {
        const { x, labelWidth } = boxes[i] as { x: number; labelWidth: number }
        const from = align === 'left' ? x : align === 'right' ? x - labelWidth : x - labelWidth / 2
        return { row, from, to: from + labelWidth }
      })
      const touching = spans.some((a, i) =>
        spans.some((b, j) => i < j && a.row === b.row && a.from < b.to && b.from < a.to),
      )
      expect(touching).toBe(false)
    }),
  )
})
