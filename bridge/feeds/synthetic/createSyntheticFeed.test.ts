import { describe, expect, it } from 'vitest'
import type { Clock } from '../../clock/clock.ts'
import { fakeClock } from '../../clock/fakeClock.ts'
import type { FeedStep } from '../feed.ts'
import { createSyntheticFeed, type SyntheticFeedOptions } from './createSyntheticFeed.ts'
import { profileOf } from './profiles.ts'

const START_MS = Date.UTC(2026, 10, 20, 15, 30)
const never = new AbortController().signal

function feed(options: Partial<SyntheticFeedOptions>, clock: Clock = fakeClock(START_MS)) {
  const profile = profileOf('NVDA')
  if (!profile) throw new Error('no profile')
  const defaults = { seed: 1, stepMs: 250, speed: 1, startMs: START_MS, steps: 12 }
  return createSyntheticFeed(profile, { ...defaults, clock, ...options })
}

async function collect(steps: AsyncIterable<FeedStep>): Promise<FeedStep[]> {
  const collected: FeedStep[] = []
  for await (const step of steps) collected.push(step)
  return collected
}

const eventTimes = (steps: readonly FeedStep[]) =>
  steps.flatMap(({ ticks }) => ticks.flatMap((tick) => (tick.kind === 'underlying' ? tick.eventMs : [])))

describe('a reproducible run', () => {
  it('begins with the snapshot, counts its steps and ends', async () => {
    const steps = await collect(feed({}).steps(null, never))
    expect(steps.map(({ cursor }) => cursor)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(eventTimes(steps).at(-1)).toBe(START_MS + 12 * 250)
  })

  it('goes on after a cursor with the very ticks it would have sent', async () => {
    const whole = await collect(feed({}).steps(null, never))
    const rest = await collect(feed({}).steps(7, never))
    expect(rest[0]?.cursor).toBe(7)
    expect(rest.slice(1)).toEqual(whole.slice(8))
    expect(await collect(feed({}).steps(12, never))).toHaveLength(1)
  })

  it('keeps pace with the clock at the speed asked for', async () => {
    const clock = fakeClock(START_MS + 77)
    await collect(feed({ speed: 10 }, clock).steps(null, never))
    expect(clock.now() - START_MS - 77).toBeGreaterThanOrEqual((12 * 250) / 10)
    expect(clock.now() - START_MS - 77).toBeLessThan((12 * 250) / 10 + 25)
  })

  it('ends when aborted', async () => {
    const ended = new AbortController()
    let taken = 0
    for await (const _ of feed({ steps: null }).steps(null, ended.signal)) if (++taken === 5) ended.abort()
    expect(taken).toBe(5)
  })
})

describe('a live run', () => {
  it('takes the clock for the event time and cannot be rewound or paused', async () => {
    const clock = fakeClock(START_MS + 10)
    const live = feed({ startMs: null }, clock)
    const steps = await collect(live.steps(99, never))
    expect(live.pausable).toBe(false)
    expect(steps.every(({ cursor }) => cursor === null)).toBe(true)
    expect(eventTimes(steps)).toEqual(Array.from({ length: 13 }, (_, i) => START_MS + i * 250))
  })

  it('jumps to the present after a long sleep instead of catching up step by step', async () => {
    let [nowMs, slept] = [START_MS, 0]
    const clock = {
      now: () => nowMs,
      async sleep(ms: number) {
        nowMs += ++slept === 3 ? 3_600_000 : ms
      },
    }
    const steps = await collect(feed({ startMs: null, steps: 5 }, clock).steps(null, never))
    expect(eventTimes(steps).map((eventMs) => eventMs - START_MS)).toEqual([
      0, 250, 500, 3_600_500, 3_600_750, 3_601_000,
    ])
  })
})
