/** How the nodes kept move together. */
export interface NodeCovariance {
  /** Places of the kept nodes in a change, ascending. */
  readonly nodes: readonly number[]
  /** Kept × kept, row-major: log-IV² per change, shrunk. */
  readonly matrix: Float64Array
  /** Changes that took part. */
  readonly rows: number
  /** Nodes missing from too many of them. */
  readonly dropped: readonly number[]
  /** Weight of the target in `matrix`, 0 to 1. */
  readonly shrinkage: number
}

/** A node missing from more of the rows has seen another market than the rest. */
const LEAST_PRESENT = 0.8
const WINSORISED_TAIL = 0.01
/** Two sessions of five-minute changes: the basis follows a regime, not the last hour. */
const HALF_LIFE_ROWS = 2 * 78

/**
 * Covariance of node changes, oldest first, about a mean of zero (over five minutes it is lost in the noise). Each node
 * is winsorised at its own 1 % and 99 %, weights halve every two sessions, and a pair of nodes uses the rows that have
 * both. A row without any node does not count.
 */
export function nodeCovariance(changes: readonly Float64Array[]): NodeCovariance {
  const rows = changes.filter((change) => change.some(Number.isFinite))
  const all = Array.from({ length: rows[0]?.length ?? 0 }, (_, node) => node)
  const isKept = (node: number): boolean =>
    rows.filter((row) => Number.isFinite(row[node])).length >= LEAST_PRESENT * rows.length
  const nodes = all.filter(isKept)
  const columns = nodes.map((node) => winsorised(rows.map((row) => row[node] as number)))
  const weights = Float64Array.from(rows, (_, i) => 0.5 ** ((rows.length - 1 - i) / HALF_LIFE_ROWS))
  return {
    nodes,
    ...shrunkCovariance(columns, weights),
    rows: rows.length,
    dropped: all.filter((node) => !isKept(node)),
  }
}

/** A series with what lies outside its outer percentiles moved onto them; not finite becomes NaN. */
function winsorised(series: readonly number[]): Float64Array {
  const ranked = Float64Array.from(series.filter(Number.isFinite)).sort()
  const quantile = (share: number): number => {
    const place = share * (ranked.length - 1)
    const below = ranked[Math.floor(place)] as number
    return below + (place - Math.floor(place)) * ((ranked[Math.ceil(place)] as number) - below)
  }
  const [low, high] = [quantile(WINSORISED_TAIL), quantile(1 - WINSORISED_TAIL)]
  return Float64Array.from(series, (value) =>
    Number.isFinite(value) ? Math.min(Math.max(value, low), high) : Number.NaN,
  )
}

/**
 * (1 − ρ)·S + ρ·m·I with m the mean variance and ρ = min(b̄², d²)/d², where d² is the squared distance of S from the
 * target and b̄² the estimated squared error of S (O. Ledoit and M. Wolf, "A well-conditioned estimator for
 * large-dimensional covariance matrices", 2004, section 3.3). Their weights 1/n become w_k; with pairs missing, both
 * sums go entry by entry. The target has no direction: shrinking moves eigenvalue shares and leaves eigenvectors.
 */
function shrunkCovariance(
  columns: readonly Float64Array[],
  weights: Float64Array,
): { matrix: Float64Array; shrinkage: number } {
  const n = columns.length
  const matrix = new Float64Array(n * n)
  let error = 0
  for (const [i, x] of columns.entries()) {
    for (const [j, y] of columns.slice(0, i + 1).entries()) {
      const entry = weightedProduct(x, y, weights)
      matrix[i * n + j] = entry.mean
      matrix[j * n + i] = entry.mean
      error += (i === j ? 1 : 2) * entry.squaredError
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += matrix[i * n + i] as number
  const target = (place: number): number => (place % (n + 1) === 0 ? trace / n : 0)
  const distance = matrix.reduce((sum, entry, place) => sum + (entry - target(place)) ** 2, 0)
  const shrinkage = distance > 0 ? Math.min(1, error / distance) : 0
  return {
    matrix: matrix.map((entry, place) => (1 - shrinkage) * entry + shrinkage * target(place)),
    shrinkage,
  }
}

/** Weighted mean of x·y over the rows that have both, and the estimated variance of that mean. */
function weightedProduct(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array,
): { mean: number; squaredError: number } {
  let total = 0
  let sum = 0
  let squaredWeights = 0
  let squares = 0
  let cross = 0
  for (let row = 0; row < weights.length; row++) {
    const product = (x[row] as number) * (y[row] as number)
    if (product !== product) continue
    const weight = weights[row] as number
    total += weight
    sum += weight * product
    squaredWeights += weight * weight
    cross += weight * weight * product
    squares += (weight * product) ** 2
  }
  if (!(total > 0)) return { mean: 0, squaredError: 0 }
  const mean = sum / total
  // Σ w²·(x·y − mean)², multiplied out for one pass.
  const deviations = squares - 2 * mean * cross + mean * mean * squaredWeights
  return { mean, squaredError: Math.max(0, deviations) / (total * total) }
}
