import type { SmilePoint } from './fitSvi.ts'
import type { QuadraticCurve } from './smileCurve.ts'

/**
 * Weighted least squares of total variance by a quadratic in k that never turns down: where the data would bend it
 * downwards, a straight line. For expiries with too few strikes for SVI. Null when it is not positive over the points,
 * which ascend in k; three or more.
 */
export function fitQuadratic(points: readonly SmilePoint[]): QuadraticCurve | null {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return null
  const range = { kMin: first.k, kMax: last.k }
  const line = lineThrough(points)
  const bent = bendOver(points)
  const coefficients = bent !== null && bent.bend > 0 ? bent : { ...line, bend: 0 }
  const curve = { model: 'quadratic', ...coefficients, ...range } as const
  return lowestOf(curve) > 0 ? curve : null
}

type Coefficients = Pick<QuadraticCurve, 'a' | 'slope' | 'bend'>

function lineThrough(points: readonly SmilePoint[]): { a: number; slope: number } {
  const mean = weightedMeans(points)
  const variance = mean((p) => p.k * p.k) - mean((p) => p.k) ** 2
  const slope = variance > 0 ? (mean((p) => p.k * p.w) - mean((p) => p.k) * mean((p) => p.w)) / variance : 0
  return { a: mean((p) => p.w) - slope * mean((p) => p.k), slope }
}

/** Regresses w on what k² has beyond its own line in k: the orthogonal form of the quadratic fit. */
function bendOver(points: readonly SmilePoint[]): Coefficients | null {
  const mean = weightedMeans(points)
  const square = lineThrough(points.map(({ k, weight }) => ({ k, w: k * k, weight })))
  const line = lineThrough(points)
  const excess = ({ k }: SmilePoint): number => k * k - square.a - square.slope * k
  const spread = mean((p) => excess(p) ** 2)
  if (!(spread > 1e-12 * mean((p) => p.k ** 4))) return null
  const bend = mean((p) => excess(p) * (p.w - line.a - line.slope * p.k)) / spread
  return { a: line.a - bend * square.a, slope: line.slope - bend * square.slope, bend }
}

function weightedMeans(points: readonly SmilePoint[]): (of: (p: SmilePoint) => number) => number {
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  return (of) => points.reduce((sum, point) => sum + point.weight * of(point), 0) / total
}

function lowestOf({ a, slope, bend, kMin, kMax }: QuadraticCurve): number {
  const vertex = bend > 0 ? Math.min(Math.max((-0.5 * slope) / bend, kMin), kMax) : kMin
  return Math.min(...[kMin, vertex, kMax].map((k) => a + k * (slope + bend * k)))
}
