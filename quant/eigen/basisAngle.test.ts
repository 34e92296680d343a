import { expect, test } from 'vitest'
import { basisAngle } from './basisAngle.ts'

const [x, y, z, other] = [0, 1, 2, 3].map((axis) => [0, 1, 2, 3].map((i) => (i === axis ? 1 : 0)))
if (x === undefined || y === undefined || z === undefined || other === undefined) throw new Error('four axes')

test('a basis has not turned from itself', () => {
  const { byComponent, subspace } = basisAngle([x, y, z], [x, y, z])
  expect(byComponent).toEqual([0, 0, 0])
  expect(subspace).toBeCloseTo(0, 6)
})

test('components that change places turn, what they span does not', () => {
  expect(basisAngle([x, y, z], [x, z, y])).toEqual({ byComponent: [0, 90, 90], subspace: 0 })
})

test('leaving the space is the angle of the component that leaves', () => {
  const tilted = [0, 0, Math.cos(0.5), Math.sin(0.5)]
  const { byComponent, subspace } = basisAngle([x, y, tilted], [x, y, z])
  expect(byComponent[2]).toBeCloseTo((0.5 * 180) / Math.PI, 10)
  expect(subspace).toBeCloseTo((0.5 * 180) / Math.PI, 10)
  expect(basisAngle([x, y, other], [x, y, z]).subspace).toBe(90)
})

test('is over the nodes both have, and null where those do not tell', () => {
  const without = (values: readonly number[]) => values.map((value, i) => (i === 3 ? null : value))
  expect(basisAngle([x, y, z], [x, y, z].map(without)).byComponent).toEqual([0, 0, 0])
  expect(basisAngle([x, y, z], [])).toEqual({ byComponent: [null, null, null], subspace: null })
  expect(basisAngle([], [x, y, z])).toEqual({ byComponent: [], subspace: null })
  const nothing = [NaN, NaN, NaN, NaN]
  expect(basisAngle([x, y, z], [nothing, nothing, nothing])).toEqual({
    byComponent: [null, null, null],
    subspace: null,
  })
})
