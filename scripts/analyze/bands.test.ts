import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import { analyse, type ChainAnalytics } from '#quant/analytics'
import type { Engine } from '#quant/analytics/engine'
import { bleedToClose } from '#quant/exposure/bleedToClose'
import { higherExposures } from '#quant/exposure/higherExposures'
import { bandOf, type Band } from '#quant/uncertainty/band'
import { runScenarios, type Scenarios } from '#quant/uncertainty/scenarios'
import { priceSnapshot } from './snapshotEngine.ts'

const file = join(import.meta.dirname, '../../../shared/data/cboe/SPX_2025-09-04.csv')

describe.skipIf(!existsSync(file))(
  'SPX 2025-09-04, 14:30 New York (../shared/data/cboe; skipped when absent)',
  () => {
    let engine: Engine
    let base: ChainAnalytics
    let scenarios: Scenarios

    beforeAll(() => {
      const parsed = readSnapshot(readFileSync(file, 'utf8'))
      if (!parsed.ok) throw new Error(describeProblem(parsed.problem))
      engine = priceSnapshot(parsed.snapshot, parsed.snapshot.asOfMs, 'own').engine
      base = analyse(engine)
      scenarios = runScenarios(engine)
    })

    const bandIn = (unit: number, pick: (analytics: ChainAnalytics) => number | null): Band => {
      const value = pick(base)
      if (value === null) throw new Error('no figure')
      return bandOf(scenarios, value / unit, (analytics) => {
        const picked = pick(analytics)
        return picked === null ? null : picked / unit
      })
    }

    test('net gamma: quotes leave two parts in a thousand open, last night’s open interest nearly everything', () => {
      const { low, high, sources } = bandIn(1e9, ({ exposure }) => exposure.local.net)
      const [quotes, openInterest, signModel] = sources
      expect(base.exposure.local.net).toBeCloseTo(99.64e9, -8)
      expect([quotes?.low, quotes?.high].map((value) => value?.toFixed(1))).toEqual(['99.4', '99.8'])
      expect([openInterest?.low, openInterest?.high].map((value) => value?.toFixed(0))).toEqual([
        '-102',
        '494',
      ])
      expect([low, high].map((value) => value.toFixed(0))).toEqual(['-102', '494'])
      expect(signModel?.low).toBeCloseTo(-417, 0)
    })

    test('the flip: a point by quotes, a hundred and twenty by open interest, none when dealers are short everything', () => {
      const { low, high, sources } = bandIn(1, ({ flips }) => flips.all.nearest)
      const [quotes, openInterest, signModel] = sources
      expect((quotes?.high ?? NaN) - (quotes?.low ?? NaN)).toBeLessThan(1)
      expect([low, high].map(Math.round)).toEqual([6378, 6500])
      expect([quotes, openInterest, signModel].map((source) => source?.vanishes)).toEqual([
        false,
        false,
        true,
      ])
    })

    test('what settles at four bleeds its extrinsic value, a twenty-fifth of a day of its theta', () => {
      const found = bleedToClose(engine, base.byExpiry[0]?.expiryMs ?? NaN)
      if (!found.ok) throw new Error(found.reason)
      const { bleed, extrinsic, thetaPerDay, settlingShareOfTheta } = found
      expect(bleed.settling).toEqual(extrinsic.settling)
      const days = -(bleed.settling?.gross.net ?? NaN) / (thetaPerDay.settling?.gross.net ?? NaN)
      expect(days).toBeCloseTo(1 / 25, 2)
      expect(settlingShareOfTheta).toBeCloseTo(0.12, 2)
    })

    test('volatility a point higher takes gamma from near the money: zomma below zero', () => {
      const found = higherExposures(engine)
      if (!found.ok) throw new Error(found.reason)
      expect(found.openInterest.zomma.totals.net).toBeCloseTo(-4.55e9, -7)
    })
  },
)
