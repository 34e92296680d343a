import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { QuoteTick, Tick } from '#schemas/tick'
import { fakeClock } from '../clock/fakeClock.ts'
import { DEFAULT_DELIVERY } from '../delivery/delivery.ts'
import { readAnswer } from '../delivery/answer.ts'
import { createPoster, type Post } from '../delivery/poster.ts'
import { createRequestSigner } from '../delivery/requestSigner.ts'
import type { Feed, FeedStep } from '../feeds/feed.ts'
import { createSyntheticFeed } from '../feeds/synthetic/createSyntheticFeed.ts'
import { profileOf } from '../feeds/synthetic/profiles.ts'
import { Random } from '../feeds/synthetic/Random.ts'
import { Journal } from '../journal/Journal.ts'
import {
  startIngestServer,
  TEST_PRIVATE_JWK,
  type Fault,
  type IngestServer,
} from '../testing/ingestServer.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import type { PipelineLog } from './PipelineMonitor.ts'
import { SymbolPipeline, type PipelineOutcome } from './SymbolPipeline.ts'

const START_MS = Date.UTC(2026, 10, 20, 15, 30)
const never = new AbortController().signal

let server: IngestServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

function nvda(steps: number, clock = fakeClock(START_MS)): Feed {
  const profile = profileOf('NVDA')
  if (!profile) throw new Error('no profile')
  return createSyntheticFeed(profile, { seed: 4, stepMs: 250, speed: 0, startMs: START_MS, steps, clock })
}

interface Run {
  readonly outcome: PipelineOutcome
  readonly logs: readonly PipelineLog[]
  readonly pipeline: SymbolPipeline
  readonly slept: readonly number[]
}

async function run(
  feed: Feed,
  post: Post,
  directory: string,
  options: { window?: number; signal?: AbortSignal; startMs?: number; highWaterBatches?: number } = {},
): Promise<Run> {
  const clock = fakeClock(options.startMs ?? START_MS)
  const random = new Random(9, 'jitter')
  const logs: PipelineLog[] = []
  const journal = new Journal(directory, { fsync: false })
  const pipeline = new SymbolPipeline({
    feed,
    journal,
    post,
    clock,
    random: () => random.uniform(),
    delivery: { ...DEFAULT_DELIVERY, window: options.window ?? 1 },
    windowMs: 100,
    highWaterBatches: options.highWaterBatches ?? 8,
    shutdownMs: 1_000,
    log: (entry) => logs.push(entry),
  })
  const outcome = await pipeline.run(options.signal ?? never)
  journal.close()
  return { outcome, logs, pipeline, slept: clock.slept }
}

/** The model called directly, without a network. */
function direct(receiver: { current: ReceiverModel }): Post {
  return async (batch) => {
    const { status, body } = receiver.current.receive(batch)
    return readAnswer(status, null, JSON.stringify(body), START_MS)
  }
}

async function undisturbed(feed: Feed): Promise<ReceiverModel> {
  const receiver = { current: new ReceiverModel() }
  expect((await run(feed, direct(receiver), temporaryDirectory())).outcome).toEqual({ kind: 'drained' })
  return receiver.current
}

