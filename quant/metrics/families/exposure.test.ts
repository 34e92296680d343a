import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, sampleContracts } from '../../chain/sampleChain.ts'
import { measureMetrics } from '../evaluate.ts'
import { sampleView } from '../sampleView.ts'
import { EXPOSURE_METRICS } from './exposure.ts'
import { METRIC_KINDS } from './exposure/kinds.ts'

interface Totals {
  readonly call: number
  readonly put: number
  readonly net: number
  readonly aboveSpot: number
  readonly belowSpot: number
}
type Columns = Readonly<Record<'call' | 'put' | 'net', readonly number[]>>

const CONTRACTS = sampleContracts({ days: [0.2, 1, 8, 36] })
const view = sampleView(CONTRACTS)
const values = valuesOf(view)

function valuesOf(of: typeof view): Record<string, unknown> {
  const readings = Object.entries(measureMetrics(of, EXPOSURE_METRICS).exposure ?? {})
  return Object.fromEntries(readings.map(([name, { value, reason }]) => [name, value ?? reason]))
}

const sum = (column: readonly number[]): number => column.reduce((all, here) => all + here, 0)

describe.each(METRIC_KINDS)('%s', (kind) => {
  const totals = values[kind] as Totals
  const net = sum([totals.aboveSpot, totals.belowSpot])

  test('every way of summing gives one total, bit for bit', () => {
    expect([net, totals.call + totals.put]).toEqual([totals.net, totals.net])
    for (const along of ['ByStrike', 'ByExpiry']) {
      const columns = values[`${kind}${along}`] as Columns
      expect([sum(columns.call), sum(columns.put), sum(columns.net)]).toEqual([
        totals.call,
        totals.put,
        totals.net,
      ])
    }
  })

  test('what settles today is the first expiry of the chain', () => {
    const byExpiry = values[`${kind}ByExpiry`] as Columns
    const today = values[`${kind}ZeroDte`] as Totals
    expect([today.call, today.put, today.net]).toEqual([byExpiry.call[0], byExpiry.put[0], byExpiry.net[0]])
  })

  test('volume weighs ten contracts each: as open interest of ten does', () => {
    const ten = CONTRACTS.map((contract) => ({ ...contract, openInterest: 10 }))
    expect(values[`${kind}ByVolume`]).toEqual(valuesOf(sampleView(ten))[kind])
  })
})

test.each([
  ['gamma', 'gamma', 100 * SAMPLE_MARKET.spot ** 2 * 0.01],
  ['delta', 'delta', 100 * SAMPLE_MARKET.spot],
  ['vanna', 'vanna', 100 * SAMPLE_MARKET.spot * 0.01],
  ['charm', 'charm', (100 * SAMPLE_MARKET.spot) / 365],
  ['vega', 'vega', 100 * 0.01],
  ['theta', 'theta', 100 / 365],
  ['rho', 'rho', 100 * 0.01],
] as const)(
  '%s is the sum over contracts of greek × size, calls positive, puts negative',
  (kind, greek, unit) => {
    const { chain } = view.engine
    const side = (sign: number): number =>
      sum(
        Array.from(chain[greek], (perUnit, row) =>
          chain.callSign[row] === sign && Number.isFinite(perUnit)
            ? sign * perUnit * (chain.openInterest[row] as number) * unit
            : 0,
        ),
      )
    const { call, put } = values[kind] as Totals
    // Each contract is rounded to 2⁻⁶ of a currency unit.
    expect(Math.abs(call - side(1))).toBeLessThan(chain.count / 128)
    expect(Math.abs(put - side(-1))).toBeLessThan(chain.count / 128)
  },
)

test('a band is around the net, and only where scenarios have the kind', () => {
  const { exposure } = measureMetrics(sampleView(CONTRACTS, { withBands: true }), EXPOSURE_METRICS)
  for (const kind of ['gamma', 'delta', 'charm'] as const) {
    const { value, band } = exposure?.[kind] ?? {}
    const { net } = value as Totals
    expect(band?.low).toBeLessThan(net)
    expect(band?.high).toBeGreaterThan(net)
  }
  expect(exposure?.['speed']?.band).toBeNull()
})

test('without open interest, volume or anything settling today there is a reason', () => {
  const unknown = CONTRACTS.map((contract) => ({ ...contract, openInterest: null, volume: 0 }))
  const found = valuesOf(sampleView(unknown))
  expect(found).toMatchObject({
    gamma: 'no open interest',
    speedByStrike: 'no open interest',
    gammaByVolume: 'no contract has traded this session',
  })
  expect(valuesOf(sampleView(sampleContracts({ days: [8] })))['vannaZeroDte']).toBe('nothing settles today')
})
