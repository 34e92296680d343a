/** A viewer's next frame from the one it holds and a delta, or why there is none. Never throws. */
import type { GammaFrame } from '../frame/gamma.ts'
import { gammaChannel } from './channel.ts'
import { frameChecksum } from './checksum.ts'
import type { GammaDelta } from './delta.ts'

/**
 * `superseded`: already held, drop the delta. `gap`: frames in between are missing, ask for them. `otherEpoch`,
 * `otherChannel`: it changes something else. `mismatch`: it does not fit what is held or the checksum differs, so one of
 * the two is damaged: discard the frame and ask for a snapshot.
 */
export type Refusal = 'superseded' | 'gap' | 'otherEpoch' | 'otherChannel' | 'mismatch'

export type Applied =
  | { readonly ok: true; readonly frame: GammaFrame }
  | { readonly ok: false; readonly reason: Refusal; readonly detail: string }

export function applyDelta(held: GammaFrame, delta: GammaDelta): Applied {
  const refuse = (reason: Refusal, expected: string | number, was: string | number): Applied => {
    return { ok: false, reason, detail: `expected ${expected}, was ${was}` }
  }
  const channel = gammaChannel(held.symbol)
  if (delta.channel !== channel) return refuse('otherChannel', channel, delta.channel)
  if (delta.epoch !== held.epoch) return refuse('otherEpoch', held.epoch, delta.epoch)
  if (delta.sequence <= held.sequence) return refuse('superseded', held.sequence + 1, delta.sequence)
  if (delta.previous !== held.sequence) return refuse('gap', held.sequence, delta.previous)
  const frame = changed(held, delta)
  if (frame === null) return refuse('mismatch', held.profile.netGex.length, delta.profile?.net.length ?? 0)
  const checksum = frameChecksum(frame)
  return checksum === delta.checksum ? { ok: true, frame } : refuse('mismatch', delta.checksum, checksum)
}

/** Null when a column is not as long as it must be or a strike is not a number. */
export function changed(
  held: GammaFrame,
  delta: Omit<GammaDelta, 'type' | 'channel' | 'checksum'>,
): GammaFrame | null {
  const { epoch, sequence, previous, asOfMs, publishedMs, scalars, text = {} } = delta
  const { contracts, priced, openInterestCoverage, ...frameScalars } = scalars
  const { freshness, flags, ...frameTexts } = text
  const profile = changedProfile(held.profile, delta.profile)
  const strikes = changedStrikes(held.strikes, delta)
  if (profile === null || strikes === null) return null
  return {
    ...held,
    epoch,
    sequence,
    previous,
    asOfMs,
    publishedMs,
    ...(frameScalars as Partial<GammaFrame>),
    ...(frameTexts as Partial<GammaFrame>),
    quality: {
      freshness: freshness ?? held.quality.freshness,
      flags: flags ?? held.quality.flags,
      contracts: contracts ?? held.quality.contracts,
      priced: priced ?? held.quality.priced,
      openInterestCoverage:
        openInterestCoverage === undefined ? held.quality.openInterestCoverage : openInterestCoverage,
    },
    flips: delta.flips ?? held.flips,
    strikes,
    profile,
  }
}

function changedStrikes(
  held: GammaFrame['strikes'],
  { strikes: change, unit }: Pick<GammaDelta, 'strikes' | 'unit'>,
): GammaFrame['strikes'] | null {
  const changes = change.strike.length
  if (change.call.length !== changes || change.put.length !== changes) return null
  if (changes === 0) return held
  const result: GammaFrame['strikes'] = { strike: [], callGex: [], putGex: [] }
  const olds = held.strike.length
  for (let h = 0, c = 0; h < olds || c < changes;) {
    const heldStrike = h < olds ? (held.strike[h] as number) : Number.POSITIVE_INFINITY
    const changedStrike = c < changes ? (change.strike[c] as number) : Number.POSITIVE_INFINITY
    const strike = Math.min(heldStrike, changedStrike)
    if (!Number.isFinite(strike)) return null
    let call = 0
    let put = 0
    if (strike === heldStrike) {
      call += held.callGex[h] as number
      put += held.putGex[h++] as number
    }
    if (strike === changedStrike) {
      call += (change.call[c] as number) * unit
      put += (change.put[c++] as number) * unit
    }
    if (call === 0 && put === 0) continue
    result.strike.push(strike)
    result.callGex.push(call)
    result.putGex.push(put)
  }
  return result
}

function changedProfile(
  held: GammaFrame['profile'],
  change: GammaDelta['profile'],
): GammaFrame['profile'] | null {
  if (change === undefined) return held
  const { unit, net } = change
  const spot = change.spot ?? held.spot
  if (net.length !== spot.length) return null
  const from = change.spot === undefined ? held.netGex : []
  return { spot, netGex: net.map((steps, level) => (from[level] ?? 0) + steps * unit) }
}
