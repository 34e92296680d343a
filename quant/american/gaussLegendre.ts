export interface Quadrature {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** Gauss–Legendre rule of `count` points on [0, 1], by Newton from the usual first guess (Abramowitz & Stegun, 25.4.29). */
export function gaussLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    // Quadratic convergence from four right digits: five steps are rounding.
    for (let step = 0; step < 6; step++) {
      let below = 1
      let here = z
      for (let k = 2; k <= count; k++) [below, here] = [here, ((2 * k - 1) * z * here - (k - 1) * below) / k]
      slope = (count * (z * here - below)) / (z * z - 1)
      z -= here / slope
    }
    nodes[i] = 0.5 * (1 + z)
    weights[i] = 1 / ((1 - z * z) * slope * slope)
  }
  return { nodes, weights }
}
