/** A point of the plane and the value there. */
export interface Vertex {
  readonly x: number
  readonly y: number
  readonly value: number
}

type Simplex = [best: Vertex, middle: Vertex, worst: Vertex]

/**
 * Minimum of a function of two variables near `start` by the simplex method with its usual coefficients (J. Nelder and
 * R. Mead, "A simplex method for function minimization", Computer Journal 7, 1965). `step` is the size of the first
 * simplex. Ends when the simplex is narrower than `tolerance` both ways, and within `maxSteps` steps in any case: at
 * most four evaluations each.
 */
export function nelderMead(
  f: (x: number, y: number) => number,
  start: { readonly x: number; readonly y: number },
  step: { readonly x: number; readonly y: number },
  tolerance: number,
  maxSteps: number,
): Vertex {
  const at = (x: number, y: number): Vertex => ({ x, y, value: f(x, y) })
  let simplex = ordered([at(start.x, start.y), at(start.x + step.x, start.y), at(start.x, start.y + step.y)])
  for (let i = 0; i < maxSteps && width(simplex) > tolerance; i++) {
    const [best, middle, worst] = simplex
    const replacement = betterThanWorst(simplex, at)
    const halfway = (v: Vertex): Vertex => at(0.5 * (v.x + best.x), 0.5 * (v.y + best.y))
    simplex = ordered(
      replacement === null ? [best, halfway(middle), halfway(worst)] : [best, middle, replacement],
    )
  }
  return simplex[0]
}

/** Reflects the worst vertex through the middle of the others, then stretches or contracts; null when none helps. */
function betterThanWorst(
  [best, middle, worst]: Simplex,
  at: (x: number, y: number) => Vertex,
): Vertex | null {
  const cx = 0.5 * (best.x + middle.x)
  const cy = 0.5 * (best.y + middle.y)
  const along = (t: number): Vertex => at(cx + t * (worst.x - cx), cy + t * (worst.y - cy))
  const reflected = along(-1)
  if (reflected.value < best.value) {
    const stretched = along(-2)
    return stretched.value < reflected.value ? stretched : reflected
  }
  if (reflected.value < middle.value) return reflected
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5)
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : null
}

function ordered(simplex: Simplex): Simplex {
  return simplex.sort((a, b) => a.value - b.value)
}

function width([a, b, c]: Simplex): number {
  const x = Math.max(a.x, b.x, c.x) - Math.min(a.x, b.x, c.x)
  const y = Math.max(a.y, b.y, c.y) - Math.min(a.y, b.y, c.y)
  return Math.max(x, y)
}
