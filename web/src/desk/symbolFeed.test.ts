import { describe, expect, test, vi } from 'vitest'
import type { Client } from '#client/createClient'
import { ApiProblem } from '#client/rest/apiProblem'
import { gammaFrame } from '#client/stream/frames.testkit'
import type { FollowOptions } from '#client/stream/followChannels'
import type { CloseReason, StreamState } from '#client/stream/streamState'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { ProblemCode } from '#schemas/problem'
import type { Meta } from '#schemas/rest/envelope'
import type { Exposure, Levels, Timeline } from '#schemas/rest/models'
import { exposureGreeks } from './exposure.testkit.ts'
import type { KeptFrames } from './keptFrames.ts'
import { openSymbolFeed, type FrameOrigin } from './symbolFeed.ts'
import type { TimelineSeries } from './timelineSeries.ts'

function answers(sequence: number): { exposure: Exposure; levels: Levels; timeline: Timeline } {
  const frame = gammaFrame({ sequence })
  const { symbol, epoch, feed, source, currency, model, method, quality } = frame
  const asOf = new Date(frame.asOfMs).toISOString()
  const meta: Meta = { symbol, asOf, epoch, sequence, feed, source, currency, model, method, quality }
  const levels = {
    ...frame,
    flipsWithin90Days: [],
    flipsFrontExpiry: [],
    maxPain: { '2026-12-18T21:00:00.000Z': 6400, '2026-11-20T21:00:00.000Z': 6475 },
  }
  return {
    exposure: { data: { ...frame, ...exposureGreeks(), expiries: [] }, meta },
    levels: { data: levels, meta },
    timeline: { data: { asOfMs: [1, 2], spotPrice: [1, 2], netGex: [1, null], nearestFlip: [1, 1] }, meta },
  }
}

