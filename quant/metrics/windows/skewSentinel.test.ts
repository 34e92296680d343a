import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, sampleForward } from '../../chain/sampleChain.ts'
import { normalCdf } from '../../math/normal.ts'
import { withReading, type TimeOfDayHistory } from '../../volatility/timeOfDay.ts'
import { explainSample } from '../explainSample.ts'
import { NO_HISTORY } from '../marketHistory.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const read = (name: string, contracts = sampleContracts()) => explainSample(`skewSentinel.${name}`, contracts)

/** The made-up market's volatility at log-moneyness k, between its expiries of 8 and 36 days. */
function volAt(k: number, days: number): number {
  const variance = (listed: number): number => {
    const vol = SAMPLE_MARKET.vol(sampleForward(SAMPLE_MARKET, listed) * Math.exp(k), listed)
    return vol * vol * listed
  }
  const share = (days - 8) / 28
  return Math.sqrt(((1 - share) * variance(8) + share * variance(36)) / days)
}

/** Volatility of the option of that forward delta, by bisection. */
function wing(sign: 1 | -1, days: number, delta = 0.25): number {
  let [near, far] = [0, 0.5]
  for (let i = 0; i < 60; i++) {
    const k = (sign * (near + far)) / 2
    const s = volAt(k, days) * Math.sqrt(days / 365)
    if (normalCdf(sign * (-k / s + s / 2)) > delta) near = sign * k
    else far = sign * k
  }
  return volAt(sign * near, days)
}

describe('30-day figures follow from the known smile', () => {
  const [put, call, atm] = [wing(-1, 30), wing(1, 30), volAt(0, 30)]

  test.each([
    ['skew25', 100 * (put - call)],
    ['riskReversal25', 100 * (call - put)],
    ['butterfly25', 100 * ((put + call) / 2 - atm)],
    ['normalisedSkew25', (put - call) / atm],
    ['atmSlope', (volAt(1e-4, 30) - volAt(-1e-4, 30)) / 2e-4],
  ])('%s', (name, expected) => {
    const { value, evidence, flags } = read(name)
    expect(Math.abs((value as number) - expected)).toBeLessThan(0.03)
    expect(flags).toEqual([])
    expect(evidence.contributions?.items.map(({ inputs }) => Math.round(inputs['days'] as number))).toEqual(
      expect.arrayContaining([8, 36]),
    )
  })
})

test('what settles today is the last settlement of today, not the nearest listed', () => {
  const strikes = Array.from({ length: 61 }, (_, i) => 5725 + 2.5 * i)
  const contracts = sampleContracts({ days: [0.05, 0.1, 1], strikes, halfSpread: 0.001 })
  const { value, evidence } = read('skew25ZeroDte', contracts)
  expect(value).toBeGreaterThan(0)
  expect(evidence.contributions?.items.map(({ name }) => name)).toEqual([
    new Date(SAMPLE_NOW_MS + 0.1 * DAY_MS).toISOString(),
  ])
  expect(read('skew25ZeroDte')).toMatchObject({ value: null, reason: 'nothing settles today' })
})

test('columns have one entry an expiry or maturity, the same as the single figures', () => {
  const byExpiry = read('byExpiry').value as Record<string, readonly (number | null)[]>
  for (const column of Object.values(byExpiry)) expect(column).toHaveLength(5)
  const byMaturity = read('byMaturity').value as Record<string, readonly (number | null)[]>
  expect(byMaturity['days']).toEqual([7, 30, 60, 90])
  expect(byMaturity['skew25VolPts']?.[1]).toBe(read('skew25').value)
  expect(byMaturity['reason']).toEqual([null, null, null, null])
  const late = read('byMaturity', sampleContracts({ days: [36, 120] })).value as typeof byMaturity
  expect(late['reason']?.[0]).toBe('the first expiry is later than this maturity')
})

test('the average weighs pairs of equal delta by vega', () => {
  const contracts = sampleContracts({ days: [36] })
  let [sum, vegas] = [0, 0]
  for (const [delta, d1] of [
    [0.1, 1.2816],
    [0.2, 0.8416],
    [0.3, 0.5244],
    [0.4, 0.2533],
  ] as const) {
    const vega = Math.exp(-0.5 * d1 * d1)
    sum += 100 * vega * (wing(-1, 36, delta) - wing(1, 36, delta))
    vegas += vega
  }
  expect(Math.abs((read('avgIvSkew', contracts).value as number) - sum / vegas)).toBeLessThan(0.03)
  // The longest of the five expiries is not quoted out to ten deltas on both sides.
  const { inputs } = read('avgIvSkew').evidence
  expect(inputs).toContainEqual(expect.objectContaining({ name: 'pairs of equal delta', value: 19 }))
})

describe('against the time of day', () => {
  const openMs = SAMPLE_NOW_MS - 5 * HOUR_MS
  const session = { openMs, closeMs: openMs + 6.5 * HOUR_MS }
  const skew = read('skew25').value as number
  const historyOf = (readings: readonly number[]): TimeOfDayHistory =>
    readings.reduce<TimeOfDayHistory>((history, reading, i) => {
      const shift = (i - readings.length) * DAY_MS
      const earlier = { openMs: session.openMs + shift, closeMs: session.closeMs + shift }
      return withReading(history, earlier, SAMPLE_NOW_MS + shift, reading)
    }, [])
  const score = (readings: readonly number[]) =>
    explainSample('skewSentinel.skew25Score', undefined, {
      session,
      history: { ...NO_HISTORY, skewByTimeOfDay: historyOf(readings) },
    })

  test('is zero at the median and grows by the median deviation', () => {
    const around = [-3, -2, -1, 0, 1, 2, 3, -3, -2, -1, 1, 2, 3]
    expect(score(around.map((step) => skew + step)).value).toBeCloseTo(0, 12)
    expect(score(around.map((step) => skew + step - 2)).value).toBeCloseTo(0.6745, 9)
  })

  test('needs twelve sessions', () => {
    expect(score([1, 2, 3])).toMatchObject({ value: null, reason: 'too few earlier sessions' })
    expect(score([1, 2, 3]).flags).toContain('INSUFFICIENT_HISTORY')
    expect(read('skew25Score')).toMatchObject({ value: null, reason: 'the session is not known' })
  })
})

test('no smiles: null with a reason', () => {
  for (const name of ['avgIvSkew', 'skew25', 'skew25At7Days', 'byExpiry', 'byMaturity'])
    expect(read(name, sampleContracts({ halfSpread: -1 }))).toMatchObject({ value: null, quality: 0 })
})
