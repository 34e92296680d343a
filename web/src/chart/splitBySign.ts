/** A line cut at zero into its positive and negative part, each with the exact (interpolated) crossings. */
export type Point = readonly [x: number, y: number]

export interface SignedParts {
  readonly positive: Point[]
  readonly negative: Point[]
}

/** Nulls break the line; the parts touch zero at every crossing. */
export function splitBySign(x: readonly number[], y: readonly (number | null)[]): SignedParts {
  const positive: Point[] = []
  const negative: Point[] = []
  let previous: Point | null = null
  x.forEach((at, i) => {
    const value = y[i] ?? null
    if (value === null) {
      previous = null
      return
    }
    if (previous !== null && previous[1] * value < 0) {
      const crossing = previous[0] + ((at - previous[0]) * previous[1]) / (previous[1] - value)
      positive.push([crossing, 0])
      negative.push([crossing, 0])
    }
    positive.push([at, Math.max(0, value)])
    negative.push([at, Math.min(0, value)])
    previous = [at, value]
  })
  return { positive, negative }
}
