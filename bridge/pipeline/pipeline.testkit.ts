/** One pipeline on a fake clock, with a receiver and a lease in memory. For tests. */
import { expect } from 'vitest'
import { fakeClock } from '../clock/fakeClock.ts'
import { readAnswer } from '../delivery/answer.ts'
import { DEFAULT_DELIVERY } from '../delivery/delivery.ts'
import type { Post } from '../delivery/poster.ts'
import type { Feed } from '../feeds/feed.ts'
import { createSyntheticFeed } from '../feeds/synthetic/createSyntheticFeed.ts'
import { profileOf } from '../feeds/synthetic/profiles.ts'
import { Random } from '../feeds/synthetic/Random.ts'
import { Journal } from '../journal/Journal.ts'
import { undisputedLease } from '../testing/LeaseModel.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import type { PipelineLog } from './PipelineMonitor.ts'
import { sealWindow } from './sealWindow.ts'
import { SymbolPipeline, type PipelineOptions, type PipelineOutcome } from './SymbolPipeline.ts'

export const START_MS = Date.UTC(2026, 10, 20, 15, 30)
const never = new AbortController().signal

export function nvda(steps: number, clock = fakeClock(START_MS)): Feed {
  const profile = profileOf('NVDA')
  if (!profile) throw new Error('no profile')
  return createSyntheticFeed(profile, { seed: 4, stepMs: 250, speed: 0, startMs: START_MS, steps, clock })
}

export interface Run {
  readonly outcome: PipelineOutcome
  readonly logs: readonly PipelineLog[]
  readonly pipeline: SymbolPipeline
  readonly slept: readonly number[]
}

export interface RunOptions {
  readonly window?: number
  readonly signal?: AbortSignal
  readonly startMs?: number
  readonly lease?: PipelineOptions['lease']
  readonly maxBytes?: number
}

export async function run(feed: Feed, post: Post, directory: string, options: RunOptions = {}): Promise<Run> {
  const clock = fakeClock(options.startMs ?? START_MS)
  const random = new Random(9, 'jitter')
  const logs: PipelineLog[] = []
  const journal = new Journal(directory, { fsync: false, maxBytes: options.maxBytes ?? 2 ** 30 })
  const pipeline = new SymbolPipeline({
    feed,
    journal,
    lease: options.lease ?? undisputedLease(),
    post,
    clock,
    random: () => random.uniform(),
    delivery: { ...DEFAULT_DELIVERY, window: options.window ?? 1 },
    window: sealWindow(100),
    highWaterBatches: 8,
    shutdownMs: 1_000,
    log: (entry) => logs.push(entry),
  })
  const outcome = await pipeline.run(options.signal ?? never)
  journal.close()
  return { outcome, logs, pipeline, slept: clock.slept }
}

/** The model called directly, without a network. */
export function direct(receiver: { current: ReceiverModel }): Post {
  return async (batch) => {
    const { status, body } = receiver.current.receive(batch)
    return readAnswer(status, null, JSON.stringify(body), START_MS)
  }
}

export async function undisturbed(feed: Feed): Promise<ReceiverModel> {
  const receiver = { current: new ReceiverModel() }
  expect((await run(feed, direct(receiver), temporaryDirectory())).outcome).toEqual({ kind: 'drained' })
  return receiver.current
}
