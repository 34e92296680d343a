import { describe, expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { defaultShare, strikeWindow, visibleStrikes, windowCentre } from './strikeWindow.ts'

/** Strikes from 5000 to 8000 by `step`, exposure within `spread` of 6500 only. */
function chain(step: number, spread: number) {
  const strike = Array.from({ length: 3000 / step + 1 }, (_, i) => 5000 + i * step)
  const callGex = strike.map((k) => (Math.abs(k - 6500) <= spread ? 1000 : 0))
  return gammaFrame({ spotPrice: 6500, strikes: { strike, callGex, putGex: strike.map(() => 0) } })
}

describe('the first window', () => {
  test('is the smallest that holds most of the exposure', () => {
    expect(defaultShare(chain(25, 60))).toBe(0.01)
    expect(defaultShare(chain(25, 300))).toBe(0.05)
  })

  test('stays small enough for bars to be told apart', () => {
    expect(defaultShare(chain(5, 1500))).toBe(0.025)
  })

  test('is the whole of a thin chain, and of one without a spot', () => {
    expect(defaultShare(gammaFrame())).toBeNull()
    expect(defaultShare({ ...chain(25, 60), spotPrice: null })).toBeNull()
  })
})

describe('the window', () => {
  test('keeps the strikes within it, ends included', () => {
    const frame = chain(25, 100)
    const window = strikeWindow(frame, 0.01, 6500)
    expect(window).toEqual({ min: 6435, max: 6565 })
    expect(visibleStrikes(frame, window ?? { min: 0, max: 0 }).strike).toEqual([6450, 6475, 6500, 6525, 6550])
  })

  test('is the whole chain with half a step of margin when all is asked', () => {
    expect(strikeWindow(chain(25, 100), null, 6500)).toEqual({ min: 4987.5, max: 8012.5 })
  })

  test('of no strikes is nothing', () => {
    expect(
      strikeWindow(gammaFrame({ strikes: { strike: [], callGex: [], putGex: [] } }), 0.05, 6500),
    ).toBeNull()
  })

  test('moves only when spot has left its middle half', () => {
    expect(windowCentre(6500, 6580, 0.025)).toBe(6500)
    expect(windowCentre(6500, 6590, 0.025)).toBe(6590)
    expect(windowCentre(null, 6500, 0.025)).toBe(6500)
  })
})
