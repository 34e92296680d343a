import { expect, test } from 'vitest'
import type { Sides } from '../../exposure/exposureTable.ts'
import type { SignModelId } from '../../exposure/signModel.ts'
import { sampleContracts } from '../../chain/sampleChain.ts'
import { explainMetric } from '../explain.ts'
import { sampleView } from '../sampleView.ts'

interface ByModel {
  readonly models: Record<SignModelId, Sides | null>
  readonly reasons: Record<string, string>
}

const CONTRACTS = sampleContracts()
const withoutFlow = sampleView(CONTRACTS)
const withFlow = sampleView(CONTRACTS.map((contract) => ({ ...contract, signedFlow: 3 })))

const valueOf = (id: string): unknown => explainMetric(withoutFlow, id)?.value

test.each(['gamma', 'gammaFinite', 'delta', 'vanna', 'charm', 'vega', 'theta'])(
  '%s: M1 is what the engine sums, M3 its inverse, M2 the inverse of M0',
  (kind) => {
    const { models, reasons } = valueOf(`signModel.${kind}`) as ByModel
    const { call, put, net } = valueOf(`exposure.${kind}`) as Sides
    expect(models.M1).toEqual({ call, put, net })
    expect(models.M3).toEqual({ call: -call, put: -put, net: -net })
    expect(models.M2).toEqual({ call: -call, put, net: put - call })
    expect(models.M0).toEqual({ call, put: -put, net: call - put })
    expect([models.M4, models.M5]).toEqual([null, null])
    expect(reasons).toEqual({ M4: 'no signed flow', M5: 'no signed flow' })
  },
)

test('agreement is what the votes in its evidence give', () => {
  for (const view of [withoutFlow, withFlow]) {
    const { value, evidence, flags } = explainMetric(view, 'signModel.agreement') ?? {}
    const votes = evidence?.contributions?.items ?? []
    expect(votes.length).toBe(view === withFlow ? 5 : 3)
    expect(value).toBe(Math.abs(votes.reduce((sum, { amount }) => sum + amount, 0)) / votes.length)
    expect(flags?.includes('MODEL_DISAGREE')).toBe((value as number) < 0.6)
  }
})

test('no open interest: no exposure under any model, and no vote', () => {
  const view = sampleView(CONTRACTS.map((contract) => ({ ...contract, openInterest: 0 })))
  expect(explainMetric(view, 'signModel.gamma')).toMatchObject({ value: null, reason: 'no open interest' })
  expect(explainMetric(view, 'signModel.agreement')).toMatchObject({
    value: null,
    reason: 'no open interest',
  })
})
