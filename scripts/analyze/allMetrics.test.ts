import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import type { MarketView } from '#quant/metrics/marketView'
import { METRICS } from '#quant/metrics/registry'
import { allMetrics, explanation, snapshotView, type AllMetrics } from './allMetrics.ts'
import { priceSnapshot } from './snapshotEngine.ts'

const recorded = join(import.meta.dirname, '../../../shared/data')

function viewOf(file: string): MarketView {
  const result = readSnapshot(readFileSync(join(recorded, file), 'utf8'))
  if (!result.ok) throw new Error(describeProblem(result.problem))
  return snapshotView(result.snapshot, priceSnapshot(result.snapshot, result.snapshot.asOfMs, 'auto'))
}

describe.skipIf(!existsSync(recorded)).each([
  ['cboe/SPX_2025-09-04.csv', 'USD'],
  ['cboe/SPX_2025-08-28.csv', 'USD'],
  ['cboe/SPX_2022-12-12.csv', 'USD'],
  ['cboe/SPY_2025-09-25.csv', 'USD'],
  ['cboe/RUT_2023-09-20.json', 'USD'],
  ['nse/NIFTY_2022-03-28.json', 'INR'],
])('%s (../shared/data; skipped when absent)', (file, currency) => {
  let view: MarketView
  let found: AllMetrics
  beforeAll(() => {
    view = viewOf(file)
    found = allMetrics(view)
  })

  test('every metric has a value, or none and a reason, and survives JSON', () => {
    const all = Object.values(found).flatMap((family) => Object.values(family))
    expect(all.map(({ id }) => id).sort()).toEqual(METRICS.map(({ id }) => id).sort())
    for (const { id, value, reason } of all) expect([id, value === null]).toEqual([id, reason !== null])
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })

  test('every sum of evidence adds up bit for bit', () => {
    for (const { id } of METRICS) {
      const { contributions } = explanation(view, id)?.evidence ?? {}
      const { items = [], rest } = contributions ?? {}
      const sum = items.reduce((all, { amount }) => all + amount, 0) + (rest?.amount ?? 0)
      expect([id, sum]).toEqual([id, contributions?.kind === 'sum' ? contributions.total : sum])
    }
  })

  test('net gamma is in the currency of the chain', () => {
    expect(found['GammaPulse']?.['netGex']?.unit).toBe(`${currency} per +1 % of spot`)
  })
})
