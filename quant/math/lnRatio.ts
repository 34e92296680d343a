/**
 * ln(a/b) for positive a and b, accurate when they are nearly equal: there ln(a) − ln(b) keeps only the digits that
 * survive the subtraction, while a − b is exact (Sterbenz) and log1p keeps them all.
 */
export function lnRatio(a: number, b: number): number {
  const relative = (a - b) / b
  return Math.abs(relative) < 0.5 ? Math.log1p(relative) : Math.log(a / b)
}
