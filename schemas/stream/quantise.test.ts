import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { GammaFrameSchema } from '../frame/gamma.ts'
import { SAMPLE_FRAME } from '../frame/sample.ts'
import { frameSequence } from './frames.testkit.ts'
import { quantise } from './quantise.ts'
import { gexUnit } from './units.ts'

const strikesOf = (callGex: number[]) =>
  quantise({
    ...SAMPLE_FRAME,
    strikes: { strike: callGex.map((_, k) => 5 * k), callGex, putGex: callGex.map(() => 0) },
  }).strikes

describe('quantise', () => {
  it('is valid, and quantising again changes nothing', () => {
    const property = fc.property(frameSequence, (frames) => {
      for (const frame of frames) {
        expect(v.parse(GammaFrameSchema, JSON.parse(JSON.stringify(frame)))).toEqual(frame)
        expect(quantise(frame)).toEqual(frame)
      }
    })
    fc.assert(property, { seed: 1, numRuns: 300 })
  })

  it('keeps each strike to 2^-13 of the largest, prices to cents and ratios to four digits', () => {
    const unit = 2 ** 30 / 2 ** 12
    expect(strikesOf([1.5 * 2 ** 30, unit / 2 - 1, unit * 7.4, -unit]).callGex).toEqual([
      1.5 * 2 ** 30,
      unit * 7,
      -unit,
    ])
    const { spotPrice, pcrOi } = quantise({ ...SAMPLE_FRAME, spotPrice: 6485.6449, pcrOi: 1.72816 })
    expect([spotPrice, pcrOi]).toEqual([6485.64, 1.7282])
  })

  it('keeps its unit until the largest strike doubles or halves', () => {
    expect(gexUnit(2 ** 30)).toBe(2 ** 18)
    expect(gexUnit(1.9 * 2 ** 30)).toBe(2 ** 18)
    expect(gexUnit(2 ** 31 - 1)).toBe(2 ** 19)
    expect([0, 1, 8191].map(gexUnit)).toEqual([1, 1, 1])
  })

  it('makes null, with a reason, of what is out of range', () => {
    const frame = quantise({ ...SAMPLE_FRAME, netGex: 1e300, spotPrice: Number.NaN })
    expect([frame.netGex, frame.spotPrice]).toEqual([null, null])
    expect(frame.reasons).toMatchObject({ netGex: 'out of range', spotPrice: 'out of range' })
  })

  it('leaves out rows that are not numbers and strikes out of order', () => {
    expect(strikesOf([Number.NaN, 7, Number.POSITIVE_INFINITY, -7]).strike).toEqual([5, 15])
    const strikes = { strike: [10, 5, 20], callGex: [1, 1, 1], putGex: [1, 1, 1] }
    expect(quantise({ ...SAMPLE_FRAME, strikes }).strikes.strike).toEqual([10, 20])
  })
})
