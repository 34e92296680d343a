import { expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts, sampleForward } from '../../../chain/sampleChain.ts'
import { black76 } from '../../../pricing/black76.ts'
import { explainSample } from '../../explainSample.ts'

const CONTRACTS = sampleContracts()
const read = (name: string, contracts = CONTRACTS) => explainSample(`level.${name}`, contracts)

/** What the open contracts settling in `days` pay out at a price. */
function payout(days: number, price: number): number {
  const expiryMs = SAMPLE_NOW_MS + days * 86_400_000
  return CONTRACTS.filter((contract) => contract.expiryMs === expiryMs).reduce(
    (sum, { strike, right, openInterest }) =>
      sum + openInterest * Math.max(0, right === 'call' ? price - strike : strike - price),
    0,
  )
}

test('max pain of each expiry pays out least, candidates ranked from the least', () => {
  const { value, evidence } = read('maxPain')
  const {
    expiryMs,
    strike,
    payout: paid,
  } = value as { expiryMs: number[]; strike: number[]; payout: number[] }
  expect([expiryMs, strike, paid].map(({ length }) => length)).toEqual([5, 5, 5])
  for (const [i, days] of SAMPLE_MARKET.days.entries()) {
    const least = Math.min(...SAMPLE_MARKET.strikes.map((price) => payout(days, price)))
    expect(paid[i]).toBe(least)
    expect(payout(days, strike[i] as number)).toBe(least)
  }
  const items = evidence.contributions?.items ?? []
  expect(items[0]?.name).toBe(String(strike[0]))
  for (const { name, amount } of items) expect(amount).toBe(payout(1, Number(name)))
  expect(read('maxPainFront').value).toBe(strike[0])
})

test('the payout at max pain is not passed off as an amount of money: the multiplier is not in it', () => {
  expect(read('maxPain').unit).toBe('USD; payout: contracts × USD per unit of the underlying')
  expect(read('maxPainFront').unit).toBe('USD')
})

test('the straddle at the forward, and a standard deviation two ways that agree', () => {
  const days = SAMPLE_MARKET.days[0] as number
  const forward = sampleForward(SAMPLE_MARKET, days)
  const at = {
    forward,
    strike: forward,
    years: days / 365,
    discount: 1,
    vol: SAMPLE_MARKET.vol(forward, days),
  }
  const straddle = black76({ ...at, right: 'call' }) + black76({ ...at, right: 'put' })
  expect((read('expectedMoveStraddle').value as number) / straddle).toBeCloseTo(1, 2)
  const byStraddle = read('expectedMoveSigmaStraddle').value as number
  const byVol = read('expectedMoveSigmaVol').value as number
  expect(byStraddle / (read('expectedMoveStraddle').value as number)).toBeCloseTo(Math.sqrt(Math.PI / 2), 12)
  expect(byVol / (forward * at.vol * Math.sqrt(days / 365))).toBeCloseTo(1, 2)
  expect(byStraddle / byVol).toBeCloseTo(1, 1)
})

test('by expiry, every live one, the front as above', () => {
  const value = read('expectedMoves').value as Record<string, number[]>
  expect(Object.values(value).map(({ length }) => length)).toEqual([5, 5, 5, 5, 5, 5])
  expect(value['straddle']?.[0]).toBeCloseTo(read('expectedMoveStraddle').value as number, 9)
  expect(value['oneSigmaByVol']?.[0]).toBeCloseTo(read('expectedMoveSigmaVol').value as number, 9)
})

test('a way that cannot be taken says why', () => {
  const coarse = sampleContracts({ days: [36], strikes: [5300, 5700, 6100, 6500] })
  expect(read('expectedMoveStraddle', coarse)).toMatchObject({
    value: null,
    reason: expect.stringMatching(/^strikes_too_coarse/),
  })
  expect((read('expectedMoves', coarse).value as Record<string, unknown[]>)['straddle']?.[0]).toBeNull()
})

test.each([
  ['no open interest', sampleContracts({ openInterest: () => 0 }), ['maxPain', 'maxPainFront']],
  ['no contracts', [], ['maxPain', 'maxPainFront', 'expectedMoveStraddle', 'expectedMoves']],
])('%s: null with a reason', (_, contracts, names) => {
  for (const name of names)
    expect(read(name, contracts)).toMatchObject({
      value: null,
      reason: expect.stringMatching(/open interest|settled/),
    })
})
