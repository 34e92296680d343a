import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../../chain/sampleChain.ts'
import { explainSample } from '../explainSample.ts'
import type { MarketSample } from '../marketHistory.ts'
import { sampleView, type SampleInstant } from '../sampleView.ts'
import type { TrackedFlip } from './flipTrack.ts'

const { spot } = SAMPLE_MARKET
const MINUTE_MS = 60_000

const read = (name: string, instant: SampleInstant = {}, changes: Partial<SampleMarket> = {}) =>
  explainSample(`flipTrack.${name}`, sampleContracts(changes), instant)
const flips = (instant: SampleInstant = {}, changes: Partial<SampleMarket> = {}) =>
  read('flips', instant, changes).value as TrackedFlip[]

/** Signed net gamma of the sample at another spot, straight from the definition. */
function netAt(price: number): number {
  const { chain } = sampleView().engine
  let net = 0
  for (let row = 0; row < chain.count; row++) {
    const e = chain.expiryIndex[row] as number
    const deviation = (chain.vol[row] as number) * Math.sqrt(chain.years[e] as number)
    const forward = (chain.forward[e] as number) * (price / spot)
    const d1 = Math.log(forward / (chain.strike[row] as number)) / deviation + deviation / 2
    const carry = ((chain.forward[e] as number) * (chain.discount[e] as number)) / spot
    const gamma = (carry * Math.exp(-0.5 * d1 * d1)) / Math.sqrt(2 * Math.PI) / (price * deviation)
    const held = (chain.callSign[row] as number) * (chain.openInterest[row] as number) * 100
    const exposure = held * gamma * price * price * 0.01
    if (!Number.isNaN(exposure)) net += exposure
  }
  return net
}

test('the nearest flip is where net gamma vanishes, and its strikes cancel there', () => {
  const { value, evidence, reason } = read('nearestFlip')
  const flip = value as number
  expect(reason).toBeNull()
  expect(netAt(flip * 0.999)).toBeLessThan(0)
  expect(netAt(flip * 1.001)).toBeGreaterThan(0)
  expect(Math.abs(netAt(flip))).toBeLessThan(1e-4 * netAt(flip * 1.01))
  const { kind, total, items } = evidence.contributions ?? {}
  expect(kind).toBe('terms')
  expect(Math.abs(total ?? Number.NaN)).toBeLessThan(1e-4 * Math.abs(items?.[0]?.amount ?? 0))
})

test('the profile beside a flip is that of the book', () => {
  const around = read('nearestFlip').evidence.inputs.filter(({ name }) =>
    name.startsWith('net gamma exposure at'),
  )
  expect(around).toHaveLength(7)
  for (const { name, value } of around) {
    const at = netAt(Number(name.split(' ').at(-1)))
    expect(Math.abs((value as number) - at)).toBeLessThan(1e-3 * netAt(spot))
  }
})

test('every flip has slope, masses and its distance three ways', () => {
  const closeMs = SAMPLE_NOW_MS + 90 * MINUTE_MS
  const session = { openMs: SAMPLE_NOW_MS - 300 * MINUTE_MS, closeMs }
  const found = flips({ session })
  expect(found.length).toBeGreaterThan(0)
  const nearest = read('nearestFlip').value as number
  const flip = found.find(({ price }) => price === nearest) as TrackedFlip
  const slope = netAt(nearest + 0.5) - netAt(nearest - 0.5)
  expect(flip.slopePer1PctPerPoint / slope).toBeCloseTo(1, 3)
  expect(flip.distance).toBe(nearest - spot)
  expect(flip.distancePct).toBeCloseTo(100 * (nearest / spot - 1), 9)
  const sigma = 0.14 * Math.sqrt((90 * MINUTE_MS) / (365 * 86_400_000))
  expect(flip.distanceSigmas).toBeCloseTo((nearest / spot - 1) / sigma, 2)
  expect(read('distanceToFlip').value).toBe(flip.distance)
  expect(read('distanceToFlipPct').value).toBeCloseTo(flip.distancePct, 9)
  expect(read('distanceToFlipSigmas', { session }).value).toBeCloseTo(flip.distanceSigmas as number, 9)
  expect(read('distanceToFlipSigmas')).toMatchObject({ value: null, reason: 'the session is not known' })
  expect(flips()[0]?.distanceSigmas).toBeNull()
})

