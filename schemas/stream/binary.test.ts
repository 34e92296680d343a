import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { SAMPLE_FRAME } from '../frame/sample.ts'
import { decodeStreamFrame } from './decodeBinary.ts'
import { deltaOf, GammaDeltaSchema, type GammaDelta } from './delta.ts'
import { encodeDelta, encodeSnapshot } from './encodeBinary.ts'
import { frameSequence } from './frames.testkit.ts'
import { quantise } from './quantise.ts'
import { GammaSnapshotSchema, snapshotOf } from './snapshot.ts'
import { ByteReader, ByteWriter, StreamDecodeError } from './varint.ts'

const held = quantise(SAMPLE_FRAME)
const next = quantise({
  ...held,
  sequence: 43,
  previous: 42,
  asOfMs: held.asOfMs + 500,
  publishedMs: held.publishedMs + 498,
  spotPrice: 6485.9,
  distanceToMagnet: 14.1,
  netGex: 99_600_000_512,
  putWall: 6450,
  pcrVolume: 0.9312,
  flips: [{ price: 6435.5, slope: 1_900_000_000 }],
  nearestFlip: 6435.5,
  strikes: { strike: [6450, 6475, 6500], callGex: [1000, 300, 2010], putGex: [-1500, 0, -700] },
  profile: { spot: held.profile.spot, netGex: [-5e10, 0, 6e10 + 2 ** 25] },
  quality: { ...held.quality, priced: 2392 },
  reasons: {},
})
const delta = deltaOf(held, next) as GammaDelta
const vector = (name: string) => readFileSync(join(import.meta.dirname, '../vectors', name), 'utf8')
const GOLDEN_JSON = vector('gamma-delta.golden.json').trim()
const GOLDEN_HEX = vector('gamma-delta.hex').replaceAll(/\s/g, '')
const GOLDEN_SNAPSHOT_HEX = vector('gamma-snapshot.hex').replaceAll(/\s/g, '')

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const ofHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

describe('golden forms', () => {
  it('of a delta are two spellings of one object', () => {
    expect(JSON.stringify(delta)).toBe(GOLDEN_JSON)
    expect(hex(encodeDelta(delta))).toBe(GOLDEN_HEX)
    expect(v.parse(GammaDeltaSchema, JSON.parse(GOLDEN_JSON))).toEqual(delta)
    expect(decodeStreamFrame(ofHex(GOLDEN_HEX))).toEqual(delta)
  })

  it('of a snapshot are two spellings of one frame', () => {
    const snapshot = snapshotOf(held)
    expect(hex(encodeSnapshot(snapshot))).toBe(GOLDEN_SNAPSHOT_HEX)
    expect(decodeStreamFrame(ofHex(GOLDEN_SNAPSHOT_HEX))).toEqual(snapshot)
    expect(v.parse(GammaSnapshotSchema, JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot)
  })
})

describe('binary', () => {
  it('gives back any snapshot and any delta', () => {
    const property = fc.property(frameSequence, (frames) => {
      for (const [i, frame] of frames.entries()) {
        const snapshot = snapshotOf(frame)
        expect(decodeStreamFrame(encodeSnapshot(snapshot))).toEqual(snapshot)
        const previous = frames[i - 1]
        if (previous === undefined) continue
        const change = deltaOf(previous, frame) as GammaDelta
        expect(decodeStreamFrame(encodeDelta(change))).toEqual(change)
      }
    })
    fc.assert(property, { seed: 3, numRuns: 300 })
  })

  it('keeps every whole number that a double holds', () => {
    const property = fc.property(
      fc.maxSafeNat(),
      fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
      (n, z) => {
        const writer = new ByteWriter()
        writer.varint(n)
        writer.zigzag(z)
        const reader = new ByteReader(writer.finish())
        expect([reader.varint(), reader.zigzag(), reader.left]).toEqual([n, z, 0])
      },
    )
    fc.assert(property, { seed: 4, numRuns: 500 })
  })

  it('writes no number that is not one, and nothing of it into the next message', () => {
    expect(() => encodeDelta({ ...delta, asOfMs: Number.POSITIVE_INFINITY })).toThrow(RangeError)
    expect(() => encodeDelta({ ...delta, asOfMs: -1 })).toThrow(RangeError)
    expect(hex(encodeDelta(delta))).toBe(GOLDEN_HEX)
  })

  it('refuses every truncation and every appended byte', () => {
    for (const bytes of [encodeDelta(delta), encodeSnapshot(snapshotOf(held))]) {
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeStreamFrame(bytes.subarray(0, length))).toThrow(StreamDecodeError)
      }
      expect(() => decodeStreamFrame(Uint8Array.of(...bytes, 0))).toThrow(StreamDecodeError)
    }
  })

  it('refuses a claim of more rows than were sent before making room for them', () => {
    const writer = new ByteWriter()
    writer.varint(2 ** 40)
    const bytes = writer.finish()
    expect(() => new ByteReader(bytes).count(1)).toThrow(StreamDecodeError)
  })
})
