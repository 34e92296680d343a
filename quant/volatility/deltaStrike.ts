import { normalCdf } from '../math/normal.ts'
import type { Right } from '../pricing/blackScholes.ts'
import type { TenorSlice } from './tenorSlice.ts'

const MAX_STEPS = 60
/** Of delta; far below what any quote can tell. */
const TOLERANCE = 1e-12

/**
 * Log-moneyness of the out-of-the-money option whose undiscounted forward delta, N(d₁) for a call and −N(−d₁) for a
 * put, is `delta` in size (0.25 for "25-delta") on the smile itself: each trial strike uses its own volatility. Null when
 * that strike lies outside the quoted ones.
 */
export function strikeAtDelta(slice: TenorSlice, delta: number, right: Right): number | null {
  const sign = right === 'call' ? 1 : -1
  // Delta shrinks in size from the forward outwards, monotonically wherever the smile has no arbitrage.
  const excess = (distance: number): number => {
    const k = sign * distance
    const s = Math.sqrt(slice.at(k).w)
    return normalCdf(sign * (-k / s + 0.5 * s)) - delta
  }
  const reach = right === 'call' ? slice.kMax : -slice.kMin
  const distance = reach > 0 ? rootBetween(excess, 0, reach) : null
  return distance === null ? null : sign * distance
}

/**
 * Root of a falling function by false position with the Illinois modification (M. Dowell and P. Jarratt, 1971): never
 * leaves the bracket, some eight evaluations. Null when the ends do not bracket a root.
 */
function rootBetween(f: (x: number) => number, from: number, to: number): number | null {
  let [low, high] = [from, to]
  let [fLow, fHigh] = [f(low), f(high)]
  if (!(fLow >= 0 && fHigh <= 0)) return null
  let lastSide = 0
  for (let i = 0; i < MAX_STEPS; i++) {
    const x = fLow === fHigh ? low : low + ((high - low) * fLow) / (fLow - fHigh)
    const value = f(x)
    if (Math.abs(value) < TOLERANCE) return x
    const side = Math.sign(value)
    if (side > 0) [low, fLow, fHigh] = [x, value, side === lastSide ? 0.5 * fHigh : fHigh]
    else [high, fHigh, fLow] = [x, value, side === lastSide ? 0.5 * fLow : fLow]
    lastSide = side
  }
  return 0.5 * (low + high)
}

/** Annualised volatility of a slice at a log-moneyness. */
export function volAt(slice: TenorSlice, k: number): number {
  return Math.sqrt(slice.at(k).w / slice.years)
}
