/**
 * What changed from one quantised frame to the next. Scalars, flips and texts are given anew when they changed; strikes
 * and profile levels as changes in whole units, because those are small numbers.
 */
import * as v from 'valibot'
import { FRAME_SCALARS, FrameQualitySchema, GammaFrameSchema, type GammaFrame } from '../frame/gamma.ts'
import { FrameWindowsSchema } from '../frame/windows.ts'
import { gammaChannel } from './channel.ts'
import { frameChecksum } from './checksum.ts'
import { profileUnit, STREAM_SCALARS, strikesUnit, type StreamScalar } from './units.ts'

const frameEntries = GammaFrameSchema.entries
const numbers = v.array(v.number())

export const TextChangesSchema = v.partial(
  v.object({
    feed: frameEntries.feed,
    source: frameEntries.source,
    currency: frameEntries.currency,
    model: frameEntries.model,
    method: frameEntries.method,
    flipStatus: frameEntries.flipStatus,
    // Not the frame's own entry: absent here means unchanged, not null.
    windows: v.nullable(FrameWindowsSchema),
    reasons: frameEntries.reasons,
    freshness: FrameQualitySchema.entries.freshness,
    flags: FrameQualitySchema.entries.flags,
  }),
)

export const GammaDeltaSchema = v.object({
  type: v.literal('delta'),
  channel: v.string(),
  epoch: v.number(),
  sequence: v.number(),
  /** Sequence of the frame this one changes. */
  previous: v.number(),
  asOfMs: v.number(),
  publishedMs: v.number(),
  /** Of the frame after the change, see `checksum.ts`. */
  checksum: v.number(),
  /** Currency per unit of `strikes`, a power of two: the finer of both frames' units. */
  unit: v.number(),
  scalars: v.partial(
    v.object({
      ...v.pick(GammaFrameSchema, FRAME_SCALARS).entries,
      ...v.pick(FrameQualitySchema, ['contracts', 'priced', 'openInterestCoverage']).entries,
    }),
  ),
  /**
   * Strikes that changed, ascending, and by how many units. One not held yet starts from 0; one that comes to 0 on both
   * sides is gone.
   */
  strikes: v.object({ strike: numbers, call: numbers, put: numbers }),
  /** One change per level of the profile held; with `spot`, of a new profile that starts from 0. */
  profile: v.optional(v.object({ unit: v.number(), spot: v.optional(numbers), net: numbers })),
  flips: v.optional(frameEntries.flips),
  text: v.optional(TextChangesSchema),
})
export type GammaDelta = v.InferOutput<typeof GammaDeltaSchema>
export type FrameChanges = Pick<GammaDelta, 'unit' | 'scalars' | 'strikes' | 'profile' | 'flips' | 'text'>
export type TextChanges = v.InferOutput<typeof TextChangesSchema>

/** Of two quantised frames; null when `next` does not directly follow `previous`, and only a snapshot will do. */
export function deltaOf(previous: GammaFrame, next: GammaFrame): GammaDelta | null {
  const { symbol, epoch, sequence, asOfMs, publishedMs } = next
  if (symbol !== previous.symbol || epoch !== previous.epoch || next.previous !== previous.sequence)
    return null
  return {
    type: 'delta',
    channel: gammaChannel(symbol),
    epoch,
    sequence,
    previous: next.previous,
    asOfMs,
    publishedMs,
    checksum: frameChecksum(next),
    ...changesBetween(previous, next),
  }
}

/**
 * Whatever their positions; a snapshot's binary form is the changes from nothing. What did not change is there as
 * undefined: objects of one shape are what keeps the encoder fast.
 */
export function changesBetween(previous: GammaFrame, next: GammaFrame): FrameChanges {
  const own = strikesUnit(next.strikes)
  const unit = previous.strikes.strike.length === 0 ? own : Math.min(own, strikesUnit(previous.strikes))
  return {
    unit,
    scalars: scalarChanges(previous, next),
    strikes: strikeChanges(previous.strikes, next.strikes, unit),
    profile: profileChanges(previous.profile, next.profile),
    flips: sameFlips(previous.flips, next.flips) ? undefined : next.flips,
    text: textChanges(previous, next),
  }
}

function scalarChanges(previous: GammaFrame, next: GammaFrame): GammaDelta['scalars'] {
  const changed: Partial<Record<StreamScalar, number | null>> = {}
  const before = scalarsOf(previous)
  const after = scalarsOf(next)
  for (let i = 0; i < after.length; i++) {
    if (after[i] !== before[i]) changed[STREAM_SCALARS[i] as StreamScalar] = after[i] as number | null
  }
  return changed as GammaDelta['scalars']
}

