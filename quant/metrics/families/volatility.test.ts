import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, sampleContracts, sampleForward } from '../../chain/sampleChain.ts'
import type { Bar } from '../../volatility/realisedVol.ts'
import { explainSample } from '../explainSample.ts'
import { NO_HISTORY, type MarketHistory } from '../marketHistory.ts'

const read = (name: string, contracts = sampleContracts()) => explainSample(`volatility.${name}`, contracts)
const withHistory = (name: string, history: Partial<MarketHistory>, contracts = sampleContracts()) =>
  explainSample(`volatility.${name}`, contracts, { history: { ...NO_HISTORY, ...history } })

/** Total variance at the forward, of the known smile. */
const variance = (days: number): number =>
  SAMPLE_MARKET.vol(sampleForward(SAMPLE_MARKET, days), days) ** 2 * days

/** The same between two listed expiries. */
function volBetween(near: number, far: number, days: number): number {
  const share = (days - near) / (far - near)
  return Math.sqrt(((1 - share) * variance(near) + share * variance(far)) / days)
}

const [week, month, quarter] = [volBetween(1, 8, 7), volBetween(8, 36, 30), volBetween(36, 120, 90)]

test.each([
  ['atmVol7', week, 3e-4],
  ['atmVol30', month, 3e-4],
  ['atmVol60', volBetween(36, 120, 60), 3e-4],
  ['atmVol90', quarter, 3e-4],
  ['slope7To30', 100 * (month - week), 0.03],
  ['slope30To90', 100 * (quarter - month), 0.03],
])('%s follows from the known smile', (name, expected, fitError) => {
  expect(Math.abs((read(name).value as number) - expected)).toBeLessThan(fitError)
})

test('by expiry: the volatility at each forward', () => {
  const { days, atmVol, reason } = read('atmVols').value as Record<string, number[]>
  expect(days).toHaveLength(5)
  for (const [i, vol] of (atmVol ?? []).entries())
    expect(vol).toBeCloseTo(Math.sqrt(variance(SAMPLE_MARKET.days[i] ?? 0) / (days?.[i] ?? 0)), 3)
  expect(reason).toEqual([null, null, null, null, null])
})

test('variances between settlements add up to those from now', () => {
  const { vol } = read('forwardVols').value as { readonly vol: readonly number[] }
  const [first, second] = vol
  expect(((first ?? 0) ** 2 * 7 + variance(1)) / variance(8)).toBeCloseTo(1, 2)
  expect(((second ?? 0) ** 2 * 28 + variance(8)) / variance(36)).toBeCloseTo(1, 2)
})

test('the shape has a name, and an inverted curve has the other', () => {
  const calm = sampleContracts({ vol: (_, days) => 0.15 + days / 10_000 })
  const stressed = sampleContracts({ vol: (_, days) => 0.2 - days / 10_000 })
  expect(read('termShape', calm).value).toBe('contango')
  expect(read('termShape', stressed).value).toBe('backwardation')
})

test('a maturity beyond the listed expiries is null, and so is what needs it', () => {
  const short = sampleContracts({ days: [1, 36] })
  const reason = 'the last expiry is sooner than this maturity'
  for (const name of ['atmVol90', 'slope30To90', 'termShape'])
    expect(read(name, short)).toMatchObject({ value: null, reason })
  expect(read('slope7To30', short).value).not.toBeNull()
})

describe('against a year', () => {
  const vols = Array.from({ length: 100 }, (_, i) => 0.1 + i / 1000)

  test('rank and percentile', () => {
    const today = read('atmVol30').value as number
    const rank = (today - 0.1) / (0.199 - 0.1)
    expect(withHistory('ivRank', { dailyAtmVols: vols }).value).toBeCloseTo(rank, 9)
    const lower = vols.filter((vol) => vol < today).length
    expect(withHistory('ivPercentile', { dailyAtmVols: vols }).value).toBe(lower / 100)
  })

  test('need sixty sessions', () => {
    const { value, reason, flags } = withHistory('ivRank', { dailyAtmVols: vols.slice(0, 59) })
    expect([value, reason]).toEqual([null, 'too few earlier sessions'])
    expect(flags).toContain('INSUFFICIENT_HISTORY')
  })
})

