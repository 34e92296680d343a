/** How old the picture is and how much that matters. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { age, clock, date, marketZone } from '../format/time.ts'

/** Where frames come twice a second. To whom they come so seldom that it is longer, so many of them in a row. */
const AMBER = { ms: 5_000, frames: 3 }
const RED = { ms: 15_000, frames: 10 }

export interface DataAge {
  readonly text: string
  readonly tone: 'calm' | 'amber' | 'red'
}

/** `frameEveryMs`: as the stream has said. Data that is not meant to move (recorded, closed session) shows its date instead of an age. */
export function dataAge(frame: GammaFrame, nowMs: number, frameEveryMs = 0): DataAge {
  const zone = marketZone(frame.currency)
  const asOf = `${clock(frame.asOfMs, zone)} ${zone.label}`
  const isMoving = frame.feed !== 'recorded' && frame.quality.freshness !== 'closed'
  if (!isMoving) return { text: `${asOf}, ${date(frame.asOfMs, zone)}`, tone: 'calm' }
  const oldMs = Math.max(0, nowMs - frame.asOfMs)
  const text = `${asOf} · ${age(oldMs)}`
  // Delayed data is old by nature: only the service knows whether it has stopped.
  if (frame.feed === 'delayed') return { text, tone: frame.quality.freshness === 'stale' ? 'red' : 'calm' }
  const isAt = ({ ms, frames }: typeof RED) => oldMs >= Math.max(ms, frames * frameEveryMs)
  return { text, tone: isAt(RED) ? 'red' : isAt(AMBER) ? 'amber' : 'calm' }
}
