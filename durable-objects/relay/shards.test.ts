import { expect, it } from 'vitest'
import { MAX_SHARDS, placeOf, relayName, ShardCount, TARGET_SOCKETS } from './shards.ts'

it('grows with the sockets of all relays and shrinks when they are no longer reported', () => {
  const count = new ShardCount()
  expect(count.needed(0, 0)).toBe(1)
  expect(count.needed(TARGET_SOCKETS, 0)).toBe(1)
  expect(count.needed(TARGET_SOCKETS + 1, 0)).toBe(2)
  count.report(1, TARGET_SOCKETS, 0)
  count.report(2, 1, 30_000)
  expect(count.needed(TARGET_SOCKETS, 60_000)).toBe(3)
  expect(count.needed(TARGET_SOCKETS, 60_001)).toBe(2)
  count.report(1, 1_000_000, 70_000)
  expect(count.needed(0, 70_000)).toBe(MAX_SHARDS)
})

it('names relays so that each finds the first of its group', () => {
  expect(placeOf(relayName('weur', 3))).toEqual({ first: 'relay:weur:0', shard: 3 })
  expect(placeOf(relayName('BRK.B:apac', 0))).toEqual({ first: 'relay:BRK.B:apac:0', shard: 0 })
  expect(placeOf('SPX')).toBeNull()
})
