import { millsRatio } from '../math/millsRatio.ts'

/**
 * Black's formula without units: the out-of-the-money value divided by discount·√(F·K), as a function of
 * x = |ln(F/K)| and the total volatility s = σ√T (P. Jäckel, "Let's Be Rational", Wilmott, 2015). With h = x/s and
 * t = s/2,
 *
 *     b(x, s) = φ(h)·e^(−t²/2)·[M(h − t) − M(h + t)],   b < e^(−x/2),   ∂b/∂s = φ(h)·e^(−t²/2),
 *
 * where M is the Mills ratio. Calls and puts share it, and it never subtracts two large numbers to make a small one.
 */
const INV_SQRT_2PI = 0.3989422804014327

/** ∂b/∂s. */
export function normalisedVega(x: number, s: number): number {
  const h = x / s
  const t = 0.5 * s
  return INV_SQRT_2PI * Math.exp(-0.5 * (h * h + t * t))
}

/**
 * b(x, s) for x ≥ 0, s > 0. Relative error below 1e-15·(1 + h²), which rounding h alone would cost.
 *
 * The difference of Mills ratios loses a factor h/2t when t is small. There it is integrated instead, from
 * −M′(u) = 1 − u·M(u), which loses h²; the switch sits where the two are equal.
 */
export function normalisedValue(x: number, s: number): number {
  const h = x / s
  const t = 0.5 * s
  const vega = normalisedVega(x, s)
  if (t <= 0.5 && 2 * t * h <= 1) return vega * millsDrop(h, t)
  if (h > t) return vega * (millsRatio(h - t) - millsRatio(h + t))
  return Math.exp(-0.5 * x) - normalisedShortfall(x, s)
}

/** e^(−x/2) − b(x, s): how far the value is below its ceiling, accurate where b rounds to the ceiling. */
export function normalisedShortfall(x: number, s: number): number {
  const h = x / s
  const t = 0.5 * s
  if (h > t) return Math.exp(-0.5 * x) - normalisedValue(x, s)
  return normalisedVega(x, s) * (millsRatio(t - h) + millsRatio(t + h))
}

// Gauss–Legendre, eight points on [−1, 1] (Abramowitz & Stegun, table 25.4); the remainder for t ≤ 1/2 is below 1e-15.
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363]
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]

/** M(h − t) − M(h + t) as the integral of −M′ = 1 − u·M(u) over [h − t, h + t]. */
function millsDrop(h: number, t: number): number {
  let sum = 0
  for (const [i, node] of NODES.entries()) {
    const lower = h - t * node
    const upper = h + t * node
    sum += (WEIGHTS[i] as number) * (2 - lower * millsRatio(lower) - upper * millsRatio(upper))
  }
  return t * sum
}
