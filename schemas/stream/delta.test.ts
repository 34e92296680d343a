import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { GammaFrame } from '../frame/gamma.ts'
import { SAMPLE_FRAME } from '../frame/sample.ts'
import { applyDelta } from './applyDelta.ts'
import { frameChecksum } from './checksum.ts'
import { deltaOf, GammaDeltaSchema, type GammaDelta } from './delta.ts'
import { frameSequence } from './frames.testkit.ts'
import { quantise } from './quantise.ts'

const held = quantise(SAMPLE_FRAME)
const follow = (content: Partial<GammaFrame> = {}): GammaFrame =>
  quantise({ ...held, ...content, sequence: held.sequence + 1, previous: held.sequence })
const between = (previous: GammaFrame, next: GammaFrame): GammaDelta => {
  const delta = deltaOf(previous, next)
  if (delta === null) throw new Error('expected a delta')
  return delta
}
const reasonOf = (delta: GammaDelta) => {
  const applied = applyDelta(held, delta)
  return applied.ok ? 'ok' : applied.reason
}

describe('a delta', () => {
  it('makes the next frame of the one before, exactly, also through JSON', () => {
    const property = fc.property(frameSequence, (frames) => {
      for (const [i, next] of frames.entries()) {
        const previous = frames[i - 1]
        if (previous === undefined) continue
        const delta = between(previous, next)
        expect(applyDelta(previous, delta)).toEqual({ ok: true, frame: next })
        const received = v.parse(GammaDeltaSchema, JSON.parse(JSON.stringify(delta)))
        expect(applyDelta(previous, received)).toEqual({ ok: true, frame: next })
      }
    })
    fc.assert(property, { seed: 2, numRuns: 500 })
  })

  it('holds nothing but what changed', () => {
    const strikes = { strike: [6450, 6475], callGex: [1000, 3], putGex: [-1498, 0] }
    const delta = between(held, follow({ strikes, spotPrice: 6486 }))
    expect(delta).toEqual({
      type: 'delta',
      channel: 'gamma.SPX',
      epoch: 3,
      sequence: 43,
      previous: 42,
      asOfMs: held.asOfMs,
      publishedMs: held.publishedMs,
      checksum: frameChecksum(follow({ strikes, spotPrice: 6486 })),
      unit: 1,
      scalars: { spotPrice: 6486 },
      strikes: { strike: [6450, 6475, 6500], call: [0, 3, -2000], put: [2, 0, 700] },
    })
  })

  it('is refused anywhere but on the frame it follows', () => {
    const delta = between(held, follow({ spotPrice: 6486 }))
    expect(reasonOf(delta)).toBe('ok')
    expect(reasonOf({ ...delta, epoch: 4 })).toBe('otherEpoch')
    expect(reasonOf({ ...delta, channel: 'gamma.QQQ' })).toBe('otherChannel')
    expect(reasonOf({ ...delta, sequence: 42, previous: 41 })).toBe('superseded')
    expect(reasonOf({ ...delta, sequence: 45, previous: 44 })).toBe('gap')
  })

  it('is refused when what comes out is not what was sent', () => {
    const delta = between(held, follow({ spotPrice: 6486, profile: { spot: [6000], netGex: [1] } }))
    expect(reasonOf({ ...delta, scalars: { spotPrice: 6487 } })).toBe('mismatch')
    expect(reasonOf({ ...delta, strikes: { strike: [6450], call: [1], put: [0] } })).toBe('mismatch')
    expect(reasonOf({ ...delta, strikes: { strike: [6450], call: [], put: [0] } })).toBe('mismatch')
    expect(reasonOf({ ...delta, strikes: { strike: [Number.NaN], call: [1], put: [0] } })).toBe('mismatch')
    expect(reasonOf({ ...delta, profile: { unit: 1, net: [1] } })).toBe('mismatch')
  })

  it('does not exist between frames that do not follow each other', () => {
    expect(deltaOf(held, { ...follow(), previous: 41 })).toBeNull()
    expect(deltaOf(held, { ...follow(), epoch: 4 })).toBeNull()
    expect(deltaOf(held, { ...follow(), symbol: 'QQQ' })).toBeNull()
  })
})

describe('the checksum', () => {
  const strikes = {
    strike: Array.from({ length: 12 }, (_, k) => 100 + k),
    callGex: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 9],
    putGex: Array.from({ length: 12 }, () => -1),
  }
  const frame: GammaFrame = { ...held, nearestFlip: null, strikes }

  it('is the CRC-32 of the canonical floats', () => {
    // Python's zlib.crc32 of struct.pack('<34d'): 42, 6485.64, 99.6e9, NaN, then strike 111 and 100 to 108.
    expect(frameChecksum(frame)).toBe(1319967235)
  })

  it('notices another strike among the ten largest, and a flip that is not null any more', () => {
    expect(
      frameChecksum({ ...frame, strikes: { ...strikes, putGex: strikes.putGex.map((p) => p - 1) } }),
    ).not.toBe(frameChecksum(frame))
    expect(frameChecksum({ ...frame, nearestFlip: 1 })).not.toBe(frameChecksum(frame))
  })
})
