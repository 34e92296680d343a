import { expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../../chain/sampleChain.ts'
import { explainSample } from '../explainSample.ts'
import type { SampleInstant } from '../sampleView.ts'

const HOUR_MS = 3_600_000
const { spot } = SAMPLE_MARKET

/** The sample market with its front expiry two hours away and all open calls on one strike. */
function read(name: string, changes: Partial<SampleMarket> = {}, instant: SampleInstant = {}) {
  const market = {
    days: [2 / 24, 8],
    strikes: Array.from({ length: 61 }, (_, i) => 5650 + 5 * i),
    openInterest: (strike: number, right: 'call' | 'put') => (strike === 5810 && right === 'call' ? 1000 : 0),
    ...changes,
  }
  const session = { openMs: SAMPLE_NOW_MS - 4.5 * HOUR_MS, closeMs: SAMPLE_NOW_MS + 2 * HOUR_MS }
  return explainSample(`pinMap.${name}`, sampleContracts(market), { session, ...instant })
}

test('the magnet is where the open gamma is, ranked first, and its distance is told three ways', () => {
  const magnet = read('magnetStrike')
  expect(magnet.value).toBe(5810)
  expect(magnet.evidence.contributions?.items[0]).toMatchObject({ name: '5810' })
  const amounts = magnet.evidence.contributions?.items.map(({ amount }) => amount) ?? []
  expect(amounts).toEqual(amounts.toSorted((a, b) => b - a))
  expect(read('distanceToMagnet').value).toBe(10)
  expect(read('distanceToMagnetPct').value).toBeCloseTo(1000 / spot, 12)
  const sigma = 0.14 * Math.sqrt(2 / 24 / 365)
  expect(read('distanceToMagnetSigmas').value).toBeCloseTo(10 / (spot * sigma), 2)
})

test('the score is what its terms make it, and the session’s length counts', () => {
  const { value, evidence } = read('pinScore')
  const term = Object.fromEntries(
    evidence.contributions?.items.map(({ name, amount }) => [name, amount]) ?? [],
  )
  const { pull = 0, z = 0, isDealerLong = 0, sessionElapsed = 0 } = term
  expect(value).toBeCloseTo(100 * Math.sqrt(pull * sessionElapsed) * Math.exp(-0.5 * z * z) * isDealerLong, 9)
  expect(sessionElapsed).toBeCloseTo(4.5 / 6.5, 9)
  expect(read('pull').value).toBe(pull)
  const halfDay = { openMs: SAMPLE_NOW_MS - HOUR_MS, closeMs: SAMPLE_NOW_MS + 2.5 * HOUR_MS }
  expect(read('pinScore', {}, { session: halfDay }).value).toBeLessThan(value as number)
})

test('spot is the price everything is computed at', () => {
  expect(read('spotPrice')).toMatchObject({ value: spot, quality: 100 })
  expect(read('spotPrice', {}, { spot: 0 })).toMatchObject({
    value: null,
    reason: 'no price of the underlying',
  })
})

test('no probability is claimed', () => {
  expect(read('pPin')).toMatchObject({ value: null, flags: ['UNCALIBRATED'] })
})

test.each([
  ['no open interest', { openInterest: () => 0 }, 'no gamma within two expected moves in the front expiry'],
  ['no quotes', { halfSpread: -1 }, 'no at-the-money volatility in the front expiry'],
  ['one strike', { strikes: [5810] }, 'no at-the-money volatility in the front expiry'],
  ['no contracts', { strikes: [] }, 'every contract has settled'],
])('%s: null with a reason', (_, changes, reason) => {
  for (const name of ['magnetStrike', 'distanceToMagnet', 'distanceToMagnetSigmas', 'pull', 'pinScore'])
    expect(read(name, changes)).toMatchObject({ value: null, reason })
})
