/** A whole quantised frame: the first of a subscription, and whenever a viewer has not what a delta would change. */
import * as v from 'valibot'
import { FRAME_SCALARS, FRAME_VERSION, GammaFrameSchema, type GammaFrame } from '../frame/gamma.ts'
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

/** The frame that says nothing: what a binary snapshot's changes start from. */
export function emptyFrame(symbol: string): GammaFrame {
  const absent = Object.fromEntries(FRAME_SCALARS.map((field) => [field, null]))
  return {
    v: FRAME_VERSION,
    type: 'gamma',
    symbol,
    epoch: 0,
    sequence: 0,
    previous: 0,
    asOfMs: 0,
    publishedMs: 0,
    feed: 'recorded',
    source: '',
    currency: '',
    model: '',
    method: '',
    quality: { freshness: 'closed', flags: [], contracts: 0, priced: 0, openInterestCoverage: null },
    ...(absent as Record<(typeof FRAME_SCALARS)[number], null>),
    flips: [],
    flipStatus: 'no_data',
    strikes: { strike: [], callGex: [], putGex: [] },
    profile: { spot: [], netGex: [] },
    windows: null,
    reasons: {},
  }
}
