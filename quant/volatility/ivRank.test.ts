import { describe, expect, test } from 'vitest'
import { ivRank } from './ivRank.ts'

const ramp = (sessions: number): number[] => Array.from({ length: sessions }, (_, i) => 0.1 + i / 1000)

describe('rank and percentile', () => {
  test('of a known ramp', () => {
    const { rank, percentile, sessions, reason } = ivRank(ramp(101), 0.15)
    expect(rank).toBeCloseTo(0.5, 12)
    expect(percentile).toBeCloseTo(50 / 101, 12)
    expect([sessions, reason]).toEqual([101, null])
  })

  test('one spike moves the rank and hardly the percentile', () => {
    const calm = ivRank(ramp(101), 0.15)
    const spiked = ivRank([...ramp(101), 0.8], 0.15)
    expect(spiked.rank).toBeLessThan(0.1)
    expect(spiked.percentile).toBeCloseTo(calm.percentile as number, 2)
  })

  test('a new extreme is 0 or 1', () => {
    expect(ivRank(ramp(100), 0.9)).toMatchObject({ rank: 1, percentile: 1 })
    expect(ivRank(ramp(100), 0.01)).toMatchObject({ rank: 0, percentile: 0 })
  })

  test('only the last 252 sessions count', () => {
    const old = Array.from({ length: 500 }, () => 0.9)
    expect(ivRank([...old, ...ramp(252)], 0.2)).toEqual(ivRank(ramp(252), 0.2))
  })
})

describe('reasons', () => {
  test('fewer than 60 sessions, days without a figure not counted', () => {
    const history = [...ramp(59), null, Number.NaN]
    expect(ivRank(history, 0.2)).toEqual({
      rank: null,
      percentile: null,
      sessions: 59,
      reason: 'insufficient_history',
    })
    expect(ivRank([...history, 0.1], 0.2).reason).toBeNull()
  })

  test('no volatility today', () => {
    expect(ivRank(ramp(100), null).reason).toBe('no_current_vol')
  })

  test('a history that never moved has a percentile but no rank', () => {
    const flat = Array.from({ length: 80 }, () => 0.2)
    expect(ivRank(flat, 0.2)).toEqual({ rank: null, percentile: 0, sessions: 80, reason: 'flat_history' })
  })
})
