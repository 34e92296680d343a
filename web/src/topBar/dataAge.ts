/** How old the picture is and how much that matters. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { age, clock, date, marketZone } from '../format/time.ts'

/** Frames come about twice a second; three to ten seconds without one is odd, more is wrong. */
const AMBER_MS = 5_000
const RED_MS = 15_000

export interface DataAge {
  readonly text: string
  readonly tone: 'calm' | 'amber' | 'red'
}

/** Data that is not meant to move (recorded, closed session) shows its date instead of an age. */
export function dataAge(frame: GammaFrame, nowMs: number): DataAge {
  const zone = marketZone(frame.currency)
  const asOf = `${clock(frame.asOfMs, zone)} ${zone.label}`
  const isMoving = frame.feed !== 'recorded' && frame.quality.freshness !== 'closed'
  if (!isMoving) return { text: `${asOf}, ${date(frame.asOfMs, zone)}`, tone: 'calm' }
  const oldMs = Math.max(0, nowMs - frame.asOfMs)
  const text = `${asOf} · ${age(oldMs)}`
  // Delayed data is old by nature: only the service knows whether it has stopped.
  if (frame.feed === 'delayed') return { text, tone: frame.quality.freshness === 'stale' ? 'red' : 'calm' }
  return { text, tone: oldMs >= RED_MS ? 'red' : oldMs >= AMBER_MS ? 'amber' : 'calm' }
}
