/** Net exposure through time: the REST backfill continued by live frames. Immutable, oldest first, bounded. */
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Timeline } from '#schemas/rest/models'

export interface TimelinePoint {
  readonly asOfMs: number
  readonly spotPrice: number | null
  readonly netGex: number | null
}
export type TimelineSeries = readonly TimelinePoint[]

/** Live points closer than this replace each other: more would be more dots, not more to see. */
const MIN_STEP_MS = 5_000
const MAX_POINTS = 2_400

export function seriesFromTimeline({ data }: Timeline): TimelineSeries {
  return data.asOfMs.map((asOfMs, i) => ({
    asOfMs,
    spotPrice: data.spotPrice[i] ?? null,
    netGex: data.netGex[i] ?? null,
  }))
}

/** Frames that are not later than the series are already in it. */
export function appendFrame(series: TimelineSeries, frame: GammaFrame): TimelineSeries {
  const { asOfMs, spotPrice, netGex } = frame
  const last = series.at(-1)
  if (last && asOfMs <= last.asOfMs) return series
  const previous = series.at(-2)
  // The last point is still growing while it is within a step of the one before it.
  const growing = last && previous && last.asOfMs - previous.asOfMs < MIN_STEP_MS
  const kept = growing ? series.slice(0, -1) : series
  return [...kept, { asOfMs, spotPrice, netGex }].slice(-MAX_POINTS)
}

/** The backfill may arrive after the first live frames: later live points continue it. */
export function mergeSeries(backfill: TimelineSeries, live: TimelineSeries): TimelineSeries {
  const endMs = backfill.at(-1)?.asOfMs ?? Number.NEGATIVE_INFINITY
  return [...backfill, ...live.filter(({ asOfMs }) => asOfMs > endMs)].slice(-MAX_POINTS)
}

/** A silence longer than this is no line: nobody knows what happened in it. */
const GAP_MS = 60_000

/** The series with an empty point in every silence, so that a line drawn through it breaks there. */
export function withGaps(series: TimelineSeries): TimelineSeries {
  return series.flatMap((point, i) => {
    const before = series[i - 1]
    if (before === undefined || point.asOfMs - before.asOfMs <= GAP_MS) return [point]
    return [{ asOfMs: before.asOfMs + 1, spotPrice: null, netGex: null }, point]
  })
}