describe('age and drift', () => {
  const nearest = read('nearestFlip').value as number
  const rising = (count: number): MarketSample[] =>
    Array.from({ length: count }, (_, i) => {
      const ago = count - i
      return { asOfMs: SAMPLE_NOW_MS - ago * MINUTE_MS, spot, netGex: 1e9, nearestFlip: nearest - 0.2 * ago }
    })
  const history = (samples: MarketSample[]) => ({ history: { samples, dailyBars: [], dailyAtmVols: [] } })

  test('come from the session’s samples of this flip', () => {
    const known = history(rising(25))
    expect(read('flipAge', known)).toMatchObject({ value: 25, reason: null })
    expect(read('flipDrift', known).value).toBeCloseTo(12, 6)
    const tracked = flips(known).find(({ price }) => price === nearest)
    expect(tracked).toMatchObject({ ageMs: 25 * MINUTE_MS })
    expect(tracked?.driftPerHour).toBeCloseTo(12, 6)
  })

  test('are unknown without them', () => {
    const unknown = { value: null, flags: ['INSUFFICIENT_HISTORY'] }
    expect(read('flipAge')).toMatchObject({ ...unknown, reason: 'no earlier sample is of this flip' })
    expect(read('flipDrift', history(rising(2)))).toMatchObject(unknown)
    expect(flips()[0]).toMatchObject({ ageMs: null, driftPerHour: null })
  })
})

test('one sign: no flip, none counted, and the status says so', () => {
  const callsOnly = { openInterest: (_: number, right: 'call' | 'put') => (right === 'call' ? 100 : 0) }
  expect(flips({}, callsOnly)).toEqual([])
  expect(read('flipCount', {}, callsOnly).value).toBe(0)
  expect(read('flipStatus', {}, callsOnly).value).toBe('one_signed')
  for (const name of ['nearestFlip', 'distanceToFlip', 'distanceToFlipSigmas', 'flipAge', 'flipDrift'])
    expect(read(name, {}, callsOnly)).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^one_signed/),
    })
})

test('stale inputs list crossings and name none', () => {
  const stale = { isStale: true }
  expect(flips(stale)).toHaveLength(flips().length)
  expect(read('nearestFlip', stale)).toMatchObject({ value: null, reason: expect.stringMatching(/^stale/) })
  expect(read('flipCount', stale).value).toBeNull()
})

test('a few narrow bells: significance stays a number', () => {
  const found = flips(
    {},
    {
      days: [10 / (24 * 60)],
      strikes: [5795, 5800, 5805],
      halfSpread: 1e-4,
      openInterest: (strike, right) => (strike === (right === 'call' ? 5805 : 5795) ? 100 : 0),
    },
  )
  expect(found).toHaveLength(1)
  expect(found[0]?.significance).toBeGreaterThan(1)
  expect(Number.isFinite(found[0]?.significance)).toBe(true)
})

test.each([
  ['no open interest', { openInterest: () => 0 }],
  ['no quotes', { halfSpread: -1 }],
  ['no contracts', { strikes: [] }],
])('%s: null with a reason, and a status', (_, changes) => {
  expect(read('flipStatus', {}, changes).value).toBe('no_data')
  for (const name of ['flips', 'nearestFlip', 'flipCount', 'distanceToFlipPct', 'flipAge'])
    expect(read(name, {}, changes)).toMatchObject({ value: null, reason: expect.stringMatching(/^no_data/) })
})
