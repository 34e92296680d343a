import { expect, it } from 'vitest'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import { BroadcastLedger } from './BroadcastLedger.ts'

it('knows how much went out up to each mark, several messages of one mark together', () => {
  const ledger = new BroadcastLedger()
  expect([ledger.sent(1, 100), ledger.sent(1, 50), ledger.sent(2, 10)]).toEqual([100, 150, 160])
  expect([1, 2, 3].map((mark) => ledger.totalAt(mark))).toEqual([150, 160, null])
})

it('takes the newest of a mark that comes again, as sequences do in a new epoch', () => {
  const ledger = new BroadcastLedger()
  for (const mark of [1, 2, 1]) ledger.sent(mark, 100)
  expect(ledger.totalAt(1)).toBe(300)
})

it('forgets what is further back than anybody may be', () => {
  const ledger = new BroadcastLedger()
  ledger.sent(1, 1)
  ledger.sent(2, STREAM_LIMITS.unreadBytes)
  expect(ledger.totalAt(1)).toBe(1)
  ledger.sent(3, 2)
  expect([ledger.totalAt(1), ledger.totalAt(2)]).toEqual([null, STREAM_LIMITS.unreadBytes + 1])
})
