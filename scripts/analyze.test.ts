import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem, type ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import { answer, type Answer } from './analyze/answer.ts'
import { priceSnapshot } from './analyze/snapshotEngine.ts'

const recorded = join(import.meta.dirname, '../../shared/data/cboe')
/** Node that runs TypeScript as it is; the one under this test may be older. */
const PINNED_NODE = join(import.meta.dirname, '../node_modules/.bin/node')
const referenceFile = join(recorded, 'SPX_2025-09-04.csv')

function analyze(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(PINNED_NODE, [join(import.meta.dirname, 'analyze.ts'), ...args], { encoding: 'utf8' })
}

function snapshotOf(file: string): ChainSnapshot {
  const result = readSnapshot(readFileSync(join(recorded, file), 'utf8'))
  if (!result.ok) throw new Error(describeProblem(result.problem))
  return result.snapshot
}

describe('the command', () => {
  let folder = ''
  const TINY = [
    'X CORP,Last: 100,Change: 0',
    'Date: September 4, 2025 at 2:30 PM EDT,Bid: 99.9,Ask: 100.1,Size: 1*1,Volume: 0',
    'Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,' +
      'Strike,Puts,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest',
    'Fri Oct 17 2025,X251017C00100000,3,0,3,3.1,5,0.2,0.5,0.05,20,100,X251017P00100000,2.6,0,2.6,2.7,4,0.2,-0.5,0.05,10',
    '',
  ].join('\n')

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'analyze-'))
    writeFileSync(join(folder, 'tiny.csv'), TINY)
    writeFileSync(join(folder, 'page.html'), '<!doctype html>\n<html></html>\n')
    writeFileSync(join(folder, 'cut.csv'), TINY.slice(0, -40))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('--json prints exactly one object', () => {
    const { status, stdout, stderr } = analyze(join(folder, 'tiny.csv'), '--json')
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      underlying: 'X',
      spot: 100,
      asOf: '2025-09-04T18:30:00.000Z',
      contracts: 2,
      priced: 2,
      pcrOi: 0.5,
      maxPain: { '2025-10-17': 100 },
    })
  })

  test('--at moves the clock; without an offset it is New York time', () => {
    const file = join(folder, 'tiny.csv')
    const asOf = (at: string): unknown => JSON.parse(analyze(file, '--at', at, '--json').stdout)
    expect(asOf('2025-09-05T09:30')).toMatchObject({ asOf: '2025-09-05T13:30:00.000Z' })
    expect(asOf('2025-10-17T20:00:00Z')).toMatchObject({ live: 0, netGexUsdPer1Pct: null, frontExpiry: null })
  })

  test('without --json it prints a report with units', () => {
    const { status, stdout } = analyze(join(folder, 'tiny.csv'))
    expect(status).toBe(0)
    expect(stdout).toContain('gamma exposure, $ per +1 %')
    expect(stdout).toContain('4 Sept 2025, 14:30 New York')
  })

  test('--conventions prints the snapshot as published conventions state it', () => {
    const { status, stdout } = analyze(join(folder, 'tiny.csv'), '--conventions')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^canonical .* USD per \+1 % .* 100\/100$/m)
  })

  test('--all adds every metric to the object, under the name of its window or family', () => {
    const file = join(folder, 'tiny.csv')
    const all = JSON.parse(analyze(file, '--all', '--json').stdout)
    expect(all).toMatchObject({
      underlying: 'X',
      metrics: { GammaPulse: { netGex: { model: 'M1', reason: null } } },
    })
    expect(analyze(file, '--all').stdout).toMatch(/^GammaPulse\n  totalCallGex .* USD per \+1 % of spot/m)
  })

  test('--explain prints what a metric means and the contracts that add up to it', () => {
    const file = join(folder, 'tiny.csv')
    expect(analyze(file, '--explain', 'gammaPulse.netGex').stdout).toMatch(/^  X251017C00100000 +[\d,.]+$/m)
    const { evidence } = JSON.parse(analyze(file, '--explain', 'gammaPulse.netGex', '--json').stdout)
    expect(evidence.contributions).toMatchObject({ kind: 'sum', unit: 'USD per +1 % of spot' })
  })

  test.each([
    ['page.html', [], 'page.html: expected a Cboe quotedata table'],
    ['cut.csv', [], 'cut.csv: expected 22 fields on the last line'],
    ['absent.csv', [], 'absent.csv: expected a readable file, found ENOENT'],
    ['tiny.csv', ['--at', 'noon'], '--at: expected a time like'],
    ['tiny.csv', ['--vol', 'guess'], '--vol: expected own, vendor or auto, found "guess"'],
    ['tiny.csv', ['--nope'], 'usage: npm run analyze'],
    ['tiny.csv', ['--dividends', import.meta.filename], 'expected a JSON list of {exDate, amount}'],
    ['tiny.csv', ['--explain', 'gammaPulse.nothing'], '--explain: expected the id of a metric'],
    ['tiny.csv', ['--all', '--conventions'], 'expected one of --conventions, --all and --explain'],
    ['tiny.csv', ['--json', '--conventions'], '--json holds the conventions already'],
  ])('%s %j: exit 1 and one line', (file, options, message) => {
    const { status, stdout, stderr } = analyze(join(folder, file), ...options)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe.skipIf(!existsSync(referenceFile))(
  'the reference chain (../shared/data/cboe; skipped when absent)',
  () => {
    let found: Answer
    beforeAll(() => {
      const snapshot = snapshotOf('SPX_2025-09-04.csv')
      found = answer(snapshot, priceSnapshot(snapshot, snapshot.asOfMs, 'auto'))
    })
    const share = (value: number | null | undefined, reference: number): number =>
      Math.abs((value as number) / reference - 1)

    test('exposures within 0.1 % of the published reference', () => {
      expect(share(found.callGexUsdPer1Pct, 258.3e9)).toBeLessThan(1e-3)
      expect(share(found.putGexUsdPer1Pct, -158.7e9)).toBeLessThan(1e-3)
      expect(share(found.netGexUsdPer1Pct, 99.65e9)).toBeLessThan(1e-3)
      expect(share(found.vendorCallGexUsdPer1Pct, 259.1e9)).toBeLessThan(1e-3)
      expect(share(found.vendorPutGexUsdPer1Pct, 156.8e9)).toBeLessThan(1e-3)
    })

    test('zero gamma within 0.01 % of spot, the far crossing of the front expiry included', () => {
      const near = (level: number | null | undefined, reference: number): void => {
        expect(Math.abs((level as number) - reference) / found.spot).toBeLessThan(1e-4)
      }
      near(found.flips.all[0], 6435.3)
      near(found.flips.within90d[0], 6443.6)
      expect(found.flips.front).toHaveLength(2)
      near(found.flips.front[0], 6451.6)
      near(found.flips.front[1], 6625.7)
      expect(found.zeroGamma.front.crossings.map(({ price }) => price)).toEqual(found.flips.front)
    })

    test('levels and ratios to the digits shown', () => {
      expect(found).toMatchObject({
        callWall: 6500,
        putWall: 6000,
        absGammaStrike: 6500,
        frontExpiry: '2025-09-04',
      })
      expect(found.maxPain['2025-09-04']).toBe(6435)
      expect(found.pcrOi?.toFixed(3)).toBe('1.728')
      expect(found.pcrVolume?.toFixed(3)).toBe('1.279')
      expect(found.contracts).toBe(24_040)
    })

    test('a date with an AM and a PM series shows both', () => {
      expect(Object.keys(found.maxPain)).toEqual(
        expect.arrayContaining(['2025-09-19', '2025-09-19 AM', '2026-06-18']),
      )
    })
  },
)

describe.skipIf(!existsSync(recorded))(
  'other recorded chains (../shared/data/cboe; skipped when absent)',
  () => {
    test('a file without quotes (pulled overnight) is analysed on the vendor volatilities, and says so', () => {
      const snapshot = snapshotOf('SPX_2022-12-12.csv')
      const found = answer(snapshot, priceSnapshot(snapshot, snapshot.asOfMs, 'auto'))
      expect(found.methods.vol).toBe('vol.vendor_iv@1')
      expect(found.openInterestPriced).toBeGreaterThan(0.95)
      expect(found.zeroGamma.all.status).toBe('resolved')
      expect(found.byExpiry[0]?.expiry).toBe('2022-12-13')
    })
  },
)
