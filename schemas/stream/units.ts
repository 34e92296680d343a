/**
 * The units in which numbers travel on the stream. Every number of a quantised frame is a whole number of its unit, at
 * most 2^50 of them, so that differences are exact and small.
 */
import { FRAME_SCALARS, type GammaFrame } from '../frame/gamma.ts'

/** Scalars in wire order: bit i of a binary delta's bitmap. Append only. */
export const STREAM_SCALARS = [...FRAME_SCALARS, 'contracts', 'priced', 'openInterestCoverage'] as const
export type StreamScalar = (typeof STREAM_SCALARS)[number]

/** Units that are a decimal fraction, as how many make one. */
export const PER_ONE = { price: 100, strike: 1_000, ratio: 10_000, whole: 1 } as const

/** `gex` is in the frame's own unit, see `gexUnit`. */
export const SCALAR_UNITS: Readonly<Record<StreamScalar, keyof typeof PER_ONE | 'gex'>> = {
  totalCallGex: 'gex',
  totalPutGex: 'gex',
  netGex: 'gex',
  aboveSpotGex: 'gex',
  belowSpotGex: 'gex',
  magnetStrike: 'strike',
  spotPrice: 'price',
  distanceToMagnet: 'price',
  netGexFinite: 'gex',
  nearestFlip: 'price',
  callWall: 'strike',
  putWall: 'strike',
  absGammaStrike: 'strike',
  maxPain: 'strike',
  frontExpiryMs: 'whole',
  pcrOi: 'ratio',
  pcrVolume: 'ratio',
  contracts: 'whole',
  priced: 'whole',
  openInterestCoverage: 'ratio',
}

/** No figure of a market comes near it; whatever is larger counts as not computable. */
export const MOST_UNITS = 2 ** 50

/** Strikes keep 12 to 13 bits of the largest one; a profile is drawn, and a picture has not 1,000 rows. */
const GEX_BITS = 12
const PROFILE_BITS = 10
const SLOPE_BITS = 11

/**
 * One step of exposure: the power of two 2^-12 to 2^-13 of the largest strike's, at least one unit of currency. A
 * power of two because sums of multiples are exact, and because it moves only when the largest strike doubles or halves.
 */
export function gexUnit(largest: number): number {
  return powerOfTwoBelow(largest, GEX_BITS, 1)
}

/** Each table is asked about twice, as the next frame's and as the previous one's. */
const knownUnits = new WeakMap<GammaFrame['strikes'], number>()

export function strikesUnit(strikes: GammaFrame['strikes']): number {
  const known = knownUnits.get(strikes)
  if (known !== undefined) return known
  const unit = gexUnit(largestOf(strikes.callGex, largestOf(strikes.putGex)))
  knownUnits.set(strikes, unit)
  return unit
}

export function profileUnit(netGex: readonly number[]): number {
  return powerOfTwoBelow(largestOf(netGex), PROFILE_BITS, 1)
}

/** Each slope has its own: they span orders of magnitude, and a 32-bit float holds what is left. */
export function slopeUnit(slope: number): number {
  return powerOfTwoBelow(Math.abs(slope), SLOPE_BITS, 2 ** -20)
}

const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)

/** The power of two, at least `least`, of which `largest` has 2^bits to 2^(bits+1), also after rounding to it. */
function powerOfTwoBelow(largest: number, bits: number, least: number): number {
  DOUBLE[0] = largest
  const exponent = (((WORDS[1] as number) >>> 20) & 0x7ff) - 1023
  const unit = Math.max(least, 2 ** (exponent - bits))
  return Math.round(largest / unit) === 2 ** (bits + 1) ? 2 * unit : unit
}

/** The largest |value| that is in range, at least `least`; NaN and the rest are passed over. */
function largestOf(column: readonly number[], least = 0): number {
  let largest = least
  for (let i = 0; i < column.length; i++) {
    const size = Math.abs(column[i] as number)
    if (size > largest && size <= MOST_UNITS) largest = size
  }
  return largest
}
