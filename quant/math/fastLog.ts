/**
 * Natural logarithm from the exponent bits, a table over the top eight mantissa bits and a cubic: about 1e-11 absolute,
 * enough for a first guess, and free of the call Math.log costs. Constants stay unexported, as in `fastExp.ts`.
 */
const bits = new DataView(new ArrayBuffer(8))
const float = new Float64Array(bits.buffer)
const word = new Int32Array(bits.buffer)
/** The 32-bit word of a double that holds sign and exponent: 1 on a little-endian machine. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

const midpoint = Float64Array.from({ length: 256 }, (_, j) => 1 + (j + 0.5) / 256)
const lnMidpoint = midpoint.map(Math.log)
const inverseMidpoint = midpoint.map((m) => 1 / m)

/** ln x for normal positive x, absolute error below 2e-11. */
export function fastLog(x: number): number {
  float[0] = x
  const high = word[HIGH] as number
  const j = (high >> 12) & 255
  word[HIGH] = (high & 0xfffff) | 0x3ff00000
  const r = (float[0] as number) * (inverseMidpoint[j] as number) - 1
  return ((high >> 20) - 1023) * Math.LN2 + (lnMidpoint[j] as number) + r * (1 - r * (0.5 - r * (1 / 3)))
}
