import { describe, expect, it } from 'vitest'
import { SAMPLE_MARKET, sampleContracts } from '#quant/chain/sampleChain'
import { sampleView, type SampleInstant } from '#quant/metrics/sampleView'
import { historyOf, memoryOf, NO_MEMORY, remembering, type MarketMemory } from './marketMemory.ts'
import { restoredMemory, storedMemory } from './storedMemory.ts'

const DATE = 20_261_120
const MINUTE = 60_000

const instantAt = (minutes: number, known: SampleInstant = {}): SampleInstant => {
  const nowMs = SAMPLE_MARKET.nowMs + minutes * MINUTE
  const session = { openMs: SAMPLE_MARKET.nowMs - 30 * MINUTE, closeMs: SAMPLE_MARKET.nowMs + 360 * MINUTE }
  return { nowMs, session, ...known }
}

const noted = (memory: MarketMemory, minutes: number, date = DATE): MarketMemory =>
  remembering(
    memory,
    sampleView(sampleContracts(), instantAt(minutes, { history: historyOf(memory, [], date) })),
    date,
  )

describe('what is remembered', () => {
  const memory = noted(noted(noted(NO_MEMORY, 0), 1), 6)

  it('is the session so far, the skew of its half hour, and the surface every five minutes', () => {
    expect(memory.bars).toMatchObject([{ date: DATE, open: SAMPLE_MARKET.spot, close: SAMPLE_MARKET.spot }])
    expect(memory.bars[0]?.atmVol30).toBeGreaterThan(0)
    expect(memory.skew).toHaveLength(1)
    expect(memory.nodes.rows).toHaveLength(2)
    expect(memory.components).toHaveLength(3)
    expect(memory.regime.cycles).toBe(3)
  })

  it('is history only once its session is over', () => {
    expect(historyOf(memory, [], DATE)).toMatchObject({ dailyBars: [], dailyAtmVols: [] })
    const [bar] = memory.bars
    const tomorrow = historyOf(memory, [], DATE + 1)
    expect(tomorrow.dailyBars).toEqual([bar])
    expect(tomorrow.dailyAtmVols).toEqual([bar?.atmVol30])
  })

  it('is of one feed and source', () => {
    const ours = { ...memory, origin: 'live ours' }
    expect(memoryOf(ours, 'live ours')).toBe(ours)
    expect(memoryOf(ours, 'recorded theirs')).toEqual({ ...NO_MEMORY, origin: 'recorded theirs' })
  })

  it('comes back from storage as it was', () => {
    expect(restoredMemory(JSON.parse(JSON.stringify(storedMemory(memory))))).toEqual(memory)
  })

  it.each([null, 'x', {}, { version: 2 }, { version: 1, bars: [{ date: 'today' }] }])(
    'is forgotten when what is stored is %j',
    (stored) => expect(restoredMemory(stored)).toEqual(NO_MEMORY),
  )

  it('survives a chain without a smile', () => {
    const silent = sampleContracts().map((contract) => ({ ...contract, bid: null, ask: null }))
    const after = remembering(memory, sampleView(silent, instantAt(12)), DATE)
    expect(after.nodes).toBe(memory.nodes)
    expect(after.skew).toBe(memory.skew)
    expect(after.bars[0]?.atmVol30).toBe(memory.bars[0]?.atmVol30)
  })
})
