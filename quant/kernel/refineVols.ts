import type { Chain } from '../chain/chain.ts'
import { VOL_STATUS } from '../chain/volStatus.ts'
import { fastExp } from '../math/fastExp.ts'
import { fastMillsSum } from '../math/fastMillsRatio.ts'
import { solveRowVol } from './solveRowVol.ts'

/**
 * Improves the guess in `vol` of the given rows of expiry e to the implied volatility and sets `volStatus`. Third-order
 * Householder on the logarithm of the normalised out-of-the-money value, as `pricing/totalVol.ts`, with the expiry's
 * share of the work hoisted and the fast exponential and Mills ratio. Whatever is not ordinary (no price, no time
 * value, far wings, no convergence) goes to the scalar solver, which also knows the reasons.
 */
export function refineVols(chain: Chain, e: number, rows: Int32Array): void {
  const { strike, lnStrike, invSqrtStrike, callSign, price, vol, volStatus } = chain
  const invSqrt2Pi = 0.3989422804014327
  const priced = VOL_STATUS.priced
  // Steps before a row is handed to the bracketed scalar solver; a seeded row takes one, rarely two.
  const maxSteps = 4
  // Convergence is of fourth order: a step of this relative size leaves an error below 8e-10, 1.1e-10 up to s = 2.
  const lastStep = 5.5e-3
  const forward = chain.forward[e] as number
  const lnForward = Math.log(forward)
  const invSqrtForward = 1 / Math.sqrt(forward)
  const discount = chain.discount[e] as number
  const invDiscount = discount > 0 ? 1 / discount : NaN
  const rootYears = Math.sqrt(chain.years[e] as number)
  const invRootYears = 1 / rootYears
  for (let j = 0; j < rows.length; j++) {
    const i = rows[j] as number
    const exercise = forward - (strike[i] as number)
    const invScale = invSqrtForward * (invSqrtStrike[i] as number)
    const present = (price[i] as number) * invDiscount
    const isInTheMoney = exercise * (callSign[i] as number) > 0
    const value = (isInTheMoney ? present - Math.abs(exercise) : present) * invScale
    const ceiling = (exercise > 0 ? (strike[i] as number) : forward) * invScale
    const x = Math.abs(lnForward - (lnStrike[i] as number))
    let s = (vol[i] as number) * rootYears
    const isOrdinary = value > 1e-8 && value < 0.9 * ceiling && x < 3 && s > 0
    let stepsLeft = isOrdinary ? maxSteps : 0
    while (stepsLeft > 0) {
      const invS = 1 / s
      const h = x * invS
      const t = 0.5 * s
      const h2 = h * h
      const vega = invSqrt2Pi * fastExp(-0.5 * (h2 + t * t))
      const isLow = h < t
      const tails = vega * fastMillsSum(Math.abs(h - t), h + t, isLow ? 1 : -1)
      const modelValue = isLow ? ceiling - tails : tails
      // ln(model/value) by its atanh series once close: the logarithm of a ratio near 1 without the call.
      const gap = (modelValue - value) / (modelValue + value)
      const gap2 = gap * gap
      const f =
        gap2 < 0.0025
          ? 2 * gap * (1 + gap2 * (1 / 3 + gap2 * (0.2 + gap2 * (1 / 7))))
          : Math.log(modelValue / value)
      const slope = vega / modelValue
      const c = h2 * invS - 0.25 * s
      const newton = -f / slope
      const second = c - slope
      const third = c * c - 3 * h2 * invS * invS - 0.25 - 3 * c * slope + 2 * slope * slope
      const step = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + third * newton * (1 / 6)))
      s += step
      stepsLeft = Math.abs(step) < lastStep * s ? -1 : stepsLeft - 1
    }
    if (stepsLeft < 0) {
      vol[i] = s * invRootYears
      volStatus[i] = priced
    } else solveRowVol(chain, i, e)
  }
}
