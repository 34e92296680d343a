import { describe, expect, it } from 'vitest'
import { depthOf, TIER_LIMITS } from '#schemas/tiers'
import { applyToState } from '../state.ts'
import { admitBatch } from '../ingest/admitBatch.ts'
import { encoded, NOW_MS, openingTicks, SPOT, stateAfter, underlying } from '../testkit.ts'
import { LiveFrame } from '../views/liveFrame.ts'
import { DelayedStates } from './DelayedStates.ts'
import { KEEP_EVERY_MS } from './keptStates.ts'
import { MemoryKeeper } from './memoryKeeper.testkit.ts'

const DELAY_MS = TIER_LIMITS.free.rawDelayMs
const ASKED = { delayMs: DELAY_MS, depth: depthOf('free', 'live') }

/** A market that ticks and is kept at every interval, until states are old enough. */
function market() {
  const state = stateAfter([encoded({}, openingTicks())])
  const keeper = new MemoryKeeper()
  const delayed = new DelayedStates('SPX', keeper, (error) => {
    throw error
  })
  const live = new LiveFrame('SPX', state, () => ({ epoch: 1, sequence: 1, previous: 0 }))
  let nowMs = NOW_MS
  let sequence = 1
  const tick = () => {
    nowMs += KEEP_EVERY_MS
    sequence += 1
    const bytes = encoded({ sequence, createdMs: nowMs }, [underlying(SPOT + sequence, nowMs)])
    const admission = admitBatch(state, 'SPX', bytes)
    if (admission.kind === 'answer') throw new Error(JSON.stringify(admission.answer))
    applyToState(state, admission.valid, nowMs)
    const published = live.current(nowMs, () => undefined)
    delayed.keep(published, state.book, nowMs)
  }
  for (let i = 0; i < 7; i++) tick()
  const ask = (takenMs?: number) => delayed.find(state.book, { ...ASKED, takenMs }, nowMs)
  return { keeper, tick, ask }
}

describe('a kept state', () => {
  it('is not looked at before somebody asks, and then once for all who do', () => {
    const { keeper, ask } = market()
    expect(keeper.reads).toBe(0)
    for (let caller = 0; caller < 5; caller++) expect(ask().kind).toBe('kept')
    expect(keeper.reads).toBe(1)
  })

  it('is opened twice by no cursor: those that are old enough stay open beside each other', () => {
    const { keeper, ask } = market()
    const names = keeper.kept.map(({ takenMs }) => takenMs)
    for (let round = 0; round < 3; round++) for (const name of [...names, 1]) ask(name)
    expect(keeper.reads).toBe(2)
  })

  it('is closed when nobody has asked for it for a while', () => {
    const { keeper, ask, tick } = market()
    const name = keeper.kept[1]?.takenMs
    ask(name)
    tick()
    expect(keeper.kept[0]?.takenMs).toBe(name)
    ask(name)
    expect(keeper.reads).toBe(2)
  })
})
