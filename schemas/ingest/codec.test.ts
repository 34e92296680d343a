import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../binary/crc32.ts'
import type { IngestBatch } from './batch.ts'
import { buildBatch, dateFromWire } from './build.ts'
import { decodeBatch, decodeBatchHeader, encodeBatch, MAX_BATCH_BYTES } from './codec.ts'
import { SAMPLE_BATCH, SAMPLE_TICKS } from './sample.ts'

const golden = readFileSync(join(import.meta.dirname, '../vectors/ingest-batch.hex'), 'utf8').replaceAll(
  /\s/g,
  '',
)

function decoded(bytes: Uint8Array): IngestBatch {
  const result = decodeBatch(bytes)
  if (!result.ok) throw new Error(JSON.stringify(result.defect))
  return result.value
}

function defectOf(bytes: Uint8Array) {
  const result = decodeBatch(bytes)
  return result.ok ? null : result.defect
}

/** A copy with `change` applied and the checksum made right again, to reach the checks behind it. */
function altered(change: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = encodeBatch(SAMPLE_BATCH)
  const view = new DataView(bytes.buffer)
  change(view, bytes)
  view.setUint32(12, crc32(bytes.subarray(16)), true)
  return bytes
}

describe('ingest batch', () => {
  it('encodes to the golden bytes', () => {
    expect(Buffer.from(encodeBatch(SAMPLE_BATCH)).toString('hex')).toBe(golden)
  })

  it('decodes the golden bytes to the same batch', () => {
    expect(decoded(Uint8Array.from(Buffer.from(golden, 'hex')))).toEqual(SAMPLE_BATCH)
  })

  it('decodes from a view at an odd offset', () => {
    const bytes = encodeBatch(SAMPLE_BATCH)
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(decoded(shifted.subarray(3))).toEqual(SAMPLE_BATCH)
  })

  it('decodes from a Node Buffer, whose slices share a pool', () => {
    expect(decoded(Buffer.from(golden, 'hex'))).toEqual(SAMPLE_BATCH)
  })

  it('keeps a missing side as NaN with its reason, and dates as dates', () => {
    const batch = decoded(encodeBatch(SAMPLE_BATCH))
    expect(batch.quotes.bid[1]).toBeNaN()
    expect(batch.quotes.missing[1]).toBe(1)
    expect(dateFromWire(batch.contracts.expiryDate[2] ?? 0)).toBe('2026-12-18')
    expect(batch.roots[batch.contracts.rootIndex[2] ?? -1]).toBe('SPX')
    expect(batch.trades.vendorSequence[0]).toBe(4_000_000_001)
  })

  it('round-trips any mix of ticks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SAMPLE_TICKS), { maxLength: 60 }), (ticks) => {
        const batch = buildBatch({ ...SAMPLE_BATCH, sequence: 7 }, ticks)
        expect(decoded(encodeBatch(batch))).toEqual(batch)
      }),
      { seed: 7, numRuns: 50 },
    )
  })
})

describe('a damaged batch is refused whole and says where', () => {
  it('at every truncation', () => {
    const bytes = encodeBatch(SAMPLE_BATCH)
    for (let length = 0; length < bytes.length; length++) {
      expect(defectOf(bytes.subarray(0, length))?.code).toBe('batch_truncated')
    }
  })

  it('at every flipped bit', () => {
    const bytes = encodeBatch(SAMPLE_BATCH)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const at = bit >> 3
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
      expect(defectOf(bytes), `bit ${bit}`).not.toBeNull()
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
    }
  })

  it('when too large, of another kind or another version', () => {
    expect(defectOf(new Uint8Array(MAX_BATCH_BYTES + 1))).toMatchObject({
      code: 'batch_too_large',
      field: 'body',
    })
    expect(defectOf(new TextEncoder().encode('{"ticks":[]}'.padEnd(100)))).toMatchObject({
      code: 'batch_bad_magic',
    })
    expect(defectOf(altered((view) => view.setUint16(4, 2, true)))).toEqual({
      code: 'batch_version',
      field: 'version',
      expected: '1',
      received: '2',
    })
  })

  it.each([
    ['epoch', (view: DataView) => view.setFloat64(16, Number.NaN, true)],
    ['sequence', (view: DataView) => view.setFloat64(24, 0, true)],
    ['createdMs', (view: DataView) => view.setFloat64(32, 1.5, true)],
    ['feed', (view: DataView) => view.setUint16(40, 99, true)],
    ['sectionCounts', (view: DataView) => view.setUint32(52, 3_000_000, true)],
    ['symbol', (_: DataView, bytes: Uint8Array) => bytes.set([0x2f], 78)],
    ['source', (_: DataView, bytes: Uint8Array) => bytes.set([0x41], 72)],
  ] as const)('when %s is not valid', (field, change) => {
    expect(defectOf(altered(change))).toMatchObject({ code: 'batch_field', field })
  })

  it('when a section claims so many rows that their bytes wrap around 32 bits', () => {
    for (let at = 48; at < 72; at += 4) {
      const wrapping = altered((view) => view.setUint32(at, view.getUint32(at, true) + 2 ** 31, true))
      expect(defectOf(wrapping)).toMatchObject({ code: 'batch_field', field: 'sectionCounts' })
    }
  })

  it('when a contract points at a root that is not there', () => {
    const batch = { ...SAMPLE_BATCH, roots: ['SPXW'] }
    expect(defectOf(encodeBatch(batch))).toMatchObject({
      field: 'contracts.rootIndex[2]',
      expected: 'below 1',
      received: '1',
    })
  })

  it('never throws on arbitrary bytes behind a valid envelope', () => {
    const length = encodeBatch(SAMPLE_BATCH).length
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length - 16, maxLength: length - 16 }), (noise) => {
        const bytes = altered((_, target) => target.set(noise, 16))
        expect(typeof decodeBatchHeader(bytes).ok).toBe('boolean')
        expect(typeof decodeBatch(bytes).ok).toBe('boolean')
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe('crc32', () => {
  it('matches the standard check value', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})
