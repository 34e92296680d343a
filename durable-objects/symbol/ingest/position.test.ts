import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, NO_POSITIONS, placeBatch, type Positions } from './position.ts'

function after(...applied: [source: string, epoch: number, sequence: number][]): Positions {
  return applied.reduce(
    (held, [source, epoch, sequence]) => advance(held, { source, epoch, sequence }),
    NO_POSITIONS,
  )
}

describe('placeBatch', () => {
  it('starts a stream at sequence 1 and nowhere else', () => {
    expect(placeBatch(NO_POSITIONS, { source: 'a', epoch: 7, sequence: 1 })).toEqual({
      kind: 'apply',
      startsEpoch: true,
    })
    expect(placeBatch(NO_POSITIONS, { source: 'a', epoch: 7, sequence: 2 })).toEqual({
      kind: 'gap',
      expected: { epoch: 7, sequence: 1 },
    })
  })

  it('applies the next, acknowledges what it has, and names the one that is missing', () => {
    const held = after(['a', 7, 4])
    expect(placeBatch(held, { source: 'a', epoch: 7, sequence: 5 })).toEqual({
      kind: 'apply',
      startsEpoch: false,
    })
    expect(placeBatch(held, { source: 'a', epoch: 7, sequence: 2 })).toEqual({
      kind: 'duplicate',
      position: { epoch: 7, sequence: 4 },
    })
    expect(placeBatch(held, { source: 'a', epoch: 7, sequence: 6 })).toEqual({
      kind: 'gap',
      expected: { epoch: 7, sequence: 5 },
    })
  })

  it('lets a larger epoch take over, from its beginning', () => {
    const held = after(['a', 7, 4])
    expect(placeBatch(held, { source: 'a', epoch: 8, sequence: 1 })).toEqual({
      kind: 'apply',
      startsEpoch: true,
    })
    expect(placeBatch(held, { source: 'b', epoch: 8, sequence: 3 })).toEqual({
      kind: 'gap',
      expected: { epoch: 8, sequence: 1 },
    })
  })

  it('fences whoever is not the newest, also under an equal epoch', () => {
    const held = after(['a', 7, 4], ['b', 9, 1])
    const stale = { kind: 'staleEpoch', expected: { epoch: 10, sequence: 1 } }
    expect(placeBatch(held, { source: 'a', epoch: 7, sequence: 5 })).toEqual(stale)
    expect(placeBatch(held, { source: 'a', epoch: 9, sequence: 1 })).toEqual(stale)
    expect(placeBatch(held, { source: 'c', epoch: 1, sequence: 1 })).toEqual(stale)
  })

  it('tells a fenced source that what it sent before is safe', () => {
    const held = after(['a', 7, 4], ['b', 9, 1])
    expect(placeBatch(held, { source: 'a', epoch: 7, sequence: 4 }).kind).toBe('duplicate')
  })

  it('is not confused by a source called like an object property', () => {
    expect(placeBatch(after(['a', 7, 4]), { source: 'constructor', epoch: 8, sequence: 1 }).kind).toBe(
      'apply',
    )
  })

  it('applies every position at most once and in order, whatever is delivered', () => {
    const batch = fc.record({
      source: fc.constantFrom('a', 'b'),
      epoch: fc.integer({ min: 1, max: 4 }),
      sequence: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 60 }), (batches) => {
        let held = NO_POSITIONS
        const applied: string[] = []
        let newestEpoch = 0
        for (const next of batches) {
          if (placeBatch(held, next).kind !== 'apply') continue
          const before = applied.length === 0 ? null : applied.at(-1)
          const starts = next.sequence === 1 && next.epoch > newestEpoch
          const continues = before === `${next.source}/${next.epoch}/${next.sequence - 1}`
          expect(starts || continues).toBe(true)
          newestEpoch = Math.max(newestEpoch, next.epoch)
          applied.push(`${next.source}/${next.epoch}/${next.sequence}`)
          held = advance(held, next)
        }
        expect(new Set(applied).size).toBe(applied.length)
      }),
    )
  })
})
