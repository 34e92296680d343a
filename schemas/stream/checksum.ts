/**
 * The checksum of what a viewer must hold after a frame: CRC-32 (as in gzip) over little-endian 64-bit floats: sequence,
 * spotPrice, netGex, nearestFlip, then strike, callGex and putGex of the ten strikes with the largest
 * |callGex| + |putGex|, largest first, the lower strike first among equals. A null is the quiet NaN 0x7ff8000000000000.
 */
import { crc32 } from '../binary/crc32.ts'
import type { GammaFrame } from '../frame/gamma.ts'

const TOP = 10
const HEAD = 4
const BYTES = new Uint8Array(8 * (HEAD + 3 * TOP))
const FLOATS = new Float64Array(BYTES.buffer)
const topWeights = new Float64Array(TOP)
const topIndexes = new Int32Array(TOP)

/** Of a quantised frame. */
export function frameChecksum({ sequence, spotPrice, netGex, nearestFlip, strikes }: GammaFrame): number {
  FLOATS[0] = sequence
  FLOATS[1] = spotPrice ?? Number.NaN
  FLOATS[2] = netGex ?? Number.NaN
  FLOATS[3] = nearestFlip ?? Number.NaN
  const count = findTop(strikes)
  for (let rank = 0; rank < count; rank++) {
    const k = topIndexes[rank] as number
    FLOATS[HEAD + 3 * rank] = strikes.strike[k] as number
    FLOATS[HEAD + 3 * rank + 1] = strikes.callGex[k] as number
    FLOATS[HEAD + 3 * rank + 2] = strikes.putGex[k] as number
  }
  return crc32(BYTES.subarray(0, 8 * (HEAD + 3 * count)))
}

/** From the middle outwards: there the large ones are, and once they are held hardly a strike still gets in. */
function findTop({ callGex, putGex }: GammaFrame['strikes']): number {
  const middle = callGex.length >> 1
  let held = 0
  for (let k = middle; k < callGex.length; k++) {
    held = offer(k, Math.abs(callGex[k] as number) + Math.abs(putGex[k] as number), held)
  }
  for (let k = middle - 1; k >= 0; k--) {
    held = offer(k, Math.abs(callGex[k] as number) + Math.abs(putGex[k] as number), held)
  }
  return held
}

function offer(k: number, weight: number, held: number): number {
  if (held === TOP && !isBefore(k, weight, TOP - 1)) return held
  const last = held < TOP ? held : TOP - 1
  let rank = last
  for (; rank > 0 && isBefore(k, weight, rank - 1); rank--) {
    topWeights[rank] = topWeights[rank - 1] as number
    topIndexes[rank] = topIndexes[rank - 1] as number
  }
  topWeights[rank] = weight
  topIndexes[rank] = k
  return last + 1
}

function isBefore(k: number, weight: number, rank: number): boolean {
  const other = topWeights[rank] as number
  return weight > other || (weight === other && k < (topIndexes[rank] as number))
}
