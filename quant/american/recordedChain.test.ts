import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyse, engineOf, type ContractInput } from '../analytics.ts'
import { reprice, type Engine } from '../analytics/engine.ts'
import { settlementInstantMs } from '../contracts/settlement.ts'

const RECORDED = resolve(import.meta.dirname, '../../../shared/data/cboe/SPY_2025-09-25.csv')
const SPOT = 658.05
/** 21:05 New York, when the file was pulled. */
const AS_OF_MS = Date.UTC(2025, 8, 26, 1, 5)

interface Recorded extends ContractInput {
  readonly vendorGamma: number
}

/** One line holds a call and a put: date, then symbol, last, net, bid, ask, volume, IV, delta, gamma, OI around the strike. */
function contractsOf(line: string): Recorded[] {
  const cells = line.split(',')
  return (['call', 'put'] as const).flatMap((right) => {
    const at = right === 'call' ? 1 : 12
    const cell = (offset: number): number => Number(cells[at + offset])
    const day = /\d{6}(?=[CP])/.exec(cells[at] ?? '')?.[0] ?? ''
    const expiryDate = `20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4)}` as const
    const settled = settlementInstantMs({ root: 'SPY', expiryDate })
    if (!settled.ok) throw new Error(`${line}: ${settled.reason}`)
    const { expiryMs } = settled
    const counts = { volume: cell(5), openInterest: cell(9), vendorGamma: cell(8) }
    const terms = { expiryMs, strike: Number(cells[11]), right, multiplier: 100 }
    return [{ ...terms, ...counts, bid: cell(3), ask: cell(4) }]
  })
}

describe.skipIf(!existsSync(RECORDED))('SPY as recorded (../shared/data/cboe; skipped when absent)', () => {
  const contracts = existsSync(RECORDED)
    ? readFileSync(RECORDED, 'utf8')
        .split('\n')
        .filter((line) => /SPY\d{6}C/.test(line))
        .flatMap(contractsOf)
    : []
  const priced = (exercise: 'american' | 'european'): Engine => {
    const engine = engineOf(contracts, { exercise, priceIncrement: 0.01 })
    reprice(engine, SPOT, AS_OF_MS)
    return engine
  }
  const vendorPuts = contracts
    .filter(({ right }) => right === 'put')
    .reduce((sum, { vendorGamma, openInterest }) => sum + vendorGamma * (openInterest ?? 0) * SPOT * SPOT, 0)

  test('American gamma of puts comes to within 1 % of the vendor, European gamma does not', () => {
    const american = analyse(priced('american')).exposure.local.put as number
    const european = analyse(priced('european')).exposure.local.put as number
    expect(Math.abs(-american / vendorPuts - 1)).toBeLessThan(0.01)
    expect(Math.abs(-european / vendorPuts - 1)).toBeGreaterThan(0.02)
  })

  test('net exposure, flip and walls are those of the decision record', () => {
    const { exposure, flips, walls } = analyse(priced('american'))
    expect((exposure.local.net as number) / 1e9).toBeCloseTo(-3.87, 1)
    expect(flips.all.nearest as number).toBeCloseTo(667.6, 0)
    expect([walls.side.call?.strike, walls.side.put?.strike]).toEqual([670, 655])
  })
})
