import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layOutChain } from '../chain/layout.ts'
import { VOL_STATUS } from '../chain/volStatus.ts'
import { black76 } from '../pricing/black76.ts'
import { impliedVol } from '../pricing/impliedVol.ts'
import { seededRandom } from '../reference/random.ts'
import { syntheticChain } from '../reference/syntheticChain.ts'
import { impliedVolRange } from './impliedVol.ts'

describe('on a chain of known volatilities', () => {
  const { chain, trueVol } = syntheticChain(1, 4000, 20)

  const worstError = (): number =>
    trueVol.reduce((worst, vol, row) => Math.max(worst, Math.abs((chain.vol[row] as number) - vol)), 0)

  test('recovers every one cold, far inside 1e-8', () => {
    impliedVolRange(chain, 0, chain.count, false)
    expect(worstError()).toBeLessThan(1e-10)
    expect(new Set(chain.volStatus)).toEqual(new Set([VOL_STATUS.priced]))
  })

  test.each([0.5, 0.98, 1.002, 1.5, 4])('recovers every one warm from %f of it', (factor) => {
    for (const [row, vol] of trueVol.entries()) chain.vol[row] = vol * factor
    impliedVolRange(chain, 0, chain.count, true)
    expect(worstError()).toBeLessThan(1e-10)
  })

  test('warm from nothing or nonsense still answers', () => {
    const nonsense = [NaN, 0, -1, Infinity, 1e-12, 1e12]
    for (const row of trueVol.keys()) chain.vol[row] = nonsense[row % nonsense.length] as number
    impliedVolRange(chain, 0, chain.count, true)
    expect(worstError()).toBeLessThan(1e-10)
  })

  test('touches only the rows asked for, wherever they start and end', () => {
    chain.vol.fill(-7)
    impliedVolRange(chain, 150, 1234, false)
    expect(chain.vol.subarray(0, 150).every((vol) => vol === -7)).toBe(true)
    expect(chain.vol.subarray(150, 1234).every((vol) => vol > 0)).toBe(true)
    expect(chain.vol.subarray(1234).every((vol) => vol === -7)).toBe(true)
  })
})

/** 200 contracts of one expiry far into the wings; prices computed from volatilities of 1 to 500 %. */
function wingChain(seed: number, years: number) {
  const random = seededRandom(seed)
  const forward = 100 * (0.5 + random())
  const discount = 0.98
  const drawn = Array.from({ length: 200 }, () => {
    const vol = 0.01 * 500 ** random()
    const strike = forward * Math.exp((2 * random() - 1) * 10 * vol * Math.sqrt(years))
    const right = random() < 0.5 ? ('call' as const) : ('put' as const)
    return { strike, right, price: black76({ forward, strike, years, discount, vol, right }) }
  })
  const chain = layOutChain(
    drawn.map(({ strike, right }) => ({ strike, right, expiryMs: 1, multiplier: 100 })),
  )
  chain.years[0] = years
  chain.forward[0] = forward
  chain.discount[0] = discount
  for (const [i, { price }] of drawn.entries()) chain.price[chain.rowOf[i] as number] = price
  return { chain, drawn, forward, discount }
}

test('agrees with the scalar solver, answer or reason, in any wing and minutes from expiry', () => {
  const minute = 1 / 525_600
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: minute, max: 3, noNaN: true }), (seed, years) => {
      const { chain, drawn, forward, discount } = wingChain(seed, years)
      impliedVolRange(chain, 0, chain.count, false)
      for (const [i, { strike, right, price }] of drawn.entries()) {
        const row = chain.rowOf[i] as number
        // A strike so far out that the layout refuses it.
        if (row < 0) continue
        const scalar = impliedVol({ forward, strike, discount, years, right, price })
        const status = scalar.ok ? 'priced' : scalar.reason
        expect(chain.volStatus[row]).toBe(VOL_STATUS[status])
        const expected = scalar.ok ? scalar.vol : NaN
        // Rounding of the time value of an in-the-money price moves both solvers, each its own way.
        const exercise = Math.max(0, right === 'call' ? forward - strike : strike - forward)
        const timeValue = price / discount - exercise
        const tolerance = 1e-9 + (4 * Number.EPSILON * (forward + strike)) / timeValue
        const error = scalar.ok ? Math.abs((chain.vol[row] as number) / expected - 1) : 0
        expect(error).toBeLessThan(tolerance > 0 ? tolerance : Infinity)
      }
    }),
    { seed: 20261120, numRuns: 60 },
  )
})

describe('rows without a volatility', () => {
  const { chain } = syntheticChain(2, 40, 2)

  test.each([
    ['not_finite', 0, NaN],
    ['below_intrinsic', 0, -1],
    ['at_intrinsic', 0, 0],
    ['above_maximum', 0, 1e6],
    ['stale', VOL_STATUS.stale, NaN],
    ['at_intrinsic', VOL_STATUS.stale, 0],
  ] as const)('%s', (reason, statusBefore, timeValue) => {
    const e = chain.expiryIndex[5] as number
    const exercise =
      (chain.callSign[5] as number) * ((chain.forward[e] as number) - (chain.strike[5] as number))
    chain.price[5] = (Math.max(0, exercise) + timeValue) * (chain.discount[e] as number)
    chain.volStatus[5] = statusBefore
    impliedVolRange(chain, 5, 6, false)
    expect(chain.vol[5]).toBeNaN()
    expect(chain.volStatus[5]).toBe(VOL_STATUS[reason])
  })

  test('a settled expiry and an unknown forward take their rows with them', () => {
    chain.years[0] = 0
    chain.forward[1] = NaN
    impliedVolRange(chain, 0, chain.count, false)
    const second = chain.expiryStart[1] as number
    expect(chain.vol.every(Number.isNaN)).toBe(true)
    expect(new Set(chain.volStatus.subarray(0, second))).toEqual(new Set([VOL_STATUS.expired]))
    expect(new Set(chain.volStatus.subarray(second))).toEqual(new Set([VOL_STATUS.not_finite]))
  })

  test('a discount that is not positive is refused, whatever the sign of the price', () => {
    const { chain } = syntheticChain(6, 10, 1)
    chain.discount[0] = -0.9
    for (const row of chain.price.keys()) chain.price[row] = -(chain.price[row] as number)
    impliedVolRange(chain, 0, chain.count, false)
    expect(new Set(chain.volStatus)).toEqual(new Set([VOL_STATUS.not_positive]))
  })
})
