import { fastExp } from '../math/fastExp.ts'
import type { GammaTerms } from './gammaTerms.ts'

/** Start, ratio and ratio of ratios of four rows at level 0, waiting to be added together. */
const pending = new Float64Array(12)

/**
 * Adds scale·h of rows [from, to) to the levels at ln spot = lnSpot0 + l·dlnSpot, l < out.length (h as in
 * `gammaTerms.ts`). It accumulates: clear `out` first, or call it per range, since rows are sorted by expiry.
 *
 * On equally spaced levels d1 is an arithmetic progression, so e^(−d1²/2) follows a recurrence of two multiplications
 * (E ← E·R, R ← R·Q) after three exponentials. Rows that reach many levels are added four at a time, which hides the
 * latency of the chain; narrow ones (near expiry, under a third of the levels) touch only those. Rounding grows with
 * the square of the number of levels: 1e-12 of the peak at 120.
 *
 * `smoothest` and `sharpest` choose rows by 1/(σ√T), the first included: a caller may sum smooth rows on coarser levels.
 */
export function addGammaLadder(
  terms: GammaTerms,
  from: number,
  to: number,
  lnSpot0: number,
  dlnSpot: number,
  out: Float64Array,
  scale = 1,
  smoothest = 0,
  sharpest = Infinity,
): void {
  const { invTotalVol, peakLnSpot, amplitude } = terms
  const levels = out.length
  // Beyond |d1| = 8.6 a Gaussian is below 1e-16 of its peak.
  const reach = 8.6
  // Left of |d1| = 36 it nears the smallest double and a recurrence started there would stay 0.
  const deepestStart = -36
  let waiting = 0
  for (let i = from; i < to; i++) {
    const inverse = invTotalVol[i] as number
    const peak = peakLnSpot[i] as number
    const height = scale * (amplitude[i] as number)
    if (height === 0 || inverse < smoothest || inverse >= sharpest) continue
    const step = dlnSpot * inverse
    const first = (lnSpot0 - peak) * inverse
    const low = Math.max(0, Math.ceil((-reach - first) / step))
    const high = Math.min(levels - 1, Math.floor((reach - first) / step))
    if (low > high) continue
    const isAlone = to - from <= 2
    if (first < deepestStart || 3 * (high - low) < levels || isAlone) {
      addNarrow(out, low, high, height, first + low * step, step)
      continue
    }
    pending[3 * waiting] = height * fastExp(-0.5 * first * first)
    pending[3 * waiting + 1] = fastExp(-step * (first + 0.5 * step))
    pending[3 * waiting + 2] = fastExp(-step * step)
    if (++waiting === 4) {
      addFour(out)
      waiting = 0
    }
  }
  if (waiting > 0) {
    pending.fill(0, 3 * waiting)
    addFour(out)
  }
}

/** One row over levels [low, high], from its d1 at `low`. */
function addNarrow(
  out: Float64Array,
  low: number,
  high: number,
  height: number,
  first: number,
  step: number,
): void {
  let e = height * fastExp(-0.5 * first * first)
  if (low === high) {
    out[low] = (out[low] as number) + e
    return
  }
  let r = fastExp(-step * (first + 0.5 * step))
  const q = fastExp(-step * step)
  for (let l = low; l <= high; l++) {
    out[l] = (out[l] as number) + e
    e *= r
    r *= q
  }
}

/** The four pending rows over every level. */
function addFour(out: Float64Array): void {
  let e0 = pending[0] as number
  let r0 = pending[1] as number
  const q0 = pending[2] as number
  let e1 = pending[3] as number
  let r1 = pending[4] as number
  const q1 = pending[5] as number
  let e2 = pending[6] as number
  let r2 = pending[7] as number
  const q2 = pending[8] as number
  let e3 = pending[9] as number
  let r3 = pending[10] as number
  const q3 = pending[11] as number
  for (let l = 0; l < out.length; l++) {
    out[l] = (out[l] as number) + (e0 + e1 + (e2 + e3))
    e0 *= r0
    r0 *= q0
    e1 *= r1
    r1 *= q1
    e2 *= r2
    r2 *= q2
    e3 *= r3
    r3 *= q3
  }
}
