/** Quadratic cost uu·x² + vv·y² + 2·uv·xy − 2·u·x − 2·v·y: a least-squares problem in two unknowns, already summed. */
export interface NormalEquations {
  readonly uu: number
  readonly vv: number
  readonly uv: number
  readonly u: number
  readonly v: number
}

/** Below this share of its largest value the determinant is rounding and the two columns are one. */
const SINGULAR = 1e-14

/** The minimiser over the square [0, limit]²: inside if the free solution is there, else on the best of four edges. */
export function boxLeastSquares(equations: NormalEquations, limit: number): { x: number; y: number } {
  const { uu, vv, uv, u, v } = equations
  const determinant = uu * vv - uv * uv
  if (determinant > SINGULAR * uu * vv) {
    const x = (u * vv - v * uv) / determinant
    const y = (v * uu - u * uv) / determinant
    if (x >= 0 && y >= 0 && x <= limit && y <= limit) return { x, y }
  }
  const clamp = (value: number): number => (value > 0 ? Math.min(value, limit) : 0)
  let best = { x: 0, y: 0 }
  for (const edge of [0, limit]) {
    const vertical = { x: edge, y: clamp((v - uv * edge) / vv) }
    const horizontal = { x: clamp((u - uv * edge) / uu), y: edge }
    if (costOf(equations, vertical) < costOf(equations, best)) best = vertical
    if (costOf(equations, horizontal) < costOf(equations, best)) best = horizontal
  }
  return best
}

export function costOf({ uu, vv, uv, u, v }: NormalEquations, { x, y }: { x: number; y: number }): number {
  return x * (uu * x - 2 * u) + y * (vv * y - 2 * v) + 2 * uv * x * y
}
