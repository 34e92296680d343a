/** A direction that keeps less than this share of its length after removing the others is one of them. */
const DEPENDENT = 1e-6

/**
 * Unit vectors at right angles that span what the given ones do, in their order (modified Gram–Schmidt: G. Golub and C.
 * Van Loan, "Matrix Computations", 2013, section 5.2.8). Null when one depends on those before it or is not finite.
 */
export function orthonormal(vectors: readonly Float64Array[]): Float64Array[] | null {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    const rest = Float64Array.from(vector)
    for (const unit of basis) {
      const along = dot(rest, unit)
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - along * (unit[i] as number)
    }
    const length = Math.sqrt(dot(rest, rest))
    if (!(length > DEPENDENT * Math.sqrt(dot(vector, vector)) && length < Infinity)) return null
    basis.push(rest.map((value) => value / length))
  }
  return basis
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number)
  return sum
}
