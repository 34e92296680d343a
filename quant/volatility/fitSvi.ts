import { boxLeastSquares, costOf } from './boxLeastSquares.ts'
import { nelderMead, type Vertex } from './nelderMead.ts'
import { durrleman, type SviCurve } from './smileCurve.ts'

/**
 * Calibration of one raw SVI smile, quasi-explicit: for a given centre m and width σ the other three parameters solve
 * a linear least-squares problem in closed form, so only two are searched for (Zeliade Systems, "Quasi-explicit
 * calibration of Gatheral's SVI model", 2009).
 *
 * With z = (k − m)/σ and r = √(1 + z²) the smile is linear in its level and its two wings,
 *
 *     w = level + right·(r + z)/2 + left·(r − z)/2,   right = σ·b·(1 + ρ),   left = σ·b·(1 − ρ),
 *
 * and each wing's slope in k lies in [0, 2] (R. Lee, "The moment formula for implied volatility at extreme strikes",
 * 2004): the paper's constraints become a square. Butterfly arbitrage is charged to the search, which costs the fit
 * of recorded SPX chains less than 0.01 vol points and leaves none.
 */
export interface SmilePoint {
  readonly k: number
  /** Total variance. */
  readonly w: number
  /** Weight of a squared error of w. */
  readonly weight: number
}

const MAX_WING_SLOPE = 2
/** Where Durrleman's function is kept positive, in standard deviations: as far as the density is used. */
const ARBITRAGE_REACH = 5.5
const ARBITRAGE_NODES = 28
/** Asked for at the nodes so that what lies between them stays above 0. */
const ARBITRAGE_MARGIN = 0.005
/** Against a mean squared relative error of variance; high enough to be a wall. */
const ARBITRAGE_COST = 100

/** Candidate starts, in standard deviations; the search goes on from the best. */
const START_CENTRES = [-1, -0.25, 0.25, 1]
const START_WIDTHS = [0.3, 1, 3]
const FIRST_STEP = { x: 0.3, y: 0.5 }
/** A width beyond these is a corner or a parabola as far as any quote can tell. */
const LN_WIDTH = { min: Math.log(0.05), max: Math.log(20) }
const TOLERANCE = 1e-5
const MAX_STEPS = 80

/**
 * The smile through points ascending in k; five or more, or it is not determined. `deviation` is one standard
 * deviation of ln spot at settlement (σ_ATM·√T), the unit of the search. Deterministic; some 100 evaluations of about
 * a microsecond, never more than 400.
 */
export function fitSvi(points: readonly SmilePoint[], deviation: number): SviCurve {
  const problem = createProblem(points, deviation)
  const cost = (x: number, y: number): number => solveAt(problem, x, y)
  let start: Vertex = { x: 0, y: 0, value: Infinity }
  for (const x of START_CENTRES) {
    for (const y of START_WIDTHS.map(Math.log)) {
      const value = cost(x, y)
      if (value < start.value) start = { x, y, value }
    }
  }
  const best = nelderMead(cost, start, FIRST_STEP, TOLERANCE, MAX_STEPS)
  solveAt(problem, best.x, best.y)
  const { m, sigma, level, right, left } = problem.found
  const wings = right + left
  return {
    model: 'svi',
    a: level,
    b: wings / (2 * sigma),
    rho: wings > 0 ? (right - left) / wings : 0,
    m,
    sigma,
  }
}

interface Wings {
  m: number
  sigma: number
  level: number
  right: number
  left: number
}

interface Problem {
  readonly k: Float64Array
  readonly w: Float64Array
  /** Summing to 1. */
  readonly weight: Float64Array
  readonly deviation: number
  /** Turns a squared error of total variance into one relative to the variance at the money. */
  readonly costScale: number
  readonly arbitrageNodes: Float64Array
  /** What the last call of `solveAt` found. */
  readonly found: Wings
}

