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

test.each(METRICS.map(({ id }) => id))('%s: evidence survives JSON, and a sum adds up bit for bit', (id) => {
  const explained = explainMetric(view, id)
  expect(explained).not.toBeNull()
  expect(JSON.parse(JSON.stringify(explained))).toEqual(explained)
  const contributions = explained?.evidence.contributions ?? null
  if (contributions?.kind !== 'sum') return
  const { items, rest, total } = contributions
  expect(items.reduce((sum, { amount }) => sum + amount, 0) + (rest?.amount ?? Number.NaN)).toBe(total)
  if (typeof explained?.value === 'number') expect(total).toBe(explained.value)
  else expect(Object.values(explained?.value ?? {})).toContain(total)
})