function problem(code: ProblemCode, status: number): ApiProblem {
  return new ApiProblem({ type: '', title: '', status, detail: '', instance: '', code, requestId: 'r' })
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A feed whose answers, stream and clock are in the test's hands. */
function openFeed(overrides: Partial<Client> = {}, keptFrame: GammaFrame | null = null) {
  const streams: (FollowOptions & { isClosed: boolean; tell(state: StreamState): void })[] = []
  const client = {
    exposure: vi.fn<Client['exposure']>(async () => answers(1).exposure),
    levels: vi.fn<Client['levels']>(async () => answers(1).levels),
    timeline: vi.fn<Client['timeline']>(async () => answers(1).timeline),
    stream: (options: FollowOptions) => {
      const tell = (state: StreamState) => options.onState?.('gamma.SPX', state)
      const stream = { ...options, isClosed: false, tell }
      streams.push(stream)
      const close = () => {
        stream.isClosed = true
        tell({ kind: 'closed', reason: 'byCaller' })
      }
      return { state: () => null, retry: () => {}, close }
    },
    ...overrides,
  } as Client
  const seen: { sequence: number; origin: FrameOrigin }[] = []
  const sinks = {
    frame: (frame: GammaFrame, origin: FrameOrigin) => void seen.push({ sequence: frame.sequence, origin }),
    timeline: vi.fn<(series: TimelineSeries) => void>(),
    connection: vi.fn<(state: StreamState) => void>(),
    cadence: vi.fn<(frameEveryMs: number) => void>(),
    problem: vi.fn<(problem: ApiProblem | null) => void>(),
    upgrade: vi.fn<(problem: ApiProblem | null) => void>(),
  }
  const keepFrame = vi.fn<(frame: GammaFrame) => void>()
  const kept: KeptFrames = { frame: () => keptFrame, keepFrame, symbols: () => null, keepSymbols: () => {} }
  let poll = () => {}
  const every = (_ms: number, run: () => void) => {
    poll = run
    return () => {
      poll = () => {}
    }
  }
  const feed = openSymbolFeed('SPX', sinks, { client, kept, nowMs: () => 0, every })
  return { feed, client, streams, sinks, seen, keepFrame, poll: () => poll() }
}

const live = { kind: 'live' } as const
const stale = { kind: 'stale', sinceMs: 0, attempt: 1, nextTryAtMs: null } as const
const forbidden: CloseReason = { reason: 'forbidden', upgrade: null, problem: null }

describe('a symbol’s feed', () => {
  test('the desk is told how often frames come', async () => {
    const { streams, sinks, feed } = openFeed()
    await settled()
    streams[0]?.onCadence?.(1_000)
    feed.close()
    streams[0]?.onCadence?.(0)
    expect(sinks.cadence.mock.calls).toEqual([[1_000]])
  })

  test('shows REST at once, then what the stream brings that is newer', async () => {
    const { streams, seen } = openFeed()
    await settled()
    expect(seen).toEqual([{ sequence: 1, origin: 'rest' }])
    for (const sequence of [1, 2]) streams[0]?.onFrame(gammaFrame({ sequence }), false)
    expect(seen.at(-1)).toEqual({ sequence: 2, origin: 'stream' })
    expect(seen).toHaveLength(2)
  })

  test('polls only while the stream is away', async () => {
    const { client, streams, poll } = openFeed()
    await settled()
    streams[0]?.tell(live)
    poll()
    expect(client.levels).toHaveBeenCalledTimes(1)
    streams[0]?.tell(stale)
    poll()
    expect(client.levels).toHaveBeenCalledTimes(2)
    expect(streams).toHaveLength(1)
  })

  test('fetches the history once, and again after frames were missed for good', async () => {
    const { client, streams } = openFeed()
    await settled()
    streams[0]?.tell(live)
    expect(client.timeline).toHaveBeenCalledTimes(1)
    streams[0]?.tell(stale)
    streams[0]?.tell({ kind: 'resumed', recovered: true, sinceMs: 0 })
    streams[0]?.tell({ kind: 'caughtUp', by: 'frames', afterMs: 1 })
    streams[0]?.tell(live)
    expect(client.timeline).toHaveBeenCalledTimes(1)
    streams[0]?.tell({ kind: 'caughtUp', by: 'snapshot', afterMs: 1 })
    expect(client.timeline).toHaveBeenCalledTimes(2)
  })

  test('catches up: what was missed enters the history without being played', async () => {
    const { streams, sinks, seen } = openFeed()
    await settled()
    const { asOfMs } = gammaFrame()
    const frame = (sequence: number) => gammaFrame({ sequence, asOfMs: asOfMs + 10_000 * sequence })
    for (const sequence of [2, 3]) streams[0]?.onFrame(frame(sequence), true)
    streams[0]?.onFrame(frame(4), false)
    expect(seen.map(({ sequence }) => sequence)).toEqual([1, 4])
    const times = sinks.timeline.mock.lastCall?.[0].map((point) => point.asOfMs)
    expect(times?.slice(-3)).toEqual([2, 3, 4].map((sequence) => frame(sequence).asOfMs))
  })

  test('without the tier: levels, no stream, and the reason', async () => {
    const refusal = problem('upgrade_required', 403)
    const { streams, sinks, seen } = openFeed({ exposure: () => Promise.reject(refusal) })
    await settled()
    expect(streams).toEqual([])
    expect(seen).toEqual([{ sequence: 1, origin: 'rest' }])
    expect(sinks.upgrade).toHaveBeenLastCalledWith(refusal)
    expect(sinks.connection).toHaveBeenLastCalledWith({
      kind: 'closed',
      ...forbidden,
      problem: refusal.problem,
    })
  })

  test('a symbol without data is waited for on the stream, without asking again', async () => {
    const levels = vi.fn<Client['levels']>(() => Promise.reject(problem('unknown_symbol', 404)))
    const { streams, sinks, seen, poll } = openFeed({ levels })
    await settled()
    expect(streams).toHaveLength(1)
    streams[0]?.tell({ kind: 'waiting' })
    for (let i = 0; i < 4; i++) poll()
    await settled()
    expect(levels).toHaveBeenCalledTimes(1)
    expect(sinks.problem.mock.lastCall?.[0]?.code).toBe('unknown_symbol')
    streams[0]?.onFrame(gammaFrame({ sequence: 1 }), false)
    streams[0]?.tell(live)
    expect(seen).toEqual([{ sequence: 1, origin: 'stream' }])
    expect(sinks.problem).toHaveBeenLastCalledWith(null)
  })

  test.each<CloseReason>([
    { reason: 'refused', code: 'unknown_channel', detail: 'too many are waited for' },
    forbidden,
  ])('a stream that ends with %j leaves the symbol to REST, which opens another', async (why) => {
    const { client, streams, sinks, poll } = openFeed()
    await settled()
    streams[0]?.tell(live)
    streams[0]?.tell({ kind: 'closed', ...why })
    expect(sinks.connection).toHaveBeenLastCalledWith({ kind: 'closed', ...why })
    poll()
    await settled()
    expect(client.levels).toHaveBeenCalledTimes(2)
    expect(streams).toHaveLength(2)
  })

  test('a tier lost on the way closes the stream', async () => {
    const exposure = vi.fn<Client['exposure']>(async () => answers(1).exposure)
    const { streams, feed } = openFeed({ exposure })
    await settled()
    exposure.mockRejectedValue(problem('upgrade_required', 403))
    feed.retry()
    await settled()
    expect(streams[0]?.isClosed).toBe(true)
  })

  test('without a network: the kept frame, until the service says anything', async () => {
    const levels = vi.fn<Client['levels']>(() => Promise.reject(problem('unavailable', 0)))
    const { seen, sinks, poll } = openFeed({ levels }, gammaFrame({ epoch: 9, sequence: 77 }))
    await settled()
    expect(seen).toEqual([{ sequence: 77, origin: 'kept' }])
    expect(sinks.problem.mock.lastCall?.[0]?.code).toBe('unavailable')
    levels.mockResolvedValue(answers(1).levels)
    poll()
    await settled()
    expect(seen.at(-1)).toEqual({ sequence: 1, origin: 'rest' })
  })

  test('an error of the service is not covered up with a kept frame', async () => {
    const { seen } = openFeed({ levels: () => Promise.reject(problem('internal', 500)) }, gammaFrame())
    await settled()
    expect(seen).toEqual([])
  })

  test('closed, it keeps its last frame and says no more', async () => {
    const { feed, streams, seen, keepFrame, poll } = openFeed()
    await settled()
    streams[0]?.onFrame(gammaFrame({ sequence: 5 }), false)
    feed.close()
    expect(keepFrame.mock.lastCall?.[0].sequence).toBe(5)
    expect(streams[0]?.isClosed).toBe(true)
    poll()
    await settled()
    expect(seen).toHaveLength(2)
  })
})
