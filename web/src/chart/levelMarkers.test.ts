import { expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { levelMarkers, markLines } from './levelMarkers.ts'
import type { Palette } from './palette.ts'

const PALETTE = { spot: 'white', flip: 'pink', call: 'blue', put: 'orange' } as Palette

test('names every level that is known, spot first', () => {
  const frame = gammaFrame({
    putWall: null,
    flips: [
      { price: 6450, slope: 1 },
      { price: 6700, slope: -1 },
    ],
  })
  expect(levelMarkers(frame).map(({ text }) => text)).toEqual([
    'Spot 6,490.50',
    'Flip 6,450.00',
    'Flip 2 6,700.00',
    'Call wall 6,550',
  ])
})

test('draws no line for a level outside the window', () => {
  const area = { min: 6440, max: 6500, left: 50, right: 950 }
  const lines = markLines(levelMarkers(gammaFrame()), area, PALETTE)
  expect(lines.data.map(({ xAxis }) => xAxis)).toEqual([6490.5, 6450])
})

test('labels of lines close together take different rows', () => {
  const frame = gammaFrame({ spotPrice: 6451, nearestFlip: 6450 })
  const area = { min: 6000, max: 7000, left: 50, right: 350 }
  const distances = markLines(levelMarkers(frame), area, PALETTE).data.map(({ label }) => label.distance[1])
  expect(new Set(distances).size).toBe(distances.length)
})