/** A session that opens where the last closed and ends `step` away from it, in logs. */
function barsOf(steps: readonly number[]): Bar[] {
  let close = 100
  return steps.map((step) => {
    const open = close
    close *= Math.exp(step)
    return { open, high: Math.max(open, close), low: Math.min(open, close), close }
  })
}

describe('realised', () => {
  const steps = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01))
  const dailyBars = barsOf(steps)

  test('moves of 1 % a day', () => {
    // Of 21 returns eleven are falls: their mean square less the square of their mean, over 20.
    const variance = (21 * 0.01 ** 2 - 21 * (0.01 / 21) ** 2) / 20
    expect(withHistory('realisedCloseToClose', { dailyBars }).value).toBeCloseTo(
      Math.sqrt(252 * variance),
      12,
    )
    const parkinson = Math.sqrt((252 * 0.01 ** 2) / (4 * Math.LN2))
    expect(withHistory('realisedParkinson', { dailyBars }).value).toBeCloseTo(parkinson, 9)
  })

  test('only the last 21 count', () => {
    const wild = [...barsOf([0.5, -0.5, 0.4]), ...dailyBars]
    for (const name of ['realisedCloseToClose', 'realisedParkinson', 'realisedYangZhang'])
      expect(withHistory(name, { dailyBars: wild }).value).toBe(withHistory(name, { dailyBars }).value)
  })

  test('the premium is implied less realised', () => {
    const implied = read('atmVol30').value as number
    const realised = withHistory('realisedYangZhang', { dailyBars }).value as number
    const premium = withHistory('varianceRiskPremium', { dailyBars }).value
    expect(premium).toBeCloseTo(implied ** 2 - realised ** 2, 12)
    const points = withHistory('varianceRiskPremiumVolPts', { dailyBars }).value
    expect(points).toBeCloseTo(100 * (implied - realised), 12)
  })

  test('null with a reason', () => {
    const few = { dailyBars: dailyBars.slice(0, 4) }
    for (const name of ['realisedCloseToClose', 'realisedParkinson', 'realisedYangZhang'])
      expect(withHistory(name, few)).toMatchObject({ value: null, reason: 'too few earlier sessions' })
    expect(withHistory('varianceRiskPremium', few)).toMatchObject({
      value: null,
      reason: 'too few earlier sessions',
      flags: ['INSUFFICIENT_HISTORY'],
    })
    const impossible = [...dailyBars, { open: 1, high: 0, low: 2, close: 1 }]
    expect(withHistory('realisedYangZhang', { dailyBars: impossible }).reason).toBe(
      'a session in the history has impossible prices',
    )
  })

  test('any history: null or finite, in the evidence too', () => {
    const bar = fc.record({ open: fc.double(), high: fc.double(), low: fc.double(), close: fc.double() })
    const names = [
      'realisedCloseToClose',
      'realisedYangZhang',
      'varianceRiskPremium',
      'ivRank',
      'ivPercentile',
    ]
    fc.assert(
      fc.property(
        fc.array(bar, { maxLength: 30 }),
        fc.array(fc.double(), { maxLength: 90 }),
        (bars, vols) => {
          for (const name of names) {
            const { value, evidence } = withHistory(name, { dailyBars: bars, dailyAtmVols: vols }, [])
            expect(value).toBeNull()
            expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
          }
        },
      ),
      { seed: 20261121, numRuns: 40 },
    )
  })
})

test.each([
  ['no quotes', sampleContracts({ halfSpread: -1 })],
  ['no contracts', []],
])('%s: null with a reason', (_, contracts) => {
  for (const name of ['atmVols', 'atmVol30', 'slope7To30', 'termShape'])
    expect(read(name, contracts)).toMatchObject({ value: null, reason: 'no expiry has a fitted smile' })
  expect(read('forwardVols', contracts)).toMatchObject({ value: null, quality: 0 })
})
