import { describe, expect, it } from 'vitest'
import { emptyBook, type ChainBook } from '../book/chainBook.ts'
import { NOW_MS } from '../testkit.ts'
import {
  freeSlot,
  KEEP_EVERY_MS,
  keepAtMs,
  longestDelayMs,
  newestInstantMs,
  select,
  SETTLING_MS,
  stillNeeded,
  type KeptState,
} from './keptStates.ts'

const MINUTE_MS = 60_000
const DELAY_MS = 15 * MINUTE_MS

/** Taken so many minutes ago, of that instant. */
const keptAgo = (minutes: number, slot = 0): KeptState => {
  const takenMs = NOW_MS - minutes * MINUTE_MS
  return { slot, pieces: 1, takenMs, newestMs: takenMs, epoch: 1, sequence: 1 }
}
const bookAgo = (minutes: number, fields: Partial<ChainBook> = {}): ChainBook => {
  const atMs = NOW_MS - minutes * MINUTE_MS
  return { ...emptyBook(), feed: 'live', asOfMs: atMs, lastSeenMs: atMs, ...fields }
}

it('longestDelayMs is that of live feeds alone', () => {
  const feeds = ['live', 'delayed', 'recorded', 'synthetic'] as const
  expect(feeds.map(longestDelayMs)).toEqual([DELAY_MS, 0, 0, 0])
})

describe('newestInstantMs', () => {
  it('is no later than now, unless a tick says so of itself', () => {
    expect(newestInstantMs(bookAgo(0), NOW_MS)).toBe(NOW_MS)
    expect(newestInstantMs(bookAgo(0, { asOfMs: NOW_MS + 50_000 }), NOW_MS)).toBe(NOW_MS + 50_000)
  })

  it('believes the clock of a bridge as far as its signature proves it, and old event times not at all', () => {
    expect(newestInstantMs(bookAgo(10), NOW_MS)).toBe(NOW_MS - 10 * MINUTE_MS + 30_000)
    expect(newestInstantMs(bookAgo(0, { asOfMs: NOW_MS - 60 * MINUTE_MS }), NOW_MS)).toBe(NOW_MS)
  })

  it('is before everything for a book that has seen nothing', () => {
    expect(newestInstantMs(emptyBook(), NOW_MS)).toBe(-Infinity)
  })
})

describe('keepAtMs', () => {
  it('lets a chain arrive first, then goes by the interval', () => {
    expect(keepAtMs([], NOW_MS)).toBe(NOW_MS + SETTLING_MS)
    expect(keepAtMs([keptAgo(60)], NOW_MS)).toBe(NOW_MS + SETTLING_MS)
    expect(keepAtMs([keptAgo(1)], NOW_MS)).toBe(NOW_MS + KEEP_EVERY_MS - MINUTE_MS)
  })

  it('is not held off by a clock that was set back', () => {
    expect(keepAtMs([keptAgo(-600)], NOW_MS)).toBe(NOW_MS + KEEP_EVERY_MS)
  })
})

describe('stillNeeded', () => {
  it('is what is too young, the newest that is not, and one more', () => {
    const ages = [27, 23, 19, 15, 11, 7, 3]
    const left = stillNeeded(
      ages.map((minutes) => keptAgo(minutes)),
      DELAY_MS,
      NOW_MS,
    )
    expect(left).toEqual([19, 15, 11, 7, 3].map((minutes) => keptAgo(minutes)))
  })

  it('is all while nothing is old enough, and never nothing', () => {
    expect(stillNeeded([keptAgo(8), keptAgo(4)], DELAY_MS, NOW_MS)).toHaveLength(2)
    expect(stillNeeded([keptAgo(900)], DELAY_MS, NOW_MS)).toHaveLength(1)
  })
})

it('freeSlot is the first that none has', () => {
  expect(freeSlot([])).toBe(0)
  expect(freeSlot([keptAgo(3, 1), keptAgo(2, 0), keptAgo(1, 3)])).toBe(2)
})

describe('select', () => {
  const kept = [keptAgo(22), keptAgo(18), keptAgo(14), keptAgo(10)]
  const asked = { delayMs: DELAY_MS }

  it('is the newest that is old enough', () => {
    expect(select(kept, bookAgo(0), asked, NOW_MS)).toEqual({ kind: 'kept', state: kept[1] })
    expect(select(kept, bookAgo(0), asked, NOW_MS + MINUTE_MS)).toEqual({ kind: 'kept', state: kept[2] })
  })

  it('is the one a cursor names, while that is kept and old enough', () => {
    const again = (state: KeptState | undefined) =>
      select(kept, bookAgo(0), { ...asked, takenMs: state?.takenMs }, NOW_MS)
    expect(again(kept[0])).toEqual({ kind: 'kept', state: kept[0] })
    expect(again(kept[3])).toEqual({ kind: 'kept', state: kept[1] })
    expect(again(keptAgo(99))).toEqual({ kind: 'kept', state: kept[1] })
  })

  it('is what there is now once the feed has been quiet for long enough, and not a moment before', () => {
    const quietMs = DELAY_MS + 30_000
    const at = (agoMs: number) => select(kept, bookAgo(agoMs / MINUTE_MS), asked, NOW_MS).kind
    expect([at(quietMs), at(quietMs - 1)]).toEqual(['newest', 'kept'])
  })

  it('says from when there will be one', () => {
    const fromMs = NOW_MS + 11 * MINUTE_MS
    expect(select([keptAgo(4), keptAgo(0)], bookAgo(0), asked, NOW_MS)).toEqual({ kind: 'none', fromMs })
    const first = { kind: 'none', fromMs: NOW_MS + SETTLING_MS + DELAY_MS }
    expect(select([], bookAgo(0), asked, NOW_MS)).toEqual(first)
  })
})
