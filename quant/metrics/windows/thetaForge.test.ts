import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../../chain/sampleChain.ts'
import { black76 } from '../../pricing/black76.ts'
import { explainSample } from '../explainSample.ts'
import { sampleView, type SampleInstant } from '../sampleView.ts'

const HOUR_MS = 3_600_000
const { spot } = SAMPLE_MARKET
/** The front expiry settles at the close, two hours from the sample instant. */
const SETTLES_TODAY: Partial<SampleMarket> = { days: [2 / 24, 8, 36], halfSpread: 1e-6 }
const SESSION = { openMs: SAMPLE_NOW_MS - 4.5 * HOUR_MS, closeMs: SAMPLE_NOW_MS + 2 * HOUR_MS }

const read = (name: string, changes: Partial<SampleMarket> = SETTLES_TODAY, instant: SampleInstant = {}) =>
  explainSample(`thetaForge.${name}`, sampleContracts(changes), { session: SESSION, ...instant })

/** Σ θ·OI·M/365 straight from the chain's greeks; figures differ by what contracts are rounded to, 2⁻⁶ of a currency unit. */
function theta(weigh: (isCall: boolean, isToday: boolean) => number): number {
  const { chain } = sampleView(sampleContracts(SETTLES_TODAY)).engine
  let sum = 0
  for (let row = 0; row < chain.count; row++) {
    const decay = ((chain.theta[row] as number) * (chain.openInterest[row] as number) * 100) / 365
    if (!Number.isNaN(decay)) sum += weigh(chain.callSign[row] === 1, chain.expiryIndex[row] === 0) * decay
  }
  return sum
}

test.each([
  ['thetaPerDay', theta((isCall) => (isCall ? 1 : -1))],
  ['thetaPerDayCall', theta((isCall) => (isCall ? 1 : 0))],
  ['thetaPerDayPut', theta((isCall) => (isCall ? 0 : -1))],
  ['thetaPerDayGross', theta(() => 1)],
])('%s is what its definition says, and its evidence adds up to it', (name, expected) => {
  const { value, evidence } = read(name)
  expect((value as number) / expected).toBeCloseTo(1, 7)
  expect(evidence.contributions).toMatchObject({ kind: 'sum', total: value })
})

test('the share that settles today is of unsigned theta', () => {
  expect(read('thetaZeroDteShare').value).toBeCloseTo(
    theta((_, isToday) => Number(isToday)) / theta(() => 1),
    7,
  )
  expect(read('thetaZeroDteShare', { days: [1, 8] })).toMatchObject({
    value: null,
    reason: 'nothing settles today',
  })
})

test('by expiry it adds up, signed and unsigned', () => {
  const value = read('thetaByExpiry').value as { expiryMs: number[]; gross: number[]; signed: number[] }
  const total = (column: number[]) => column.reduce((sum, amount) => sum + amount, 0)
  expect(value.expiryMs[0]).toBe(SESSION.closeMs)
  expect([value.expiryMs, value.gross, value.signed].map(({ length }) => length)).toEqual([3, 3, 3])
  expect(total(value.gross)).toBe(read('thetaPerDayGross').value)
  expect(total(value.signed)).toBe(read('thetaPerDay').value)
})

describe('bleed to the close', () => {
  test('is what each option loses when repriced at the close', () => {
    const { chain } = sampleView(sampleContracts(SETTLES_TODAY)).engine
    let expected = 0
    for (let row = 0; row < chain.count; row++) {
      const e = chain.expiryIndex[row] as number
      const yearsThen = (chain.years[e] as number) - 2 / 24 / 365
      const share = yearsThen / (chain.years[e] as number)
      const right = chain.callSign[row] === 1 ? 'call' : 'put'
      const strike = chain.strike[row] as number
      const exercise = Math.max(0, right === 'call' ? spot - strike : strike - spot)
      const option = { strike, right, vol: chain.vol[row] as number } as const
      const discount = (chain.discount[e] as number) ** share
      const forward = spot * ((chain.forward[e] as number) / spot) ** share
      const then = share > 1e-9 ? black76({ ...option, forward, discount, years: yearsThen }) : exercise
      const lost = ((chain.value[row] as number) - then) * (chain.openInterest[row] as number) * 100
      if (!Number.isNaN(lost)) expected += lost
    }
    const { value, evidence } = read('bleedToClose')
    const { call, put, net } = value as { call: number; put: number; net: number }
    expect(net / expected).toBeCloseTo(1, 6)
    expect(call + put).toBe(net)
    expect(evidence.contributions?.total).toBe(net)
  })

  test('of what settles by then is its time value bit for bit, and less than theta says', () => {
    const { value, evidence } = read('bleedToCloseSettling')
    const { net, extrinsic, thetaPerDay } = value as { net: number; extrinsic: number; thetaPerDay: number }
    expect(net).toBe(extrinsic)
    expect(-thetaPerDay / net).toBeGreaterThan(3)
    expect(evidence.contributions?.total).toBe(net)
  })

  test('signed takes dealers’ side', () => {
    const { call, put } = read('bleedToClose').value as { call: number; put: number }
    expect(read('bleedToCloseSigned').value).toEqual({ call, put: -put, net: call - put })
  })

  test('needs a close ahead, and something that settles by it', () => {
    const unknown = { session: null }
    expect(read('bleedToClose', SETTLES_TODAY, unknown).reason).toBe('the session is not known')
    const closed = { session: { openMs: SAMPLE_NOW_MS - 7 * HOUR_MS, closeMs: SAMPLE_NOW_MS - HOUR_MS } }
    expect(read('bleedToClose', SETTLES_TODAY, closed).reason).toBe('the close is not ahead')
    expect(read('bleedToCloseSettling', { days: [1, 8] }).reason).toBe('nothing settles by the close')
  })
})

test.each([
  ['no open interest', { openInterest: () => 0 }, 'no open interest'],
  ['no quotes', { halfSpread: -1 }, 'no contract has a volatility'],
  ['no contracts', { strikes: [] }, 'every contract has settled'],
])('%s: null with a reason', (_, changes, reason) => {
  for (const name of [
    'thetaPerDay',
    'thetaPerDayGross',
    'thetaZeroDteShare',
    'thetaByExpiry',
    'bleedToClose',
  ])
    expect(read(name, { ...SETTLES_TODAY, ...changes })).toMatchObject({ value: null, reason })
})
