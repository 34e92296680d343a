import { describe, expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { dataAge } from './dataAge.ts'

describe('data age', () => {
  const frame = gammaFrame({ asOfMs: Date.parse('2026-11-20T19:30:00Z') })
  const after = (ms: number) => frame.asOfMs + ms

  test.each([
    [2_000, 'calm', '14:30:00 ET · 2 s'],
    [5_000, 'amber', '14:30:00 ET · 5 s'],
    [15_000, 'red', '14:30:00 ET · 15 s'],
  ])('%i ms is %s', (oldMs, tone, text) => {
    expect(dataAge(frame, after(oldMs))).toEqual({ text, tone })
  })

  test.each([
    [1_000, 5_000, 15_000],
    [4_000, 12_000, 40_000],
  ])('where a frame comes every %i ms, amber is from %i ms and red from %i', (everyMs, amberMs, redMs) => {
    const tones = [amberMs - 1, amberMs, redMs - 1, redMs].map(
      (ms) => dataAge(frame, after(ms), everyMs).tone,
    )
    expect(tones).toEqual(['calm', 'amber', 'amber', 'red'])
  })

  test('a clock behind the service’s does not make a negative age', () => {
    expect(dataAge(frame, after(-800)).text).toBe('14:30:00 ET · 0 s')
  })

  test('recorded and closed data show their date and never alarm', () => {
    const closed = gammaFrame({ ...frame, feed: 'live', quality: { ...frame.quality, freshness: 'closed' } })
    for (const still of [gammaFrame({ ...frame, feed: 'recorded' }), closed]) {
      expect(dataAge(still, after(86_400_000))).toEqual({ text: '14:30:00 ET, Nov 20, 2026', tone: 'calm' })
    }
  })

  test('delayed data alarms only when the service says it has stopped', () => {
    const delayed = gammaFrame({ ...frame, feed: 'delayed' })
    expect(dataAge(delayed, after(900_000)).tone).toBe('calm')
    const stale = gammaFrame({ ...delayed, quality: { ...frame.quality, freshness: 'stale' } })
    expect(dataAge(stale, after(900_000)).tone).toBe('red')
  })
})
