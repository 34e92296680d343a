/**
 * Natural logarithm from the exponent bits, a table over the top eight mantissa bits and a cubic: about 1e-11 absolute,
 * enough for a first guess, and free of the call Math.log costs. Constants stay unexported, as in `fastExp.ts`.
 */
const bits = new DataView(new ArrayBuffer(8))
const float = new Float64Array(bits.buffer)
const word = new Int32Array(bits.buffer)
/** The 32-bit word of a double that holds sign and exponent: 1 on a little-endian machine. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

/** 2^−k by the exponent field of 2^k: one product leaves the mantissa, where writing the bits back would stall the load. */
const inversePower = Float64Array.from({ length: 2048 }, (_, field) => 2 ** (1023 - field))
const midpoint = Float64Array.from({ length: 256 }, (_, j) => 1 + (j + 0.5) / 256)
const lnMidpoint = midpoint.map(Math.log)
const inverseMidpoint = midpoint.map((m) => 1 / m)

/** ln x for normal positive x, absolute error below 2e-11. */
export function fastLog(x: number): number {
  float[0] = x
  const high = word[HIGH] as number
  const j = (high >> 12) & 255
  const exponent = (high >> 20) & 2047
  const r = x * (inversePower[exponent] as number) * (inverseMidpoint[j] as number) - 1
  return (exponent - 1023) * Math.LN2 + (lnMidpoint[j] as number) + r * (1 - r * (0.5 - r * (1 / 3)))
}
