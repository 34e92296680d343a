import { expect, test } from 'vitest'
import { SAMPLE_MARKET, sampleContracts } from '../../chain/sampleChain.ts'
import { CONVENTIONS } from '../../conventions/catalogue.ts'
import { measureMetrics } from '../evaluate.ts'
import { sampleView } from '../sampleView.ts'
import { CONVENTION_METRICS } from './convention.ts'

interface Value {
  readonly netGex: number
  readonly flip: number | null
  readonly callWall: number | null
  readonly reasons: Readonly<Record<string, string>>
}

const view = sampleView()
const readings = measureMetrics(view, CONVENTION_METRICS).convention ?? {}
const valueOf = (name: string): Value => readings[name]?.value as Value

test('one metric for each convention of the catalogue', () => {
  expect(Object.keys(readings)).toHaveLength(CONVENTIONS.length)
})

test('the canonical row is the product’s own figures', () => {
  const { analytics } = view
  expect(valueOf('canonical')).toMatchObject({
    netGex: analytics.exposure.local.net,
    flip: analytics.flips.all.nearest,
    callWall: analytics.walls.side.call?.strike,
  })
})

test('units differ by powers of spot alone', () => {
  const { netGex } = valueOf('canonical')
  const { spot } = SAMPLE_MARKET
  expect(valueOf('per100pctStrikeCrossing').netGex / netGex).toBeCloseTo(100, 9)
  expect(valueOf('perDollarStrikeCrossings').netGex / netGex).toBeCloseTo(100 / spot, 12)
  expect(valueOf('naiveShares').netGex / netGex).toBeCloseTo(100 / spot ** 2, 12)
  expect(readings['naiveShares']?.unit).toBe('units of underlying per +1.00')
})

test('a level the source does not define is null with a reason', () => {
  expect(valueOf('naiveShares')).toMatchObject({
    flip: null,
    callWall: null,
    reasons: { flip: 'the source gives no method', callWall: 'the source gives no method' },
  })
})

test('without gamma the whole row is null with a reason', () => {
  const unquoted = sampleContracts().map((contract) => ({ ...contract, bid: null, ask: null }))
  const { convention } = measureMetrics(sampleView(unquoted), CONVENTION_METRICS)
  expect(convention?.['canonical']).toMatchObject({
    value: null,
    reason: 'no contract in the selection has gamma',
  })
})
