import { expect, test } from 'vitest'
import { seededRandom } from '../reference/random.ts'
import { halfHourVol, type SpotSample } from './intradayVol.ts'

const MINUTE_MS = 60_000
const SESSION_MS = 390 * MINUTE_MS
const NOW_MS = Date.UTC(2025, 8, 4, 18, 30)

/** One sample every five seconds up to `NOW_MS`. */
function pathOf(minutes: number, spotAt: (minutesIn: number) => number): SpotSample[] {
  return Array.from({ length: 12 * minutes + 1 }, (_, i) => ({
    asOfMs: NOW_MS - (12 * minutes - i) * 5000,
    spot: spotAt(i / 12),
  }))
}

test('of steps of known size, one a minute', () => {
  const path = pathOf(30, (minutes) => 5000 * Math.exp(Math.floor(minutes) % 2 === 0 ? 0 : 1e-4))
  const { vol, steps } = halfHourVol(path, NOW_MS, SESSION_MS)
  expect(steps).toBe(30)
  expect(vol).toBeCloseTo(1e-4 * Math.sqrt(252 * 390), 2)
})

test('what flickers within a minute hardly counts', () => {
  const flicker = pathOf(30, (minutes) => (Math.round(minutes * 12) % 2 === 0 ? 5000 : 5001))
  const everyStep = (1 / 5000) * Math.sqrt(252 * 390 * 12)
  expect(halfHourVol(flicker, NOW_MS, SESSION_MS).vol).toBeLessThan(everyStep / 10)
})

test('a year of 20 % comes out on average', () => {
  const random = seededRandom(20_261_121)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const variances = Array.from({ length: 400 }, () => {
    let ln = Math.log(5000)
    const path = pathOf(30, () => Math.exp((ln += (0.2 * normal()) / Math.sqrt(252 * 390 * 12))))
    return (halfHourVol(path, NOW_MS, SESSION_MS).vol ?? Number.NaN) ** 2
  })
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / variances.length
  expect(Math.sqrt(mean)).toBeCloseTo(0.2, 2)
})

test('older samples, later ones and prices that are none are left out', () => {
  const path = pathOf(30, (minutes) => 5000 + minutes)
  const odd = [
    { asOfMs: NOW_MS - 40 * MINUTE_MS, spot: 1 },
    ...path,
    { asOfMs: NOW_MS, spot: Number.NaN },
    { asOfMs: NOW_MS, spot: 0 },
    { asOfMs: NOW_MS + MINUTE_MS, spot: 1e9 },
  ]
  expect(halfHourVol(odd, NOW_MS, SESSION_MS)).toEqual(halfHourVol(path, NOW_MS, SESSION_MS))
})

test.each([
  ['no samples', [], SESSION_MS],
  ['a quarter of an hour', pathOf(15, () => 5000), SESSION_MS],
  ['no session', pathOf(30, () => 5000), Number.NaN],
])('%s: null with a reason', (_, path, sessionMs) => {
  expect(halfHourVol(path, NOW_MS, sessionMs)).toMatchObject({ vol: null, reason: 'short_path' })
})
