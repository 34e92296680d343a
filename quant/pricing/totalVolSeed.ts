/**
 * Closed-form first guess of the total volatility s = σ√T from x = ln(F/K) and the normalised out-of-the-money value b.
 *
 * 1. Invert the normal (Bachelier) model: with intrinsic I = 2·sinh(|x|/2), straddle I + 2b, v = I/(I + 2b) and
 *    η = v/atanh(v), the normal volatility is √(π/2)·(I + 2b)·√η·R(η) (form of J. Choi, K. Kim and M. Kwak, "Numerical
 *    approximation of the implied volatility under arithmetic Brownian motion", Applied Mathematical Finance 16, 2009,
 *    with R refitted at 3/3).
 * 2. Turn normal into lognormal volatility by a polynomial in the square of either, fitted by least squares.
 *
 * For |x| ≤ 0.8 and s ≤ 2 the relative error is below 2e-4 while |x|/s ≤ 10 and below 5e-3 in the farthest wings: one
 * or two third-order Householder steps from rounding.
 */
export function seedTotalVol(x: number, value: number): number {
  const intrinsic = 2 * Math.sinh(0.5 * Math.abs(x))
  const straddle = intrinsic + 2 * value
  const v = intrinsic / straddle
  const eta = v < SERIES_BELOW ? etaNearZero(v) : (2 * v) / Math.log((intrinsic + value) / value)
  return totalVolOfStraddle(x, straddle, eta)
}

/** Where `etaNearZero` is accurate enough for a guess, and the quotient it replaces starts to cancel. */
const SERIES_BELOW = 0.25

/** η = v/atanh(v) by its series, for v below 1/4. */
export function etaNearZero(v: number): number {
  const v2 = v * v
  return 1 - v2 * (1 / 3 + v2 * (4 / 45 + v2 * (44 / 945)))
}

/** Both steps of the guess, from the normalised straddle and η. */
export function totalVolOfStraddle(x: number, straddle: number, eta: number): number {
  const p =
    0.4021237755038454 + eta * (-1.6229678647262584 + eta * (7.20607262244067 + eta * 31.131663791583613))
  const q = 1 + eta * (-6.0146835412578605 + eta * (30.91950631954445 + eta * 11.21898136783044))
  const normal = (1.2533141373155003 * straddle * Math.sqrt(eta) * p) / q
  const x2 = x * x
  const w = normal * (1 - x2 * (1 / 24 - x2 * (7 / 5760)))
  const w2 = w * w
  const c1 = 0.041652741262543 + x2 * (-0.00035381002807675 + x2 * 9.0990057847e-5)
  const c2 = 0.003746924290604 + x2 * (-0.000468588265272 + x2 * 0.00053221338569)
  const c3 = 0.000260093725332 - x2 * 3.4175975147e-5 + w2 * 0.000117312968692
  return w * (1.0000005351 + w2 * (c1 + w2 * (c2 + w2 * c3)))
}
