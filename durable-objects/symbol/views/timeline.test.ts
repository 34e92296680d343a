import { describe, expect, it } from 'vitest'
import { MAX_SAMPLES, SAMPLE_EVERY_MS, TimelineRing, type TimelineSample } from './timeline.ts'

const at = (asOfMs: number): TimelineSample => ({ asOfMs, spot: 1, netGex: 2, nearestFlip: Number.NaN })
const times = (ring: TimelineRing) => ring.samples().map(({ asOfMs }) => asOfMs)

describe('TimelineRing', () => {
  it('keeps the last sample of each interval of market time', () => {
    const ring = new TimelineRing()
    for (const ms of [0, 1, SAMPLE_EVERY_MS - 1, SAMPLE_EVERY_MS, SAMPLE_EVERY_MS + 1]) ring.offer(at(ms))
    expect(times(ring)).toEqual([SAMPLE_EVERY_MS - 1, SAMPLE_EVERY_MS + 1])
  })

  it('forgets the oldest beyond its size', () => {
    const ring = new TimelineRing()
    for (let i = 0; i <= MAX_SAMPLES; i++) ring.offer(at(i * SAMPLE_EVERY_MS))
    expect(ring.samples()).toHaveLength(MAX_SAMPLES)
    expect(times(ring)[0]).toBe(SAMPLE_EVERY_MS)
  })

  it('drops what lies ahead when a replay starts over', () => {
    const ring = new TimelineRing([at(0), at(10_000), at(20_000)])
    ring.offer(at(12_000))
    expect(times(ring)).toEqual([0, 12_000])
    ring.offer(at(16_000))
    expect(times(ring)).toEqual([0, 12_000, 16_000])
  })
})
