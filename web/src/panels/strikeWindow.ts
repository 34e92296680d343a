/** Which strikes are drawn: a share of spot to both sides, or all. */
import type { GammaFrame } from '#schemas/frame/gamma'

export const WINDOW_SHARES = [0.01, 0.025, 0.05, 0.1] as const
/** `null` is the whole chain. */
export type WindowShare = (typeof WINDOW_SHARES)[number] | null
const FEW_BARS = 40
const MANY_BARS = 90
/** Share of gross exposure the window chosen at first should hold. */
const COVERED_GROSS = 0.9

export interface StrikeWindow {
  readonly min: number
  readonly max: number
}

export interface VisibleStrikes {
  readonly strike: readonly number[]
  readonly callGex: readonly number[]
  readonly putGex: readonly number[]
}

/**
 * The centre of the window follows spot only when spot has left its middle half, so that bars do not slide under the
 * pointer with every tick.
 */
export function windowCentre(held: number | null, spot: number, share: WindowShare): number {
  if (held === null || share === null) return spot
  return Math.abs(spot - held) > held * share * 0.5 ? spot : held
}

export function strikeWindow(
  frame: GammaFrame,
  share: WindowShare,
  centre: number | null,
): StrikeWindow | null {
  const { strike } = frame.strikes
  const first = strike[0]
  const last = strike.at(-1)
  if (first === undefined || last === undefined) return null
  const margin = smallestStep(strike) / 2
  if (share === null || centre === null) return { min: first - margin, max: last + margin }
  return { min: centre * (1 - share), max: centre * (1 + share) }
}

/**
 * The smallest window that holds most of the exposure; smaller still where that would be more bars than can be told
 * apart. A thin chain is shown whole.
 */
export function defaultShare(frame: GammaFrame): WindowShare {
  const { strike } = frame.strikes
  const { spotPrice } = frame
  if (spotPrice === null || strike.length <= FEW_BARS) return null
  const shares = WINDOW_SHARES.map((share) => ({ share, ...inWindow(frame, spotPrice, share) }))
  const whole = inWindow(frame, spotPrice, Number.POSITIVE_INFINITY).gross
  const covering = shares.find(({ gross }) => gross >= whole * COVERED_GROSS) ?? shares.at(-1)
  const legible = shares.findLast(({ bars }) => bars <= MANY_BARS) ?? shares[0]
  return Math.min(covering?.share ?? WINDOW_SHARES[0], legible?.share ?? WINDOW_SHARES[0]) as WindowShare
}

function inWindow(frame: GammaFrame, spot: number, share: number): { bars: number; gross: number } {
  const { strike, callGex, putGex } = frame.strikes
  let bars = 0
  let gross = 0
  strike.forEach((k, i) => {
    if (Math.abs(k - spot) > spot * share) return
    bars++
    gross += Math.abs(callGex[i] as number) + Math.abs(putGex[i] as number)
  })
  return { bars, gross }
}

export function visibleStrikes(frame: GammaFrame, { min, max }: StrikeWindow): VisibleStrikes {
  const { strike, callGex, putGex } = frame.strikes
  const from = strike.findIndex((k) => k >= min)
  const after = strike.findIndex((k) => k > max)
  const to = after === -1 ? strike.length : after
  if (from === -1) return { strike: [], callGex: [], putGex: [] }
  return { strike: strike.slice(from, to), callGex: callGex.slice(from, to), putGex: putGex.slice(from, to) }
}

export function smallestStep(strike: readonly number[]): number {
  let step = Number.POSITIVE_INFINITY
  for (let i = 1; i < strike.length; i++)
    step = Math.min(step, (strike[i] as number) - (strike[i - 1] as number))
  return Number.isFinite(step) ? step : 1
}
