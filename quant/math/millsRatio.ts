import { polynomial } from './polynomial.ts'

/**
 * The Mills ratio of the standard normal, M(z) = N(−z)/φ(z): the tail probability with its exponential taken out, so
 * that tails keep their relative accuracy and differences of tails never underflow.
 */
const SQRT_2PI = 2.5066282746310002
const SQRT_PI_OVER_2 = 1.2533141373155003
const INV_SQRT_PI = 0.5641895835477563

/** M(z) for any z, relative error below 2e-15. Grows like e^(z²/2) to the left: infinite below about −37.6. */
export function millsRatio(z: number): number {
  if (z < 0) return SQRT_2PI * Math.exp(0.5 * z * z) - millsRatio(-z)
  return SQRT_PI_OVER_2 * scaledErfc(z * Math.SQRT1_2)
}

// W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969), with the
// coefficients of the SPECFUN routine CALERF; highest power first.
const NEAR_P = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
]
const NEAR_Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171]
const MIDDLE_P = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
]
const MIDDLE_Q = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
]
const TAIL_P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
]
const TAIL_Q = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
]

/** e^(y²)·erfc(y) for y ≥ 0: one rational approximation on each of [0, 0.46875], (0.46875, 4] and (4, ∞). */
function scaledErfc(y: number): number {
  const y2 = y * y
  if (y <= 0.46875) return Math.exp(y2) * (1 - (y * polynomial(NEAR_P, y2)) / polynomial(NEAR_Q, y2))
  if (y <= 4) return polynomial(MIDDLE_P, y) / polynomial(MIDDLE_Q, y)
  const u = 1 / y2
  return (INV_SQRT_PI - (u * polynomial(TAIL_P, u)) / polynomial(TAIL_Q, u)) / y
}
