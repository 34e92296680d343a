import { afterEach, describe, expect, it } from 'vitest'
import type { Tick } from '#schemas/tick'
import { manualClock } from '../clock/manualClock.ts'
import { Conflator } from '../conflate/Conflator.ts'
import type { Feed } from '../feeds/feed.ts'
import { Journal } from '../journal/Journal.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { Sealer } from './Sealer.ts'
import { sealWindow } from './sealWindow.ts'

const FEED: Feed = {
  symbol: 'NVDA',
  source: 'test',
  feedKind: 'live',
  identity: 'test',
  pausable: false,
  isEndless: false,
  async *steps() {},
}
const spot = (price: number): Tick => ({ kind: 'underlying', price, bid: null, ask: null, eventMs: price })
const print: Tick = {
  kind: 'trade',
  contractId: 1,
  price: 1,
  size: 1,
  eventMs: 1,
  conditionCode: 0,
  exchangeCode: 0,
  vendorSequence: 1,
}

let journal: Journal | null = null
afterEach(() => {
  journal?.close()
  journal = null
})

/** A sealer whose symbol has given one tick each 1.5 s, the last sealed at 4,600 ms. */
async function quietSealer() {
  const { clock, pass } = manualClock()
  const opened = new Journal(temporaryDirectory(), { fsync: false })
  journal = opened
  opened.beginEpoch('test', 1)
  const sealedMs: number[] = []
  const sealer = new Sealer(
    {
      feed: FEED,
      journal: opened,
      clock,
      window: sealWindow(100),
      behind: () => false,
      untilRoom: async () => undefined,
      onCommitted: () => void sealedMs.push(clock.now()),
      onFailure: (error) => {
        throw error
      },
    },
    new Conflator(),
    null,
  )
  const add = (tick: Tick) => sealer.add({ ticks: [tick], cursor: null })
  for (let i = 1; i <= 4; i++) {
    add(spot(i))
    await pass(1_500)
  }
  expect(sealedMs).toEqual([100, 1_600, 3_100, 4_600])
  return { sealer, add, pass, sealedMs }
}

describe('a sealer of a quiet symbol', () => {
  it('seals the first tick after a silence at once and what follows a second after the last batch', async () => {
    const { add, pass, sealedMs } = await quietSealer()
    add(spot(10))
    await pass(200)
    add(spot(11))
    await pass(2_000)
    expect(sealedMs.slice(4)).toEqual([6_100, 7_100])
  })

  it('does not let a print wait as long as a quote', async () => {
    const { add, pass, sealedMs } = await quietSealer()
    add(spot(10))
    await pass(200)
    add(spot(11))
    await pass(50)
    add(print)
    await pass(2_000)
    // 250 ms after the batch before, though the window had been open for a second.
    expect(sealedMs.slice(4)).toEqual([6_100, 6_350])
  })

  it('seals what is held when it finishes', async () => {
    const { sealer, add, pass, sealedMs } = await quietSealer()
    add(spot(10))
    await pass(200)
    add(spot(11))
    await sealer.finish()
    expect(sealedMs.slice(4)).toEqual([6_100, 6_200])
  })
})
