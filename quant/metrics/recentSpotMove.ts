import type { SpotMove } from '../flow/flowRate.ts'
import type { SpotSample } from '../volatility/intradayVol.ts'

const MINUTE_MS = 60_000
const WINDOW_MS = 5 * MINUTE_MS
/** A shorter stretch says how the latest quotes flickered. */
const LEAST_SPAN_MS = MINUTE_MS

/** From the oldest sample of the last five minutes to `spot`; null without one at least a minute old. */
export function recentSpotMove(
  samples: readonly SpotSample[],
  spot: number,
  asOfMs: number,
): SpotMove | null {
  const first = samples.find((sample) => asOfMs - sample.asOfMs <= WINDOW_MS && sample.spot > 0)
  if (first === undefined) return null
  const spanMs = asOfMs - first.asOfMs
  return spanMs >= LEAST_SPAN_MS ? { spot, spotMinutesAgo: first.spot, minutes: spanMs / MINUTE_MS } : null
}
