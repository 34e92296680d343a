/** Eigenvalues, largest first, and the unit vector of each. */
export interface EigenSystem {
  readonly values: Float64Array
  readonly vectors: readonly Float64Array[]
}

/** Convergence is quadratic: 28 nodes take about eight. */
const MAX_SWEEPS = 40
/** Of the sum of squares above the diagonal, the largest entry being 1: far below what moves the diagonal. */
const NEGLIGIBLE = 1e-36

/**
 * Decomposition of a symmetric n×n matrix, row-major, by cyclic Jacobi rotations (G. Golub and C. Van Loan, "Matrix
 * Computations", 4th ed., 2013, algorithms 8.5.1 and 8.5.3): small eigenvalues keep their accuracy and vectors are
 * orthogonal to rounding. Only the upper triangle is read. The sign of a vector is arbitrary. Null when an entry is not
 * finite.
 */
export function jacobiEigen(matrix: Float64Array, n: number): EigenSystem | null {
  const scale = matrix.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
  if (!Number.isFinite(scale)) return null
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      // Scaled to 1, so that squares neither overflow nor vanish.
      a[i * n + j] = scale > 0 ? (matrix[i * n + j] as number) / scale : 0
      a[j * n + i] = a[i * n + j] as number
    }
  }
  const vectors = identity(n)
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a, n) > NEGLIGIBLE; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q)
  }
  return sorted(a, vectors, n, scale)
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += (a[i * n + j] as number) ** 2
  return sum
}

/** The rotation of rows and columns p and q that makes a[p][q] zero; row j of `vectors` follows along. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number
  if (apq === 0) return
  const tau = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau))
  const c = 1 / Math.hypot(1, t)
  const s = t * c
  for (let i = 0; i < n; i++) turn(a, i * n + p, i * n + q, c, s)
  for (let i = 0; i < n; i++) turn(a, p * n + i, q * n + i, c, s)
  for (let i = 0; i < n; i++) turn(vectors, p * n + i, q * n + i, c, s)
  a[p * n + q] = 0
  a[q * n + p] = 0
}

function turn(values: Float64Array, first: number, second: number, c: number, s: number): void {
  const x = values[first] as number
  const y = values[second] as number
  values[first] = c * x - s * y
  values[second] = s * x + c * y
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1
  return matrix
}

function sorted(a: Float64Array, vectors: Float64Array, n: number, scale: number): EigenSystem {
  const value = (i: number): number => a[i * n + i] as number
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => value(j) - value(i))
  return {
    values: Float64Array.from(order, (i) => value(i) * scale),
    vectors: order.map((i) => vectors.slice(i * n, (i + 1) * n)),
  }
}