/** In the order of STREAM_SCALARS. Spelled out: reading a field by a name that varies costs as much as all of this. */
function scalarsOf(frame: GammaFrame): (number | null)[] {
  const { quality } = frame
  return [
    frame.totalCallGex,
    frame.totalPutGex,
    frame.netGex,
    frame.aboveSpotGex,
    frame.belowSpotGex,
    frame.magnetStrike,
    frame.spotPrice,
    frame.distanceToMagnet,
    frame.netGexFinite,
    frame.nearestFlip,
    frame.callWall,
    frame.putWall,
    frame.absGammaStrike,
    frame.maxPain,
    frame.frontExpiryMs,
    frame.pcrOi,
    frame.pcrVolume,
    quality.contracts,
    quality.priced,
    quality.openInterestCoverage,
  ]
}

function strikeChanges(
  { strike: oldStrike, callGex: oldCall, putGex: oldPut }: GammaFrame['strikes'],
  { strike: newStrike, callGex: newCall, putGex: newPut }: GammaFrame['strikes'],
  unit: number,
): GammaDelta['strikes'] {
  const changes: GammaDelta['strikes'] = { strike: [], call: [], put: [] }
  const olds = oldStrike.length
  const news = newStrike.length
  for (let o = 0, n = 0; o < olds || n < news;) {
    const ahead = o === olds ? 1 : n === news ? -1 : (oldStrike[o] as number) - (newStrike[n] as number)
    const strike = (ahead >= 0 ? newStrike[n] : oldStrike[o]) as number
    let call = 0
    let put = 0
    if (ahead >= 0) {
      call += newCall[n] as number
      put += newPut[n++] as number
    }
    if (ahead <= 0) {
      call -= oldCall[o] as number
      put -= oldPut[o++] as number
    }
    if (call === 0 && put === 0) continue
    changes.strike.push(strike)
    changes.call.push(call / unit)
    changes.put.push(put / unit)
  }
  return changes
}

function profileChanges(previous: GammaFrame['profile'], next: GammaFrame['profile']): GammaDelta['profile'] {
  const isSameGrid = sameItems(previous.spot, next.spot)
  if (isSameGrid && sameItems(previous.netGex, next.netGex)) return undefined
  const own = profileUnit(next.netGex)
  const unit = isSameGrid ? Math.min(own, profileUnit(previous.netGex)) : own
  const net: number[] = []
  for (let level = 0; level < next.netGex.length; level++) {
    const from = isSameGrid ? (previous.netGex[level] as number) : 0
    net.push(((next.netGex[level] as number) - from) / unit)
  }
  return { unit, spot: isSameGrid ? undefined : next.spot, net }
}

const PLAIN_TEXTS = ['feed', 'source', 'currency', 'model', 'method', 'flipStatus'] as const

function textChanges(previous: GammaFrame, next: GammaFrame): TextChanges | undefined {
  const changed: Record<string, unknown> = {}
  let any = false
  for (const field of PLAIN_TEXTS) {
    if (next[field] === previous[field]) continue
    changed[field] = next[field]
    any = true
  }
  if (!sameRecords(previous.reasons, next.reasons)) {
    changed['reasons'] = next.reasons
    any = true
  }
  if (!sameWindows(previous.windows, next.windows)) {
    changed['windows'] = next.windows
    any = true
  }
  if (next.quality.freshness !== previous.quality.freshness) {
    changed['freshness'] = next.quality.freshness
    any = true
  }
  if (!sameItems(previous.quality.flags, next.quality.flags)) {
    changed['flags'] = next.quality.flags
    any = true
  }
  return any ? (changed as TextChanges) : undefined
}

function sameRecords(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const fields = Object.keys(a)
  if (fields.length !== Object.keys(b).length) return false
  for (const field of fields) if (a[field] !== b[field]) return false
  return true
}

/** Computed as a whole every few seconds, and the same object in between. */
function sameWindows(a: GammaFrame['windows'], b: GammaFrame['windows']): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function sameItems<T extends number | string>(a: readonly T[], b: readonly T[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function sameFlips(a: GammaFrame['flips'], b: GammaFrame['flips']): boolean {
  if (a.length !== b.length) return false
  for (const [i, { price, slope }] of a.entries()) {
    if (b[i]?.price !== price || b[i]?.slope !== slope) return false
  }
  return true
}
