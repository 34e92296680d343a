import { expect, test } from 'vitest'
import { nelderMead } from './nelderMead.ts'

const rosenbrock = (x: number, y: number): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2

test("descends Rosenbrock's valley", () => {
  const found = nelderMead(rosenbrock, { x: -1.2, y: 1 }, { x: 0.3, y: 0.3 }, 1e-8, 400)
  expect(found.x).toBeCloseTo(1, 6)
  expect(found.y).toBeCloseTo(1, 6)
})

test('respects infinite walls and its limit of steps', () => {
  let evaluations = 0
  const walled = (x: number, y: number): number => {
    evaluations++
    return x < 0.5 ? Infinity : (x - 0.1) ** 2 + y * y
  }
  const found = nelderMead(walled, { x: 2, y: 2 }, { x: 0.3, y: 0.3 }, 0, 60)
  expect(found.x).toBeGreaterThanOrEqual(0.5)
  expect(found.x).toBeCloseTo(0.5, 2)
  expect(evaluations).toBeLessThanOrEqual(3 + 4 * 60)
})
