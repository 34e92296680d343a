/** The judge of a chaos run must itself be able to find somebody guilty. */
import { beforeEach, expect, it } from 'vitest'
import { profileOf, type MarketProfile } from '#bridge/feeds/synthetic/profiles'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import { sealBatches } from '#bridge/pipeline/sealBatches'
import { stateHash } from '#durable-objects/symbol/book/stateHash'
import { validateBatch } from '#durable-objects/symbol/book/validateBatch'
import { applyToState, emptyState, restoreState } from '#durable-objects/symbol/state'
import { decodeBatch } from '#schemas/ingest/codec'
import { Ledger } from './ledger.ts'
import { Replay } from './replay.ts'

const header = {
  source: 'rig',
  feed: 'synthetic',
  symbol: 'NVDA',
  createdMs: Date.UTC(2026, 10, 20, 15),
} as const
const APPLIED = '{"status":"applied"}'

let market: SyntheticMarket
let ledger: Ledger
let replay: Replay
beforeEach(() => {
  const profile = profileOf('NVDA') as MarketProfile
  market = new SyntheticMarket({ ...profile, printsPerSecond: 500 }, 1, Date.UTC(2026, 10, 20, 15))
  ledger = new Ledger()
  replay = new Replay()
})

/** The first holds the whole market, each of the others one step with its prints. */
function batches(count: number, epoch = 1): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const ticks = i === 0 ? market.snapshot() : market.advance(50).filter(({ kind }) => kind === 'trade')
    const [bytes] = sealBatches({ ...header, epoch, sequence: i + 1 }, ticks)
    return bytes as Uint8Array
  })
}

function post(bytes: Uint8Array, isAcknowledged = true): void {
  const posted = ledger.posted(bytes)
  if (posted !== null && isAcknowledged) ledger.answered(posted, 200, APPLIED)
}

/** Hash of an object that has applied exactly these. */
function hashAfter(applied: readonly Uint8Array[]): Promise<string> {
  return stateHash(restoreState(null, applied).book)
}

it('finds nothing lost when everything acknowledged is there', async () => {
  const sent = batches(4)
  for (const bytes of sent) post(bytes)
  const match = await replay.match(ledger.unchecked(), await hashAfter(sent))
  expect(match).toMatchObject({ position: { epoch: 1, sequence: 4 }, lostTicks: 0 })
})

it('takes a batch that was stored before its answer was lost', async () => {
  const sent = batches(4)
  sent.forEach((bytes, i) => post(bytes, i < 3))
  const match = await replay.match(ledger.unchecked(), await hashAfter(sent))
  expect(match).toMatchObject({ position: { sequence: 4 }, lostTicks: 0 })
})

it('counts the ticks of an acknowledged batch that is gone', async () => {
  const sent = batches(4)
  for (const bytes of sent) post(bytes)
  const last = ledger.unchecked().at(-1)?.ticks
  expect(last).toBeGreaterThan(0)
  const match = await replay.match(ledger.unchecked(), await hashAfter(sent.slice(0, 3)))
  expect(match).toMatchObject({ position: { sequence: 3 }, lostTicks: last })
})

it('finds no history for a state in which a batch was applied twice', async () => {
  const sent = batches(3)
  for (const bytes of sent) post(bytes)
  const state = emptyState()
  for (const bytes of [...sent, sent.at(-1) as Uint8Array]) {
    const decoded = decodeBatch(bytes)
    const valid = decoded.ok && validateBatch(state.book, decoded.value)
    if (valid && valid.ok) applyToState(state, valid, 0)
  }
  expect(await replay.match(ledger.unchecked(), await stateHash(state.book))).toBeNull()
})

it('goes on from the last match, also when a takeover left the end of an epoch open', async () => {
  const first = batches(3)
  post(first[0] as Uint8Array)
  const start = await replay.match(ledger.unchecked(), await hashAfter(first.slice(0, 1)))
  expect(start).not.toBeNull()
  ledger.checkedUpTo({ epoch: 1, sequence: 1 })
  // Stored, the third too, and no answer ever came.
  for (const bytes of first.slice(1)) post(bytes, false)
  const second = batches(2, 2)
  for (const bytes of second) post(bytes)
  const match = await replay.match(ledger.unchecked(), await hashAfter([...first, ...second]))
  expect(match).toMatchObject({ position: { epoch: 2, sequence: 2 }, lostTicks: 0 })
})

it('counts a position that was applied twice, and two batches under one position', () => {
  const [one = new Uint8Array(), two = new Uint8Array()] = batches(2)
  post(one)
  post(one)
  expect(ledger).toMatchObject({ appliedTwice: 1, positionsReused: 0, batchesAcknowledged: 1 })
  const other = sealBatches({ ...header, epoch: 1, sequence: 2 }, market.snapshot())
  post(two)
  post(other[0] as Uint8Array)
  expect(ledger.positionsReused).toBe(1)
})
