import * as v from 'valibot'
import { expect, test } from 'vitest'
import { FrameWindowsSchema } from '#schemas/frame/windows'
import { deliver, encoded, NOW_MS, openingTicks, stateAfter, underlying } from '../testkit.ts'
import { LiveFrame } from './liveFrame.ts'
import { LiveMarket } from './liveMarket.ts'

function followed() {
  const state = stateAfter([encoded({}, openingTicks())])
  const market = new LiveMarket(state)
  let sequence = 0
  const next = () => ({ epoch: 1, sequence: ++sequence, previous: sequence - 1 })
  const frames = new LiveFrame('SPX', state, next)
  let batch = 1
  return {
    market,
    /** The newest frame, `afterMs` into the market, with spot at `price`. */
    at(afterMs: number, price: number) {
      batch += 1
      deliver(state, encoded({ sequence: batch }, [underlying(price, NOW_MS + afterMs)]))
      const published = frames.current(NOW_MS, () => undefined)
      if (published === null) throw new Error('expected a frame')
      return published
    },
  }
}

test('an instant is remembered every two seconds, while there is something new', () => {
  const { market, at } = followed()
  expect(market.rememberAfterMs(0)).toBe(0)
  market.remember(at(0, 6_000), 0)
  expect(market.rememberAfterMs(5_000)).toBeNull()
  const next = at(1, 6_001)
  expect(market.rememberAfterMs(500)).toBe(1_500)
  expect(market.rememberAfterMs(2_000)).toBe(0)
  market.remember(next, 2_000)
  expect(market.memory.bars[0]).toMatchObject({ open: 6_000, close: 6_001 })
  expect(market.memory.regime.cycles).toBe(2)
  expect(market.memory.origin).toBe('live test')
})

test('what windows show is theirs: from the metrics they name, or null with a reason', () => {
  const { market, at } = followed()
  const published = at(0, 6_000)
  expect(market.windows).toBeNull()
  market.remember(published, 0)
  const { windows, reasons } = market.windows ?? { windows: null, reasons: {} }
  expect(v.is(FrameWindowsSchema, windows)).toBe(true)
  expect(windows?.topStrikes[0]?.strike).toBe(market.view(published)?.concentration.strikes[0]?.strike)
  const { topStrikes: _, asOfMs, ...named } = windows ?? { topStrikes: [], asOfMs: 0 }
  expect(asOfMs).toBe(NOW_MS)
  const missing = Object.entries(named).flatMap(([field, value]) =>
    value === null ? [`windows.${field}`] : [],
  )
  expect(Object.keys(reasons).sort()).toEqual(missing.sort())
})

test('a view is kept for its frame, and made again when bands are asked for', () => {
  const { market, at } = followed()
  const published = at(0, 6_000)
  const view = market.view(published)
  expect(market.view(published)).toBe(view)
  const banded = market.view(published, true)
  expect(banded).not.toBe(view)
  expect(market.view(published)).toBe(banded)
  expect(market.view(at(1, 6_001))).not.toBe(banded)
})

test('open interest of the session before shows what was opened', () => {
  const state = stateAfter([
    encoded({}, [
      ...openingTicks(),
      { kind: 'openInterest', contractId: 1, openInterest: 2_600, tradeDate: '2035-11-16' },
    ]),
  ])
  const market = new LiveMarket(state)
  const published = new LiveFrame('SPX', state, () => ({ epoch: 1, sequence: 1, previous: 0 })).current(
    NOW_MS,
    () => undefined,
  )
  const view = published && market.view(published)
  const held = Array.from(view?.previousOpenInterest ?? []).filter((open) => !Number.isNaN(open))
  expect(held).toHaveLength(1)
  expect([500, 2_000]).toContain(held[0])
})
