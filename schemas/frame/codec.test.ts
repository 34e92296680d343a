import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { decodeGammaFrame, encodeGammaFrame, FrameDecodeError } from './codec.ts'
import { GammaFrameSchema } from './gamma.ts'
import { SAMPLE_FRAME } from './sample.ts'

const vector = (name: string) => readFileSync(join(import.meta.dirname, '../vectors', name), 'utf8').trim()
const goldenHex = vector('gamma-frame.hex').replaceAll(/\s/g, '')
const goldenJson = vector('gamma-frame.golden.json')

describe('gamma frame', () => {
  it('has a golden JSON form that the schema accepts unchanged', () => {
    expect(JSON.stringify(SAMPLE_FRAME)).toBe(goldenJson)
    expect(v.parse(GammaFrameSchema, JSON.parse(goldenJson))).toEqual(SAMPLE_FRAME)
  })

  it('encodes to the golden bytes and back to the same content', () => {
    expect(Buffer.from(encodeGammaFrame(SAMPLE_FRAME)).toString('hex')).toBe(goldenHex)
    expect(decodeGammaFrame(Uint8Array.from(Buffer.from(goldenHex, 'hex')))).toEqual(SAMPLE_FRAME)
  })

  it('reads a frame from before there were windows', () => {
    const { windows: _, ...before } = SAMPLE_FRAME
    expect(v.parse(GammaFrameSchema, before)).toEqual({ ...SAMPLE_FRAME, windows: null })
  })

  it('keeps the field names that clients of the compact path read', () => {
    const names =
      'totalCallGex totalPutGex netGex aboveSpotGex belowSpotGex magnetStrike spotPrice distanceToMagnet'
    expect(Object.keys(JSON.parse(goldenJson))).toEqual(expect.arrayContaining(names.split(' ')))
  })

  it('refuses a number that is not finite', () => {
    expect(v.is(GammaFrameSchema, { ...SAMPLE_FRAME, netGex: Number.NaN })).toBe(false)
    expect(v.is(GammaFrameSchema, { ...SAMPLE_FRAME, netGex: '1' })).toBe(false)
  })

  it('refuses damaged bytes at every truncation and flipped byte', () => {
    const bytes = encodeGammaFrame(SAMPLE_FRAME)
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => decodeGammaFrame(bytes.slice(0, length))).toThrow(FrameDecodeError)
    }
    for (let at = 8; at < bytes.length; at += 5) {
      const damaged = bytes.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      expect(() => decodeGammaFrame(damaged)).toThrow(FrameDecodeError)
    }
  })
})
