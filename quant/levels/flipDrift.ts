import { linearTrend } from '../math/linearTrend.ts'

/** One moment of the session so far; NaN where there was no flip. */
export interface FlipSample {
  readonly asOfMs: number
  readonly spot: number
  readonly nearestFlip: number
}

export interface FlipDrift {
  /** How long this crossing has been the nearest without a break, as far back as samples go; null when none is of it. */
  readonly ageMs: number | null
  /** Whether it was there in the oldest sample: then it is at least this old. */
  readonly isOlderThanHistory: boolean
  /** Currency of the underlying per hour, over the part of its age within the window; null when that is too short. */
  readonly driftPerHour: number | null
  /** Of the window that belong to the crossing, the present one included. */
  readonly samples: number
}

/** Two samples this far apart, in share of spot, show two crossings: repricing moves one by less in a few seconds. */
const JUMP = 0.0025
/** A longer silence breaks the track. */
const GAP_MS = 15 * 60_000
export const DRIFT_WINDOW_MS = 30 * 60_000
/** A slope over less than this says how the latest quotes flickered. */
const LEAST_SPAN_MS = 2 * 60_000
const LEAST_SAMPLES = 5
const HOUR_MS = 3_600_000

/**
 * Follows a crossing of zero gamma at `price` back through the session's samples, newest first, until one has no flip,
 * is a jump away or comes after a silence. Samples at or after `asOfMs` and such as make no sense are passed over.
 * Drift is the least-squares slope over the last half hour.
 */
export function flipDrift(samples: readonly FlipSample[], price: number, asOfMs: number): FlipDrift {
  const track = [{ asOfMs, nearestFlip: price }]
  let oldest = { asOfMs, nearestFlip: price }
  let isOlderThanHistory = true
  for (const sample of samples.toReversed()) {
    if (!(sample.asOfMs < oldest.asOfMs)) continue
    const isSame = Math.abs(sample.nearestFlip - oldest.nearestFlip) <= JUMP * sample.spot
    isOlderThanHistory = isSame && oldest.asOfMs - sample.asOfMs <= GAP_MS
    if (!isOlderThanHistory) break
    oldest = sample
    if (asOfMs - sample.asOfMs <= DRIFT_WINDOW_MS) track.push(sample)
  }
  const ageMs = asOfMs - oldest.asOfMs
  if (ageMs === 0) return { ageMs: null, isOlderThanHistory: false, driftPerHour: null, samples: 1 }
  return { ageMs, isOlderThanHistory, driftPerHour: driftOf(track), samples: track.length }
}

function driftOf(track: readonly Omit<FlipSample, 'spot'>[]): number | null {
  const span = (track[0]?.asOfMs ?? Number.NaN) - (track.at(-1)?.asOfMs ?? Number.NaN)
  if (track.length < LEAST_SAMPLES || !(span >= LEAST_SPAN_MS)) return null
  const slope = linearTrend(
    track.map(({ asOfMs }) => asOfMs),
    track.map(({ nearestFlip }) => nearestFlip),
  )
  return slope * HOUR_MS
}
