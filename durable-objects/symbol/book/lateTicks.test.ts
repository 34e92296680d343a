import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import { emptyState } from '../state.ts'
import { deliver, encoded, NOW_MS, openingTicks, quote } from '../testkit.ts'

const FIRST = 1

/** Quotes of one contract, one a millisecond; the price says which. */
const QUOTES = 12
const quoteAt = (n: number): Tick => quote(FIRST, n, n + 1, NOW_MS + n)

it('quotes in any order and any batches never take a price back, end with the newest, and the late ones are counted', () => {
  const order = fc.shuffledSubarray(
    Array.from({ length: QUOTES }, (_, n) => n + 1),
    { minLength: QUOTES },
  )
  fc.assert(
    fc.property(order, fc.array(fc.boolean(), { minLength: QUOTES, maxLength: QUOTES }), (ns, cuts) => {
      const state = emptyState()
      expect(deliver(state, encoded({}, openingTicks()))).toMatchObject({ ok: true })
      const row = state.book.rowOfId.get(FIRST) ?? -1
      let newest = 0
      let late = 0
      let sequence = 2
      let batch: Tick[] = []
      ns.forEach((n, i) => {
        batch.push(quoteAt(n))
        if (n < newest) late++
        newest = Math.max(newest, n)
        if (!cuts[i] && i < QUOTES - 1) return
        expect(deliver(state, encoded({ sequence: sequence++ }, batch))).toMatchObject({ ok: true })
        batch = []
        expect(state.book.columns.bid[row]).toBe(newest)
        expect(state.book.lateTicks).toBe(late)
      })
    }),
    { seed: 13, numRuns: 300 },
  )
})
