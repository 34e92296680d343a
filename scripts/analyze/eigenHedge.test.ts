import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import { eigenHedge, type EigenHedge } from '#quant/eigen/eigenHedge'
import { EMPTY_NODE_HISTORY } from '#quant/eigen/nodeHistory'
import { volatilityStructure } from '#quant/volatility/volatilityStructure'
import { priceSnapshot } from './snapshotEngine.ts'

const recorded = join(import.meta.dirname, '../../../shared/data/cboe')
const beyond40Days = Array.from({ length: 14 }, (_, i) => 14 + i)

function eigenHedgeOf(file: string): EigenHedge {
  const parsed = readSnapshot(readFileSync(join(recorded, file), 'utf8'))
  if (!parsed.ok) throw new Error(describeProblem(parsed.problem))
  const { engine } = priceSnapshot(parsed.snapshot, parsed.snapshot.asOfMs, 'auto')
  return eigenHedge(engine, volatilityStructure(engine).fits, EMPTY_NODE_HISTORY, null)
}

describe.skipIf(!existsSync(recorded))('recorded chains (../shared/data/cboe; skipped when absent)', () => {
  describe.each([
    { file: 'SPX_2025-09-04.csv', dropped: [], atmVol: 0.1204, level: -1.2e9 },
    { file: 'SPX_2025-08-28.csv', dropped: [], atmVol: 0.1101, level: -8.2e8 },
    { file: 'RUT_2023-09-20.json', dropped: [], atmVol: 0.1721, level: -2.4e8 },
    { file: 'SPY_2025-09-25.csv', dropped: beyond40Days, atmVol: 0.1349, level: -2.2e8 },
  ])('$file', ({ file, dropped, atmVol, level }) => {
    let found: EigenHedge
    beforeAll(() => {
      found = eigenHedgeOf(file)
    })

    test('one chain alone has an analytic basis over the nodes it quotes', () => {
      expect(found).toMatchObject({ basis: 'analytic', rows: 0, nodes: { dropped } })
      expect(found.reasons.basis).toBe('insufficient_history')
      expect(found.atmVol).toBeCloseTo(atmVol, 3)
      for (const { likeness } of found.components) expect(likeness).toBeGreaterThan(0.9)
    })

    test('a book short puts loses when volatility rises, and more so with the put wing', () => {
      const [first, second, third] = found.exposures
      expect((first?.perUnit ?? NaN) / level).toBeCloseTo(1, 1)
      expect(second?.perUnit).toBeLessThan(0)
      for (const exposure of [first, second, third]) expect(exposure?.perVolPt).not.toBeNull()
      expect(found.outsideGridShare).toBeLessThan(0.95)
    })

    test('a month of options hedges it to nothing', () => {
      const { hedge, exposures } = found
      expect(hedge?.reason).toBeNull()
      expect(hedge?.condition).toBeLessThan(20)
      const days = ((hedge?.expiryMs ?? NaN) - found.asOfMs) / 86_400_000
      expect(Math.abs(days - 30)).toBeLessThan(7)
      const size = Math.max(...exposures.map(({ perUnit }) => Math.abs(perUnit)))
      expect(hedge?.residual).toHaveLength(3)
      for (const rest of hedge?.residual ?? []) expect(Math.abs(rest)).toBeLessThan(1e-9 * size)
    })
  })
})
