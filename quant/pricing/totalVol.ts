import { normalisedShortfall, normalisedValue, normalisedVega } from './normalisedBlack.ts'
import { seedTotalVol } from './totalVolSeed.ts'

/** Two or three suffice almost everywhere and twelve were the most ever seen; the limit only bounds the work. */
const MAX_STEPS = 64
/** Convergence is of fourth order, so a step of this relative size leaves an error below rounding. */
const LAST_STEP = 1e-6
/** Largest x at which the rational seed still starts close enough to be worth having. */
const SEED_REACH = 3

/**
 * The total volatility s = σ√T at which `normalisedValue(x, s)` equals `value`, for x ≥ 0 and 0 < value < e^(−x/2).
 *
 * Third-order Householder on the logarithm of the value, or of its shortfall from the ceiling in the upper half, where
 * the value itself goes flat (after P. Jäckel, "Let's Be Rational", Wilmott, 2015). The value rises in s, so each
 * evaluation also narrows a bracket, and a step that leaves it is replaced by a bisection: it cannot diverge.
 */
export function totalVolOf(x: number, value: number): number {
  const shortfall = Math.exp(-0.5 * x) - value
  const useShortfall = shortfall < value
  let low = 0
  let high = Infinity
  let s = x <= SEED_REACH ? seedTotalVol(x, value) : wingSeed(x, value)
  for (let i = 0; i < MAX_STEPS; i++) {
    const step = useShortfall ? shortfallStep(x, s, shortfall) : valueStep(x, s, value)
    if (Math.abs(step) <= LAST_STEP * s) return s + step
    if (step > 0) low = s
    else high = s
    const next = s + step
    if (next > low && next < high) s = next
    else s = high === Infinity ? 2 * s : 0.5 * (low + high)
  }
  return s
}

/** From −ln b = h²/2 + …, at most the inflection √(2x) of b in s, left of which ln b is concave and steps do not overshoot. */
function wingSeed(x: number, value: number): number {
  return Math.min(Math.sqrt(2 * x), x / Math.sqrt(-2 * Math.log(value)))
}

function valueStep(x: number, s: number, target: number): number {
  const value = normalisedValue(x, s)
  if (!(value > 0)) return s
  return householderStep(x, s, Math.log(value / target), normalisedVega(x, s) / value)
}

function shortfallStep(x: number, s: number, target: number): number {
  const shortfall = normalisedShortfall(x, s)
  if (!(shortfall > 0)) return -0.5 * s
  return householderStep(x, s, Math.log(shortfall / target), -normalisedVega(x, s) / shortfall)
}

/**
 * One third-order Householder step towards f = 0, for f = ln(y(s)/target) with y' = ±vega and slope = y'/y. The
 * derivatives of vega are closed: with c = x²/s³ − s/4, vega' = c·vega.
 */
function householderStep(x: number, s: number, f: number, slope: number): number {
  const h = x / s
  const c = (h * h) / s - 0.25 * s
  const newton = -f / slope
  const second = c - slope
  const third = c * c - (3 * h * h) / (s * s) - 0.25 - 3 * c * slope + 2 * slope * slope
  const numerator = 1 + 0.5 * second * newton
  const denominator = 1 + newton * (second + (third * newton) / 6)
  // Outside the step's reach of convergence only the direction of Newton is to be trusted.
  return numerator > 0 && denominator > 0 ? (newton * numerator) / denominator : newton
}
