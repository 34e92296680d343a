import { expect, it } from 'vitest'
import { MAX_SHARDS, placeOf, relayName, ShardCount, SHRINK_EVERY_MS, TARGET_SOCKETS } from './shards.ts'

it('grows at once with the sockets of all relays, and by no relay that is full', () => {
  const count = new ShardCount(null, 0)
  expect(count.needed(0, 0)).toBe(1)
  expect(count.needed(TARGET_SOCKETS, 0)).toBe(1)
  expect(count.needed(TARGET_SOCKETS + 1, 0)).toBe(2)
  count.report(1, TARGET_SOCKETS, 0)
  count.report(2, 1, 30_000)
  expect(count.needed(TARGET_SOCKETS, 60_000)).toBe(3)
  count.report(1, 1_000_000, 70_000)
  expect(count.needed(0, 70_000)).toBe(MAX_SHARDS)
})

it('shrinks one at a time when sockets are no longer reported: after a cut all of them are about to come back', () => {
  const count = new ShardCount(null, 0)
  count.report(1, 3 * TARGET_SOCKETS, 0)
  expect(count.needed(0, 60_000)).toBe(3)
  const later = [1, SHRINK_EVERY_MS - 1, SHRINK_EVERY_MS, 2 * SHRINK_EVERY_MS - 1, 10 * SHRINK_EVERY_MS]
  expect(later.map((ms) => count.needed(0, 60_000 + ms))).toEqual([3, 3, 2, 2, 1])
})

it('remembers in its next life how many it needed, and gives its relays the time to report', () => {
  const count = new ShardCount(5, 1_000_000)
  expect(count.needed(0, 1_000_000 + SHRINK_EVERY_MS - 1)).toBe(5)
  count.report(1, 4 * TARGET_SOCKETS, 1_000_000)
  expect(count.needed(TARGET_SOCKETS, 1_000_000 + SHRINK_EVERY_MS)).toBe(5)
  expect(count.needed(2 * TARGET_SOCKETS, 1_000_000 + SHRINK_EVERY_MS)).toBe(6)
})

it('names relays so that each finds the first of its group', () => {
  expect(placeOf(relayName('weur', 3))).toEqual({ first: 'relay:weur:0', shard: 3 })
  expect(placeOf(relayName('BRK.B:apac', 0))).toEqual({ first: 'relay:BRK.B:apac:0', shard: 0 })
  expect(placeOf('SPX')).toBeNull()
})
