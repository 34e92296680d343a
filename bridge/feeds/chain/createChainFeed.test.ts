import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import { fakeClock } from '../../clock/fakeClock.ts'
import { sealBatches } from '../../pipeline/sealBatches.ts'
import { ReceiverModel } from '../../testing/ReceiverModel.ts'
import { readSnapshot } from './readSnapshot.ts'
import type { ChainSnapshot } from './snapshot.ts'
import { createChainFeed } from './createChainFeed.ts'

const FILE = join(import.meta.dirname, '../../../../shared/data/cboe/SPX_2025-09-04.csv')
const AS_OF_MS = Date.UTC(2025, 8, 4, 18, 30)

const row = {
  symbol: 'SPXW250904C06485000',
  root: 'SPXW',
  expiryDate: '2025-09-04',
  strike: 6485,
  right: 'call',
  bid: 1.2,
  ask: 1.3,
  quoteMissing: 'none',
  last: 1.25,
  volume: 900,
  openInterest: 120,
  vendorIv: 0.11,
  vendorIvMissing: 'none',
  vendorDelta: 0.4,
  vendorGamma: 0.02,
} as const
const SNAPSHOT: ChainSnapshot = {
  source: 'cboe-file',
  underlying: 'SPX',
  spot: 6484.5,
  bid: null,
  ask: null,
  pulledAtMs: AS_OF_MS,
  asOfMs: AS_OF_MS,
  openInterestOf: 'previous_session',
  rows: [row, { ...row, right: 'put', bid: null, quoteMissing: 'no_bid', volume: null, openInterest: null }],
  rejected: [],
}

async function stepsOf(snapshot: ChainSnapshot, replaySeconds: number): Promise<(readonly Tick[])[]> {
  const feed = createChainFeed(snapshot, { replaySeconds, clock: fakeClock(0) })
  const steps: (readonly Tick[])[] = []
  for await (const step of feed.steps(null, new AbortController().signal)) steps.push(step.ticks)
  return steps
}

function hashOf(steps: readonly (readonly Tick[])[], maxTicks: number): ReceiverModel {
  const receiver = new ReceiverModel()
  const header = { source: 'cboe-file', feed: 'recorded', symbol: 'SPX', epoch: 1, createdMs: 1 } as const
  let sequence = 1
  for (const ticks of steps) {
    for (const batch of sealBatches({ ...header, sequence }, ticks, maxTicks)) {
      expect(receiver.receive(batch).status).toBe(200)
      sequence++
    }
  }
  return receiver
}

describe('createChainFeed', () => {
  it('says what the file says at the time of the file, and nothing the file does not say', async () => {
    const ticks = (await stepsOf(SNAPSHOT, 0)).flat()
    expect(ticks).toEqual([
      definition(1, 'call'),
      definition(2, 'put'),
      { kind: 'openInterest', contractId: 1, openInterest: 120, tradeDate: '2025-09-03' },
      { kind: 'sessionVolume', contractId: 1, volume: 900, eventMs: AS_OF_MS },
      { kind: 'underlying', price: 6484.5, bid: null, ask: null, eventMs: AS_OF_MS },
      quote(1, 1.2, 'none'),
      quote(2, null, 'no_bid'),
    ])
  })

  it('dates open interest that moves during the session by the session itself', async () => {
    const nifty = { ...row, root: 'NIFTY', expiryDate: '2022-03-31', strike: 17000 }
    const asOfMs = Date.UTC(2022, 2, 28, 5, 17)
    const ticks = (
      await stepsOf(
        {
          ...SNAPSHOT,
          source: 'nse-file',
          underlying: 'NIFTY',
          asOfMs,
          openInterestOf: 'this_session',
          // The lot of 2020 is in no table.
          rows: [{ ...nifty, expiryDate: '2020-04-30' }, nifty],
        },
        0,
      )
    ).flat()
    expect(ticks[0]).toMatchObject({ kind: 'contract', root: 'NIFTY', multiplier: 50 })
    expect(ticks[1]).toMatchObject({ kind: 'openInterest', tradeDate: '2022-03-28' })
  })

  it.skipIf(!existsSync(FILE))('gives the same final state however it is spread and batched', async () => {
    const parsed = readSnapshot(readFileSync(FILE, 'utf8'))
    if (!parsed.ok) throw new Error('the reference file does not parse')
    const atOnce = await stepsOf(parsed.snapshot, 0)
    const spread = await stepsOf(parsed.snapshot, 5)
    expect(spread).toHaveLength(21)
    const whole = hashOf(atOnce, 4_000)
    expect(whole.contracts).toBe(parsed.snapshot.rows.length)
    expect(hashOf(spread, 777).hash()).toBe(whole.hash())
  })
})

function definition(contractId: number, right: 'call' | 'put') {
  const { root, expiryDate, strike } = row
  return { kind: 'contract', contractId, root, expiryDate, strike, right, multiplier: 100 }
}

function quote(contractId: number, bid: number | null, missing: string) {
  return { kind: 'quote', contractId, bid, ask: 1.3, bidSize: 0, askSize: 0, eventMs: AS_OF_MS, missing }
}
