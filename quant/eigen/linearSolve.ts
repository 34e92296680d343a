/** A small square matrix by rows. */
export type Matrix = readonly (readonly number[])[]

/** x with A·x = b by Gaussian elimination with row pivoting; null when a pivot is zero or not a number. */
export function linearSolve(matrix: Matrix, right: readonly number[]): number[] | null {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, right[i] ?? Number.NaN])
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.NaN
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let i = column + 1; i < n; i++) if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i
    const chosen = rows[pivot] ?? []
    rows[pivot] = rows[column] ?? []
    rows[column] = chosen
    if (!(Math.abs(at(column, column)) > 0)) return null
    for (let i = column + 1; i < n; i++) {
      const factor = at(i, column) / at(column, column)
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * at(column, j))
    }
  }
  const x = Array.from({ length: n }, () => 0)
  for (let i = n - 1; i >= 0; i--) {
    let rest = at(i, n)
    for (let j = i + 1; j < n; j++) rest -= at(i, j) * (x[j] ?? Number.NaN)
    x[i] = rest / at(i, i)
  }
  return x.every(Number.isFinite) ? x : null
}

/**
 * ‖A‖₁·‖A⁻¹‖₁ after scaling every column to length 1, so that it tells how nearly the columns coincide and not in what
 * units they are (A. van der Sluis, "Condition numbers and equilibration of matrices", 1969). Null when singular.
 */
export function columnCondition(matrix: Matrix): number | null {
  const lengths = matrix.map((_, j) => Math.hypot(...matrix.map((row) => row[j] ?? Number.NaN)))
  const scaled = matrix.map((row) => row.map((value, j) => value / (lengths[j] ?? Number.NaN)))
  const inverse: number[][] = []
  for (let j = 0; j < matrix.length; j++) {
    const column = linearSolve(
      scaled,
      matrix.map((_, i) => (i === j ? 1 : 0)),
    )
    if (column === null) return null
    inverse.push(column)
  }
  const columns = scaled.map((_, j) => scaled.map((row) => row[j] ?? Number.NaN))
  return largestSum(columns) * largestSum(inverse)
}

function largestSum(columns: Matrix): number {
  return Math.max(...columns.map((column) => column.reduce((sum, value) => sum + Math.abs(value), 0)))
}