function createProblem(points: readonly SmilePoint[], deviation: number): Problem {
  const weights = points.reduce((sum, { weight }) => sum + weight, 0)
  const from = -ARBITRAGE_REACH * deviation
  const step = (-2 * from) / (ARBITRAGE_NODES - 1)
  return {
    k: Float64Array.from(points, ({ k }) => k),
    w: Float64Array.from(points, ({ w }) => w),
    weight: Float64Array.from(points, ({ weight }) => weight / weights),
    deviation,
    costScale: deviation ** -4,
    arbitrageNodes: Float64Array.from({ length: ARBITRAGE_NODES }, (_, i) => from + i * step),
    found: { m: 0, sigma: 1, level: 0, right: 0, left: 0 },
  }
}

/** Best level and wings for the centre x and the width e^y, in deviations; returns the cost there. */
function solveAt(problem: Problem, x: number, y: number): number {
  const { k, deviation, found } = problem
  const m = x * deviation
  const outside = m < (k[0] as number) || m > (k[k.length - 1] as number)
  if (outside || y < LN_WIDTH.min || y > LN_WIDTH.max) return Infinity
  const sigma = Math.exp(y) * deviation
  const sums = sumsAt(problem, m, sigma)
  const { u, v, w, uu, vv, uv, uw, vw, ww } = sums
  const limit = MAX_WING_SLOPE * sigma
  // Weights sum to 1, so subtracting the means eliminates the level.
  const centred = { uu: uu - u * u, vv: vv - v * v, uv: uv - u * v, u: uw - u * w, v: vw - v * w }
  let wings = boxLeastSquares(centred, limit)
  let level = w - wings.x * u - wings.y * v
  let error = ww - w * w + costOf(centred, wings)
  if (level + Math.sqrt(wings.x * wings.y) < 0) {
    // The bottom of the smile would be a negative variance; a level of 0 cannot make one.
    const fromZero = { uu, vv, uv, u: uw, v: vw }
    wings = boxLeastSquares(fromZero, limit)
    level = 0
    error = ww + costOf(fromZero, wings)
  }
  found.m = m
  found.sigma = sigma
  found.level = level
  found.right = wings.x
  found.left = wings.y
  return Math.max(0, error) * problem.costScale + arbitrageCost(problem)
}

/** Weighted means of the wing shapes u = (r + z)/2 and v = (r − z)/2, of w, and of their products. */
function sumsAt({ k, w: targets, weight }: Problem, m: number, sigma: number) {
  let u = 0
  let v = 0
  let w = 0
  let uu = 0
  let vv = 0
  let uw = 0
  let vw = 0
  let ww = 0
  for (let i = 0; i < k.length; i++) {
    const z = ((k[i] as number) - m) / sigma
    const r = Math.sqrt(1 + z * z)
    const right = 0.5 * (r + z)
    const left = 0.5 * (r - z)
    const target = targets[i] as number
    const h = weight[i] as number
    u += h * right
    v += h * left
    w += h * target
    uu += h * right * right
    vv += h * left * left
    uw += h * right * target
    vw += h * left * target
    ww += h * target * target
  }
  // u·v = (r² − z²)/4 = 1/4 everywhere, and the weights sum to 1.
  return { u, v, w, uu, vv, uv: 0.25, uw, vw, ww }
}

/** Mean square of what Durrleman's function lacks at the nodes. */
function arbitrageCost({ arbitrageNodes, found }: Problem): number {
  const { m, sigma, level, right, left } = found
  const mean = 0.5 * (right + left)
  const tilt = 0.5 * (right - left)
  let sum = 0
  for (let i = 0; i < arbitrageNodes.length; i++) {
    const k = arbitrageNodes[i] as number
    const z = (k - m) / sigma
    const r = Math.sqrt(1 + z * z)
    const w = level + mean * r + tilt * z
    const slope = (mean * (z / r) + tilt) / sigma
    const curvature = mean / (sigma * sigma * r * r * r)
    const lacking = ARBITRAGE_MARGIN - durrleman(w, slope, curvature, k)
    if (lacking > 0) sum += lacking * lacking
  }
  return (ARBITRAGE_COST * sum) / arbitrageNodes.length
}
