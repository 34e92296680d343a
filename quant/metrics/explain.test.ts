import { expect, test } from 'vitest'
import { sampleContracts } from '../chain/sampleChain.ts'
import { explainMetric } from './explain.ts'
import { METRICS } from './registry.ts'
import { sampleView } from './sampleView.ts'

/** Signed flow as well, so that every sign model has something to say. */
const CONTRACTS = sampleContracts().map((contract, i) => ({ ...contract, signedFlow: (i % 7) - 3 }))
const view = sampleView(CONTRACTS)

test('ids are unique and belong to a family', () => {
  expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length)
})

test('an unknown id has no explanation', () => {
  expect(explainMetric(view, 'gammaPulse.nothing')).toBeNull()
})

test.each(METRICS.map(({ id }) => id))('%s: the explanation survives JSON', (id) => {
  const explained = explainMetric(view, id)
  expect(explained).not.toBeNull()
  expect(JSON.parse(JSON.stringify(explained))).toEqual(explained)
})

const SUMS = METRICS.filter((metric) => metric.measure(view).evidence().contributions?.kind === 'sum')

test.each(SUMS.map(({ id }) => id))('%s: contributions add up to the value bit for bit', (id) => {
  const { value, evidence } = explainMetric(view, id) ?? {}
  const { items = [], rest, total } = evidence?.contributions ?? {}
  expect(items.reduce((sum, { amount }) => sum + amount, 0) + (rest?.amount ?? Number.NaN)).toBe(total)
  expect(totalsOf(value)).toContain(total)
})

test('a contribution can be computed again from its own inputs', () => {
  const { items = [] } = explainMetric(view, 'exposure.gamma')?.evidence.contributions ?? {}
  expect(items).toHaveLength(20)
  for (const { amount, inputs } of items) {
    const [gamma, held, multiplier] = [inputs['gamma'], inputs['signedContracts'], inputs['multiplier']]
    const again = Number(gamma) * Number(held) * Number(multiplier) * view.engine.spot ** 2 * 0.01
    expect(Math.abs(again - amount)).toBeLessThan(1 / 64)
  }
})

/** The value itself, its figures, or the sums of its columns. */
function totalsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return Object.values(value).map((part: unknown) =>
    Array.isArray(part) ? part.reduce((sum: number, figure: number) => sum + figure, 0) : part,
  )
}
