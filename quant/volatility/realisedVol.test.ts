import { describe, expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { closeToCloseVol, parkinsonVol, yangZhangVol, type Bar } from './realisedVol.ts'
import { varianceRiskPremium } from './varianceRiskPremium.ts'

const bar = (open: number, high: number, low: number, close: number): Bar => ({ open, high, low, close })
const BARS = [
  bar(100, 102, 99, 101),
  bar(101.5, 103, 100.5, 102),
  bar(101, 101.5, 98, 99),
  bar(99.5, 100.5, 99, 100),
  bar(100, 104, 99.5, 103),
  bar(103, 103.5, 101, 102),
]

describe('golden values, computed separately from the published formulas', () => {
  test.each([
    ['close to close', closeToCloseVol, 0.35838865, 5],
    ['Parkinson', parkinsonVol, 0.28882606, 6],
    ['Yang–Zhang', yangZhangVol, 0.30393209, 5],
  ])('%s', (_, estimator, vol, bars) => {
    const found = estimator(BARS)
    expect(found.vol).toBeCloseTo(vol, 7)
    expect([found.bars, found.reason]).toEqual([bars, null])
  })
})

describe('a simulated market of 20 % a year, a quarter of it overnight', () => {
  const bars = simulated(1500, 0.2, 0.25)

  test('close-to-close and Yang–Zhang see all of it, Parkinson trading hours alone', () => {
    expect(Math.abs((closeToCloseVol(bars).vol as number) / 0.2 - 1)).toBeLessThan(0.05)
    expect(Math.abs((yangZhangVol(bars).vol as number) / 0.2 - 1)).toBeLessThan(0.05)
    expect(Math.abs((parkinsonVol(bars).vol as number) / (0.2 * Math.sqrt(0.75)) - 1)).toBeLessThan(0.05)
  })
})

describe('any estimator', () => {
  test.each([
    ['close to close', closeToCloseVol],
    ['Parkinson', parkinsonVol],
    ['Yang–Zhang', yangZhangVol],
  ])('%s does not depend on the currency, and says why it has no answer', (_, estimator) => {
    const scaled = BARS.map(({ open, high, low, close }) => bar(8 * open, 8 * high, 8 * low, 8 * close))
    expect(estimator(scaled).vol).toBeCloseTo(estimator(BARS).vol as number, 12)
    expect(estimator(BARS.slice(0, 3))).toMatchObject({ vol: null, reason: 'too_few_bars' })
    expect(estimator([])).toEqual({ vol: null, bars: 0, reason: 'too_few_bars' })
    expect(estimator([...BARS, bar(100, 99, 98, 100)])).toMatchObject({ vol: null, reason: 'invalid_bar' })
    expect(estimator([...BARS, bar(100, Number.NaN, 98, 100)]).reason).toBe('invalid_bar')
    expect(estimator([...BARS, bar(1, 1, 0, 1)]).reason).toBe('invalid_bar')
  })
})

describe('variance risk premium', () => {
  test('is implied less realised, in variance and in vol points', () => {
    const premium = varianceRiskPremium(0.2, { vol: 0.15, bars: 21, reason: null })
    expect(premium.variance).toBeCloseTo(0.0175, 12)
    expect(premium.volPts).toBeCloseTo(5, 12)
  })

  test('names the side that is missing', () => {
    expect(varianceRiskPremium(null, closeToCloseVol(BARS)).reason).toBe('no_implied_vol')
    expect(varianceRiskPremium(0.2, closeToCloseVol([]))).toEqual({
      variance: null,
      volPts: null,
      reason: 'no_realised_vol',
    })
  })
})

function simulated(days: number, vol: number, overnightShare: number): Bar[] {
  const random = seededRandom(20261120)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const daily = vol / Math.sqrt(252)
  const steps = 400
  const bars: Bar[] = []
  let price = 100
  for (let day = 0; day < days; day++) {
    price *= Math.exp(daily * Math.sqrt(overnightShare) * normal())
    const open = price
    let [high, low] = [price, price]
    for (let step = 0; step < steps; step++) {
      price *= Math.exp(daily * Math.sqrt((1 - overnightShare) / steps) * normal())
      high = Math.max(high, price)
      low = Math.min(low, price)
    }
    bars.push(bar(open, high, low, price))
  }
  return bars
}