describe('over HTTP', () => {
  const faults: Fault[] = [
    'lostRequest',
    'lostAnswer',
    'deliveredTwice',
    'internal',
    'overloaded',
    'rateLimited',
    'signatureExpired',
    'notOurs',
  ]

  it.each([
    [1, 1],
    [2, 1],
    [3, 4],
    [4, 4],
  ])(
    'delivers exactly once through a seeded script of faults (seed %i, window %i)',
    { timeout: 30_000 },
    async (seed, window) => {
      const script = new Random(seed, 'faults')
      const started = await startIngestServer(() =>
        script.uniform() < 0.45 ? (faults[script.integer(faults.length)] ?? 'none') : 'none',
      )
      server = started
      const signer = createRequestSigner(TEST_PRIVATE_JWK)
      const clock = fakeClock(START_MS)
      const post = createPoster({ to: started.url, symbol: 'NVDA', signer, clock, timeoutMs: 10_000 })
      const { outcome } = await run(nvda(60), post, temporaryDirectory(), { window })
      expect(outcome).toEqual({ kind: 'drained' })
      const receiver = started.symbols.get('NVDA')
      expect(receiver?.hash()).toBe((await undisturbed(nvda(60))).hash())
      expect(new Set(receiver?.applied).size).toBe(receiver?.applied.length)
      expect(new Set(started.signatures).size).toBe(started.signatures.length)
      expect(started.faults.some((fault) => fault !== 'none')).toBe(true)
    },
  )

  it('gives up on an attempt that is never answered', async () => {
    const started = await startIngestServer((_, request) => (request === 1 ? 'never' : 'none'))
    server = started
    const signer = createRequestSigner(TEST_PRIVATE_JWK)
    const post = createPoster({
      to: started.url,
      symbol: 'NVDA',
      signer,
      clock: fakeClock(START_MS),
      timeoutMs: 50,
    })
    const attempts = [await post(new Uint8Array([1])), await post(new Uint8Array([1]))]
    expect(attempts[0]).toEqual({ kind: 'unavailable', reason: 'timeout', retryAfterMs: null })
    expect(attempts[1]).toMatchObject({ kind: 'refused', code: 'batch_truncated' })
  })

  it('says what the network said when nobody listens', async () => {
    const started = await startIngestServer()
    await started.close()
    const signer = createRequestSigner(TEST_PRIVATE_JWK)
    const post = createPoster({
      to: started.url,
      symbol: 'NVDA',
      signer,
      clock: fakeClock(START_MS),
      timeoutMs: 5_000,
    })
    expect(await post(new Uint8Array([1]))).toEqual({
      kind: 'unavailable',
      reason: 'ECONNREFUSED',
      retryAfterMs: null,
    })
  })
})

describe('across a restart', () => {
  it('delivers leftovers under their old epoch, then goes on where the feed stood', async () => {
    const directory = temporaryDirectory()
    const receiver = { current: new ReceiverModel() }
    const shutdown = new AbortController()
    let posts = 0
    const post = direct(receiver)
    const cut: Post = async (batch) => {
      if (++posts < 6) return post(batch)
      shutdown.abort()
      return { kind: 'unavailable', reason: 'gone', retryAfterMs: null }
    }
    const first = await run(nvda(150), cut, directory, { signal: shutdown.signal })
    expect(first.outcome).toMatchObject({ kind: 'interrupted' })
    const second = await run(nvda(150), post, directory, { startMs: START_MS + 60_000 })
    expect(second.outcome).toEqual({ kind: 'drained' })
    expect(second.logs.map(({ event }) => event)).toContain('leftovers')
    expect(receiver.current.hash()).toBe((await undisturbed(nvda(150))).hash())
  })

  it('sets leftovers aside that a newer epoch has overtaken, and takes over itself', async () => {
    const directory = temporaryDirectory()
    const receiver = { current: new ReceiverModel() }
    const refusing: Post = async () => ({ kind: 'refused', code: 'internal', detail: '', field: null })
    await run(nvda(5), refusing, directory)
    await run(nvda(5), direct(receiver), temporaryDirectory(), { startMs: START_MS + 60_000 })
    const { outcome, logs } = await run(nvda(5), direct(receiver), directory, { startMs: START_MS + 120_000 })
    expect(outcome).toEqual({ kind: 'drained' })
    expect(logs.map(({ event }) => event)).toEqual(['leftovers', 'leftovers_undeliverable', 'set_aside'])
    expect(readdirSync(directory).some((name) => name.endsWith('.undelivered'))).toBe(true)
    expect(receiver.current.position?.epoch).toBe(START_MS + 120_000)
  })
})

