import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import { analyse } from '#quant/analytics'
import type { ChainAnalytics } from '#quant/analytics/chainAnalytics'
import { measureAll, type Engine } from '#quant/analytics/engine'
import { translate } from '#quant/conventions/translate'
import { greeksAll } from '#quant/kernel/greeks'
import type { ExpirySelectionId } from '#quant/levels/expirySelection'
import { flipVariant, type FlipMethodId, type FlipVariant } from '#quant/levels/flipVariants'
import { conventionsReport, conventionsAnswer } from './conventions.ts'
import { priceSnapshot } from './snapshotEngine.ts'

const file = join(import.meta.dirname, '../../../shared/data/cboe/RUT_2023-09-20.json')
const M1 = { call: 1, put: -1 } as const

function vendorPriced(): Engine {
  const parsed = readSnapshot(readFileSync(file, 'utf8'))
  if (!parsed.ok) throw new Error(describeProblem(parsed.problem))
  return priceSnapshot(parsed.snapshot, parsed.snapshot.asOfMs, 'vendor').engine
}

/** Replaces parity forwards by spot·e^((r − q)T): what the published figures were computed with. */
function withFlatCarry(engine: Engine, rate: number, dividendYield: number): Engine {
  const { chain, spot } = engine
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = chain.years[e] as number
    chain.discount[e] = Math.exp(-rate * years)
    chain.forward[e] = spot * Math.exp((rate - dividendYield) * years)
  }
  greeksAll(chain, spot)
  measureAll(engine)
  return engine
}

describe.skipIf(!existsSync(file))(
  'RUT 2023-09-20 by every definition (../shared/data/cboe; skipped when absent)',
  () => {
    let engine: Engine
    let analytics: ChainAnalytics
    const flip = (method: FlipMethodId, set: ExpirySelectionId = 'all'): FlipVariant =>
      flipVariant(engine, method, set, M1)

    beforeAll(() => {
      engine = withFlatCarry(vendorPriced(), 0.053, 0.015)
      analytics = analyse(engine)
    })

    test.each<[FlipMethodId, ExpirySelectionId, number, number]>([
      ['F1', 'all', 1909.0, 0.5],
      ['F1', 'within90d', 1901.0, 0.5],
      ['F1', 'first4', 1864.8, 0.2],
      ['F1', 'front', 1852.8, 0.2],
      ['F2down', 'all', 1823.1, 0.1],
      ['F3', 'all', 1847.3, 0.1],
      ['F4', 'all', 1841.0, 2.1],
    ])('%s over %s is %f', (method, set, price, tolerance) => {
      const found = flip(method, set)
      expect(found.status).toBe('resolved')
      expect(Math.abs((found.nearest as number) - price)).toBeLessThan(tolerance)
    })

    test('summed from the lowest strike nothing crosses but dust', () => {
      expect(flip('F2up')).toMatchObject({ status: 'noise_floor', nearest: null })
      expect(Math.max(...flip('F2up').evidence.map(({ significance }) => significance))).toBeLessThan(1e-4)
    })

    test('walls and max pain by variant', () => {
      const { side, any_side: anySide, net, oi } = analytics.walls
      expect([side.call?.strike, anySide.call?.strike, net.call?.strike]).toEqual([1850, 1850, 1910])
      expect([side.put?.strike, anySide.put?.strike, net.put?.strike, oi.put?.strike]).toEqual([
        1800, 1850, 1700, 1700,
      ])
      expect(analytics.maxPainFront).toBe(1875)
    })

    test('net exposure by sign model and weighting', () => {
      const billions = (id: string): number => (translate(engine, id)?.metrics.netGex.value as number) / 1e9
      expect(billions('canonical')).toBeCloseTo(-1.307, 2)
      expect(billions('short_both_sides')).toBeCloseTo(-3.354, 2)
      expect(billions('spot_squared_volume')).toBeCloseTo(-0.121, 2)
    })

    test('parity forwards lower every repriced flip by what the options market is above the printed spot', () => {
      const parity = vendorPriced()
      const { chain, spot } = parity
      const basis = (chain.forward[parity.sections.frontExpiry] as number) / spot - 1
      for (const set of ['all', 'within90d', 'first4', 'front'] as const) {
        const lower =
          1 - (flipVariant(parity, 'F1', set, M1).nearest as number) / (flip('F1', set).nearest as number)
        expect(Math.abs(lower - basis)).toBeLessThan(5e-4)
      }
    })

    test('the table has a line and a note for each convention', () => {
      const translations = conventionsAnswer(engine, 'RUT')
      const lines = conventionsReport(translations).split('\n')
      for (const { id } of translations) {
        expect(lines.filter((line) => line.startsWith(`${id} `))).toHaveLength(1)
        expect(lines.filter((line) => line.startsWith(`${id}: `))).toHaveLength(1)
      }
    })
  },
)
