/**
 * A frame in the units of the stream. Both encodings carry exactly this: what a viewer is shown
 * does not depend on how it came. Quantising twice changes nothing.
 */
import type { GammaFrame } from '../frame/gamma.ts'
import {
  MOST_UNITS,
  PER_ONE,
  profileUnit,
  SCALAR_UNITS,
  slopeUnit,
  STREAM_SCALARS,
  strikesUnit,
} from './units.ts'

/**
 * Scalars out of range become null with a reason; rows out of range, strikes that round to nothing on both sides and
 * strikes out of order are left out.
 */
export function quantise(frame: GammaFrame): GammaFrame {
  const unit = strikesUnit(frame.strikes)
  const quantised: GammaFrame = {
    ...frame,
    asOfMs: Math.round(frame.asOfMs),
    publishedMs: Math.round(frame.publishedMs),
    quality: { ...frame.quality },
    flips: quantiseFlips(frame.flips),
    strikes: quantiseStrikes(frame.strikes, unit),
    profile: quantiseProfile(frame.profile),
  }
  quantiseScalars(quantised, unit)
  return quantised
}

function quantiseScalars(frame: GammaFrame, gex: number): void {
  const { quality } = frame
  for (const field of STREAM_SCALARS) {
    const kind = SCALAR_UNITS[field]
    const inUnits = (value: number | null): number | null => {
      if (value === null) return null
      const rounded = kind === 'gex' ? toMultiple(value, gex) : toDecimal(value, PER_ONE[kind])
      if (rounded === null) frame.reasons = { ...frame.reasons, [field]: 'out of range' }
      return rounded
    }
    if (field === 'openInterestCoverage') quality[field] = inUnits(quality[field])
    else if (field === 'contracts' || field === 'priced') quality[field] = toDecimal(quality[field], 1) ?? 0
    else frame[field] = inUnits(frame[field])
  }
}

function quantiseStrikes({ strike, callGex, putGex }: GammaFrame['strikes'], unit: number) {
  const kept: GammaFrame['strikes'] = { strike: [], callGex: [], putGex: [] }
  let above = Number.NEGATIVE_INFINITY
  for (let k = 0; k < strike.length; k++) {
    const at = toDecimal(strike[k] as number, PER_ONE.strike)
    const call = toMultiple(callGex[k] ?? Number.NaN, unit)
    const put = toMultiple(putGex[k] ?? Number.NaN, unit)
    if (at === null || call === null || put === null || !(at > above) || (call === 0 && put === 0)) continue
    above = at
    kept.strike.push(at)
    kept.callGex.push(call)
    kept.putGex.push(put)
  }
  return kept
}

function quantiseProfile({ spot, netGex }: GammaFrame['profile']): GammaFrame['profile'] {
  const unit = profileUnit(netGex)
  const kept: GammaFrame['profile'] = { spot: [], netGex: [] }
  for (let level = 0; level < spot.length; level++) {
    const at = toDecimal(spot[level] as number, PER_ONE.price)
    const net = toMultiple(netGex[level] ?? Number.NaN, unit)
    if (at === null || net === null) continue
    kept.spot.push(at)
    kept.netGex.push(net)
  }
  return kept
}

function quantiseFlips(flips: GammaFrame['flips']): GammaFrame['flips'] {
  const kept: GammaFrame['flips'] = []
  for (const flip of flips) {
    const price = toDecimal(flip.price, PER_ONE.price)
    const slope = toMultiple(flip.slope, slopeUnit(flip.slope))
    if (price !== null && slope !== null) kept.push({ price, slope })
  }
  return kept
}

/** Null when out of range or not a number. Adding 0 makes −0, which JSON cannot say, a 0. */
function toMultiple(value: number, unit: number): number | null {
  return Math.abs(value) <= MOST_UNITS ? Math.round(value / unit) * unit + 0 : null
}

function toDecimal(value: number, perOne: number): number | null {
  const units = Math.round(value * perOne)
  return Math.abs(units) <= MOST_UNITS ? units / perOne + 0 : null
}
