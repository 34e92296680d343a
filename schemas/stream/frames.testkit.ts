/** Frames with everything in them that can change, for property tests. */
import fc from 'fast-check'
import { FEED_KINDS, FRESHNESS_STATES, QUALITY_FLAGS } from '../feed.ts'
import { FLIP_STATUSES, FRAME_SCALARS, type GammaFrame } from '../frame/gamma.ts'
import { SAMPLE_FRAME } from '../frame/sample.ts'
import { quantise } from './quantise.ts'

const gex = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -3e9, max: 3e9, noNaN: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true }) },
)
const price = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 9_000, noNaN: true }) },
  { weight: 1, arbitrary: fc.double() },
)
const strike = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((k) => 25 * k),
  price,
)
const scalar = fc.option(fc.oneof(gex, price), { freq: 8 })
const text = fc.constantFrom('a', 'é€😀', '')

const rowsOf = (values: readonly (readonly [number, number, number])[]) => {
  const sorted = values.toSorted((a, b) => a[0] - b[0])
  return [0, 1, 2].map((column) => sorted.map((row) => row[column] ?? Number.NaN)) as [
    number[],
    number[],
    number[],
  ]
}

/** What a frame says, without its position. Mostly plausible, now and then not finite, huge or out of order. */
const contentArbitrary: fc.Arbitrary<Partial<GammaFrame>> = fc.record(
  {
    feed: fc.constantFrom(...FEED_KINDS),
    source: text,
    flipStatus: fc.constantFrom(...FLIP_STATUSES),
    windows: fc.constantFrom(null, SAMPLE_FRAME.windows),
    reasons: fc.dictionary(fc.constantFrom('putWall', 'pcrOi', 'x'), text),
    quality: fc.record({
      freshness: fc.constantFrom(...FRESHNESS_STATES),
      flags: fc.uniqueArray(fc.constantFrom(...QUALITY_FLAGS), { maxLength: 3 }),
      contracts: fc.nat(),
      priced: fc.nat(),
      openInterestCoverage: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    flips: fc.array(fc.record({ price, slope: gex }), { maxLength: 3 }),
    strikes: fc.array(fc.tuple(strike, gex, gex), { maxLength: 30 }).map((rows) => {
      const [strikes, callGex, putGex] = rowsOf(rows)
      return { strike: strikes, callGex, putGex }
    }),
    profile: fc
      .array(fc.tuple(fc.integer({ min: 5_000, max: 5_003 }), gex), { maxLength: 4 })
      .map((levels) => ({
        spot: levels.map(([at]) => at),
        netGex: levels.map(([, net]) => net),
      })),
    ...Object.fromEntries(FRAME_SCALARS.map((field) => [field, scalar])),
  },
  { requiredKeys: [] },
)

/** Frames that follow each other in one epoch, quantised; each keeps what it does not change. */
export const frameSequence: fc.Arbitrary<GammaFrame[]> = fc
  .tuple(fc.nat(1e6), fc.nat(1e9), fc.array(contentArbitrary, { minLength: 2, maxLength: 6 }))
  .map(([epoch, first, contents]) => {
    const frames: GammaFrame[] = []
    for (const [i, content] of contents.entries()) {
      const sequence = first + i + 1
      const position = { epoch, sequence, previous: sequence - 1, asOfMs: SAMPLE_FRAME.asOfMs + 500 * i }
      frames.push(quantise({ ...(frames.at(-1) ?? SAMPLE_FRAME), ...content, ...position }))
    }
    return frames
  })
