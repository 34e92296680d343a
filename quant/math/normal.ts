import { millsRatio } from './millsRatio.ts'

const INV_SQRT_2PI = 0.3989422804014327

/** Standard normal density φ(z). */
export function normalPdf(z: number): number {
  return INV_SQRT_2PI * Math.exp(-0.5 * z * z)
}

/** Standard normal distribution N(z); the lower tail keeps its relative accuracy down to the smallest double. */
export function normalCdf(z: number): number {
  const tail = normalPdf(z) * millsRatio(Math.abs(z))
  return z > 0 ? 1 - tail : tail
}
