import { expect, test } from 'vitest'
import type { LiveState } from '../state.ts'
import { deliver, encoded, NOW_MS, openingTicks, quote, stateAfter, trade } from '../testkit.ts'
import { LiveFrame } from './liveFrame.ts'
import { LiveMarket } from './liveMarket.ts'
import { metricsAnswer } from './metricsView.ts'

const FIRST_CALL = 1

/** Prints are valued with the greeks of the frame before them. */
function flowRateAfter(state: LiveState, prices: readonly number[]) {
  let sequence = 0
  const next = () => ({ epoch: 1, sequence: ++sequence, previous: sequence - 1 })
  const frames = new LiveFrame('SPX', state, next)
  const market = new LiveMarket(state)
  const published = () => {
    const found = frames.current(NOW_MS, () => undefined)
    if (found === null) throw new Error('expected a frame')
    return found
  }
  published()
  const prints = prices.map((price, i) => trade(FIRST_CALL, price, 10, NOW_MS + 1 + i))
  if (prints.length > 0) deliver(state, encoded({ sequence: 2 }, prints))
  const newest = published()
  return metricsAnswer(newest.frame, market.view(newest), ['flowRate']).data.flowRate
}

const opened = () => stateAfter([encoded({}, [...openingTicks(), quote(FIRST_CALL, 200, 202, NOW_MS)])])

test('flow is that of the prints the book holds', () => {
  const bought = flowRateAfter(opened(), [202, 202, 202, 202])
  expect(bought?.['direction']).toMatchObject({ value: 'buying', reason: null })
  expect(bought?.['basis']).toMatchObject({ value: 'prints' })
  expect(flowRateAfter(opened(), [200, 200, 200, 200])?.['direction']).toMatchObject({ value: 'selling' })
})

test('without prints and without a path of spot there is no flow, and a reason', () => {
  expect(flowRateAfter(opened(), [])?.['direction']).toMatchObject({
    value: null,
    reason: 'no prints, no recent path of spot',
  })
})
