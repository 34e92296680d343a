/** A whole quantised frame: the first of a subscription, and whenever a viewer has not what a delta would change. */
import * as v from 'valibot'
import { GammaFrameSchema, type GammaFrame } from '../frame/gamma.ts'
import { gammaChannel } from './channel.ts'
import { frameChecksum } from './checksum.ts'

export const GammaSnapshotSchema = v.object({
  type: v.literal('snapshot'),
  channel: v.string(),
  /** Of the frame, see `checksum.ts`. */
  checksum: v.number(),
  /** Its position is in it. */
  frame: GammaFrameSchema,
})
export type GammaSnapshot = v.InferOutput<typeof GammaSnapshotSchema>

/** `frame` is quantised. */
export function snapshotOf(frame: GammaFrame): GammaSnapshot {
  return { type: 'snapshot', channel: gammaChannel(frame.symbol), checksum: frameChecksum(frame), frame }
}
