import type { ExpirySmile, StraddleQuote } from './smileInputs.ts'

export type NoMoveReason = 'no_straddle_quote' | 'strikes_too_coarse' | 'no_smile'

export interface ExpectedMove {
  /** In the underlying's currency, either way from the forward at settlement. */
  readonly move: number | null
  /** The same over the forward. */
  readonly moveShare: number | null
  /** Probability that a normal settlement stays within ±move: what the figure claims, not what it delivers. */
  readonly coverage: number
  readonly reason: NoMoveReason | null
}

export interface ExpectedMoves {
  readonly expiryMs: number
  /** Calendar days to settlement. */
  readonly days: number
  readonly forward: number
  /** The at-the-forward straddle itself: the mean absolute move, covering 57.5 %, not 68 %. */
  readonly straddle: ExpectedMove
  /** 1.2533 × straddle: one standard deviation of a normal move. */
  readonly oneSigmaByStraddle: ExpectedMove
  /** F·σ·√T from the fitted volatility at the forward. */
  readonly oneSigmaByVol: ExpectedMove
}

/** E|Z| = √(2/π), so a standard deviation is √(π/2) straddles (M. Brenner and M. Subrahmanyam, 1988). */
const DEVIATIONS_PER_STRADDLE = Math.sqrt(Math.PI / 2)
/** P(|Z| < √(2/π)) and P(|Z| < 1). */
const STRADDLE_COVERAGE = 0.5750625163
const ONE_SIGMA_COVERAGE = 0.6826894921

/** The expected move to one settlement, three ways; `atmVol` null when the expiry has no fitted smile. */
export function expectedMoves(smile: ExpirySmile, atmVol: number | null): ExpectedMoves {
  const { expiryMs, years, forward, discount, straddles } = smile
  const straddle = straddles === null ? 'no_straddle_quote' : straddleAtForward(straddles, forward, discount)
  const sized = (move: number | NoMoveReason, scale: number, coverage: number): ExpectedMove =>
    typeof move === 'number'
      ? { move: scale * move, moveShare: (scale * move) / forward, coverage, reason: null }
      : { move: null, moveShare: null, coverage, reason: move }
  const byVol = atmVol === null ? 'no_smile' : forward * atmVol * Math.sqrt(years)
  return {
    expiryMs,
    days: 365 * years,
    forward,
    straddle: sized(straddle, 1, STRADDLE_COVERAGE),
    oneSigmaByStraddle: sized(straddle, DEVIATIONS_PER_STRADDLE, ONE_SIGMA_COVERAGE),
    oneSigmaByVol: sized(byVol, 1, ONE_SIGMA_COVERAGE),
  }
}

/**
 * Undiscounted straddle struck at the forward, between the two quoted ones. A straddle is convex in its strike, so a
 * straight line through the two is too high, in a normal market by (F − K₁)(K₂ − F)/(π·straddle): taken off.
 */
function straddleAtForward(
  [below, above]: readonly [StraddleQuote, StraddleQuote],
  forward: number,
  discount: number,
): number | NoMoveReason {
  const gap = above.strike - below.strike
  const share = (forward - below.strike) / gap
  const line = (below.price + share * (above.price - below.price)) / discount
  // With strikes further apart than the move itself the two quotes are mostly intrinsic value.
  if (gap > line) return 'strikes_too_coarse'
  return line - ((forward - below.strike) * (above.strike - forward)) / (Math.PI * line)
}
