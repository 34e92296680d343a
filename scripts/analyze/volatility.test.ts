import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import { priceSnapshot } from './snapshotEngine.ts'
import { volatilityAnswer, volatilityReport, type VolatilityAnswer } from './volatility.ts'

const recorded = join(import.meta.dirname, '../../../shared/data/cboe')

const read = new Map<string, VolatilityAnswer>()

function volatilityOf(file: string): VolatilityAnswer {
  const known = read.get(file)
  if (known !== undefined) return known
  const parsed = readSnapshot(readFileSync(join(recorded, file), 'utf8'))
  if (!parsed.ok) throw new Error(describeProblem(parsed.problem))
  const { snapshot } = parsed
  const { engine } = priceSnapshot(snapshot, snapshot.asOfMs, 'auto')
  const found = volatilityAnswer(engine, (expiryMs) => new Date(expiryMs).toISOString())
  read.set(file, found)
  return found
}

const present = <T>(values: readonly (T | null)[]): T[] =>
  values.filter((value): value is T => value !== null)

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

describe.skipIf(!existsSync(recorded))('recorded chains (../shared/data/cboe; skipped when absent)', () => {
  describe.each([
    ['SPX_2025-09-04.csv', 59],
    ['SPX_2025-08-28.csv', 57],
    ['RUT_2023-09-20.json', 25],
    ['SPY_2025-09-25.csv', 11],
  ])('%s', (file, expiries) => {
    let found: VolatilityAnswer
    beforeAll(() => {
      found = volatilityOf(file)
    })

    test('every expiry has an SVI smile within half a vol point of its quotes', () => {
      expect(found.byExpiry).toHaveLength(expiries)
      expect(found.byExpiry.every(({ model, reason }) => model === 'svi' && reason === null)).toBe(true)
      expect(median(present(found.byExpiry.map(({ rmseVolPts }) => rmseVolPts)))).toBeLessThan(0.41)
    })

    test('no smile has butterfly arbitrage or misses its quotes by a vol point', () => {
      expect(found.flags).not.toHaveProperty('ARB_BUTTERFLY')
      expect(found.flags).not.toHaveProperty('POOR_FIT')
      expect(found.flags.ARB_CALENDAR ?? 0).toBeLessThanOrEqual(2)
    })

    test('an index costs more below than above, and more so further out', () => {
      const skews = present(found.constantMaturity.map(({ skew25VolPts }) => skew25VolPts))
      expect(skews.length).toBeGreaterThanOrEqual(2)
      expect(Math.min(...skews)).toBeGreaterThan(1)
      expect(skews).toEqual([...skews].sort((a, b) => a - b))
    })

    test('the straddle and the volatility tell of the same move', () => {
      for (const { oneSigmaByStraddle, oneSigmaByVol } of found.expectedMoves) {
        const ratio = (oneSigmaByStraddle.move as number) / (oneSigmaByVol.move as number)
        expect(Math.abs(ratio - 1)).toBeLessThan(0.03)
      }
    })

    test('its densities hold nearly all mass and their mean is the forward', () => {
      expect(found.densities).toHaveLength(2)
      for (const { mass, meanOverForward, entropy, reason } of found.densities) {
        expect(reason).toBeNull()
        expect(mass).toBeCloseTo(1, 2)
        expect(meanOverForward).toBeCloseTo(1, 2)
        expect(Math.abs(entropy.deltaBits as number)).toBeLessThan(0.4)
      }
    })

    test('its surface is smooth where it is shown', () => {
      const steps = found.surface.vol.flatMap((row) =>
        row.slice(1).flatMap((vol, i) => {
          const before = row[i] ?? null
          return vol === null || before === null ? [] : [Math.abs(vol - before)]
        }),
      )
      expect(steps.length).toBeGreaterThan(15)
      expect(Math.max(...steps)).toBeLessThan(0.06)
    })
  })

  test('SPX on the eve of a payrolls report: a dear day before a cheap weekend', () => {
    const { byExpiry, isBackwardated, slope30To90VolPts } = volatilityOf('SPX_2025-09-04.csv')
    expect(byExpiry[1]?.atmVol).toBeGreaterThan(0.14)
    expect(byExpiry[2]?.atmVol).toBeLessThan(0.1)
    expect(isBackwardated).toBe(false)
    expect(slope30To90VolPts).toBeCloseTo(1.36, 1)
  })

  test('a file without quotes is read off the vendor volatilities and says so on every smile', () => {
    const found = volatilityOf('SPX_2022-12-12.csv')
    const fitted = found.byExpiry.filter(({ atmVol }) => atmVol !== null)
    expect(found.flags.NO_QUOTES).toBe(fitted.length)
    expect(found.expectedMoves.map(({ straddle }) => straddle.reason)).toEqual(
      Array.from({ length: 4 }, () => 'no_straddle_quote'),
    )
    // The week of an inflation report and a central bank meeting.
    expect(found.slope7To30VolPts).toBeLessThan(-5)
    expect(volatilityReport(found).join('\n')).toMatch(/smiles fitted 50\/55, .*NO_QUOTES 50/)
  })

  test('the report shows the constant maturities and the moves', () => {
    const lines = volatilityReport(volatilityOf('SPX_2025-09-04.csv'))
    expect(lines[1]).toMatch(/^at the forward +11\.3\d +12\.0\d +1[23]\.\d\d +13\.\d\d$/)
    expect(lines.join('\n')).toContain('contango (30 to 90 d +1.3')
  })
})
