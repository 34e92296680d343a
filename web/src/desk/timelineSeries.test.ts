import { describe, expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { appendFrame, mergeSeries, withGaps, type TimelineSeries } from './timelineSeries.ts'

describe('timeline', () => {
  const point = (asOfMs: number): TimelineSeries[number] => ({ asOfMs, spotPrice: 1, netGex: 1 })
  const at = (asOfMs: number) => gammaFrame({ asOfMs, spotPrice: 1, netGex: 1 })
  const times = (series: TimelineSeries) => series.map(({ asOfMs }) => asOfMs)

  test('frames within a step of the last settled point move the growing one', () => {
    let series: TimelineSeries = [point(0)]
    for (const ms of [1_000, 2_000, 4_999, 5_000, 6_000]) series = appendFrame(series, at(ms))
    expect(times(series)).toEqual([0, 5_000, 6_000])
  })

  test('a frame that is not later changes nothing', () => {
    const series = [point(0), point(10_000)]
    expect(appendFrame(series, at(10_000))).toBe(series)
    expect(appendFrame(series, at(9_000))).toBe(series)
  })

  test('live points continue a backfill that came after them', () => {
    expect(times(mergeSeries([point(0), point(5_000)], [point(4_000), point(6_000)]))).toEqual([
      0, 5_000, 6_000,
    ])
  })

  test('a silence breaks the line, an ordinary step does not', () => {
    const series = [point(0), point(60_000), point(120_001)]
    expect(withGaps(series)).toEqual([
      point(0),
      point(60_000),
      { asOfMs: 60_001, spotPrice: null, netGex: null },
      point(120_001),
    ])
  })

  test('is bounded', () => {
    const long = Array.from({ length: 2_400 }, (_, i) => point(i * 5_000))
    expect(appendFrame(long, at(1e9))).toHaveLength(2_400)
  })
})