describe('when the receiver', () => {
  it('has been reset, starts over with a fresh snapshot in a new epoch', async () => {
    const receiver = { current: new ReceiverModel() }
    const post = direct(receiver)
    let posts = 0
    const forgetting: Post = async (batch) => {
      if (++posts === 8) receiver.current = new ReceiverModel()
      return post(batch)
    }
    const { outcome, logs } = await run(nvda(200), forgetting, temporaryDirectory())
    expect(outcome).toEqual({ kind: 'drained' })
    expect(logs.map(({ event }) => event)).toContain('new_epoch')
    const whole = await undisturbed(nvda(200))
    expect(receiver.current.contracts).toBe(whole.contracts)
    expect(receiver.current.position?.epoch).toBeGreaterThan(START_MS)
  })

  it('keeps asking for the impossible, gives up', async () => {
    const receiver = { current: new ReceiverModel() }
    let posts = 0
    const once: Post = async (batch) =>
      ++posts === 1 ? direct(receiver)(batch) : { kind: 'gap', expected: { epoch: 1, sequence: 99 } }
    const { outcome } = await run(nvda(60), once, temporaryDirectory())
    expect(outcome).toMatchObject({ kind: 'stopped', stop: { kind: 'lost' } })
  })

  it('has a newer epoch, stops', async () => {
    const receiver = { current: new ReceiverModel() }
    await run(nvda(3), direct(receiver), temporaryDirectory(), { startMs: START_MS + 60_000 })
    const { outcome, pipeline } = await run(nvda(300), direct(receiver), temporaryDirectory())
    expect(outcome).toMatchObject({ kind: 'stopped', stop: { kind: 'stale' } })
    expect(pipeline.status.phase).toBe('stopped')
  })

  it('refuses a batch, stops and keeps the batch', async () => {
    const directory = temporaryDirectory()
    const refusing: Post = async () => ({
      kind: 'refused',
      code: 'batch_field',
      detail: 'expected a strike above 0',
      field: 'contracts.strike[3]',
    })
    const { outcome } = await run(nvda(50), refusing, directory)
    expect(outcome).toMatchObject({
      kind: 'stopped',
      stop: { code: 'batch_field', field: 'contracts.strike[3]' },
    })
    const journal = new Journal(directory)
    expect(journal.leftovers()).toHaveLength(1)
    journal.close()
  })
})

describe('when the feed', () => {
  const contract: Tick = {
    kind: 'contract',
    contractId: 1,
    root: 'NVDA',
    expiryDate: '2026-12-18',
    strike: 180,
    right: 'call',
    multiplier: 100,
  }
  const quote = (n: number): QuoteTick => ({
    kind: 'quote',
    contractId: 1,
    bid: n,
    ask: n + 1,
    bidSize: 1,
    askSize: 1,
    eventMs: START_MS + n,
    missing: 'none',
  })
  const print = (n: number): Tick => ({
    kind: 'trade',
    contractId: 1,
    price: n,
    size: 1,
    eventMs: START_MS + n,
    conditionCode: 0,
    exchangeCode: 0,
    vendorSequence: n,
  })
  const live = (steps: () => AsyncGenerator<FeedStep>): Feed => ({
    symbol: 'NVDA',
    source: 'test',
    feedKind: 'live',
    identity: 'test',
    pausable: false,
    steps,
  })

  it('outruns a dead receiver, journals every print and only conflates the quotes', async () => {
    const receiver = { current: new ReceiverModel() }
    const clock = fakeClock(START_MS)
    let alive = false
    const total = 2_000
    const feed = live(async function* () {
      yield { ticks: [contract], cursor: null }
      for (let n = 1; n <= total; n++) {
        await clock.sleep(50)
        yield { ticks: n % 10 === 0 ? [quote(n), print(n)] : [quote(n)], cursor: null }
      }
      alive = true
    })
    const post: Post = async (batch) =>
      alive ? direct(receiver)(batch) : { kind: 'unavailable', reason: 'down', retryAfterMs: null }
    const { outcome, pipeline } = await run(feed, post, temporaryDirectory())
    expect(outcome).toEqual({ kind: 'drained' })
    expect(receiver.current.prints).toHaveLength(total / 10)
    expect(pipeline.status.ticksSuperseded).toBeGreaterThan(total / 2)
    expect(pipeline.status).toMatchObject({ ticksHeld: 0, batchesUnacknowledged: 0, phase: 'idle' })
    const reference = { current: new ReceiverModel() }
    const everything = live(async function* () {
      yield {
        ticks: [contract, ...Array.from({ length: total / 10 }, (_, i) => print(10 * i + 10))],
        cursor: null,
      }
      yield { ticks: [quote(total)], cursor: null }
    })
    await run(everything, direct(reference), temporaryDirectory())
    expect(receiver.current.hash()).toBe(reference.current.hash())
  })

  it('fails, delivers what came before and says why', async () => {
    const receiver = { current: new ReceiverModel() }
    const feed = live(async function* () {
      yield { ticks: [contract, quote(1)], cursor: null }
      throw new Error('the vendor hung up')
    })
    const { outcome } = await run(feed, direct(receiver), temporaryDirectory())
    expect(outcome).toEqual({ kind: 'failed', detail: 'the vendor hung up' })
    expect(receiver.current.contracts).toBe(1)
  })
})
