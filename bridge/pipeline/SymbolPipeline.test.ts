import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeClock } from '../clock/fakeClock.ts'
import { createPoster, type Post } from '../delivery/poster.ts'
import { createRequestSigner } from '../delivery/requestSigner.ts'
import { Random } from '../feeds/synthetic/Random.ts'
import { Journal } from '../journal/Journal.ts'
import {
  startIngestServer,
  TEST_PRIVATE_JWK,
  type Fault,
  type IngestServer,
} from '../testing/ingestServer.ts'
import { undisputedLease } from '../testing/LeaseModel.ts'
import { ReceiverModel } from '../testing/ReceiverModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { direct, nvda, run, START_MS, undisturbed } from './pipeline.testkit.ts'

let server: IngestServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

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
    await run(nvda(5), direct(receiver), temporaryDirectory(), { lease: undisputedLease(() => 10) })
    const lease = undisputedLease(() => receiver.current.position?.epoch ?? 0)
    const { outcome, logs } = await run(nvda(5), direct(receiver), directory, { lease })
    expect(outcome).toEqual({ kind: 'drained' })
    expect(logs.map(({ event }) => event)).toEqual(['leftovers', 'leftovers_undeliverable', 'set_aside'])
    expect(readdirSync(directory).some((name) => name.endsWith('.undelivered'))).toBe(true)
    expect(receiver.current.position?.epoch).toBe(12)
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
    expect(receiver.current.position?.epoch).toBe(2)
  })

  it('keeps asking for the impossible, gives up', async () => {
    const receiver = { current: new ReceiverModel() }
    let posts = 0
    const once: Post = async (batch) =>
      ++posts === 1 ? direct(receiver)(batch) : { kind: 'gap', expected: { epoch: 1, sequence: 99 } }
    const { outcome } = await run(nvda(60), once, temporaryDirectory())
    expect(outcome).toMatchObject({ kind: 'stopped', stop: { kind: 'lost' } })
  })

  it('has a newer epoch, sets aside what is fenced and asks for the lease again', async () => {
    const receiver = { current: new ReceiverModel() }
    const directory = temporaryDirectory()
    let posts = 0
    const overtaken: Post = async (batch) => {
      if (++posts === 4) {
        await run(nvda(3), direct(receiver), temporaryDirectory(), { lease: undisputedLease(() => 10) })
      }
      return direct(receiver)(batch)
    }
    const lease = undisputedLease(() => receiver.current.position?.epoch ?? 0)
    const { outcome, logs } = await run(nvda(300), overtaken, directory, { lease })
    expect(outcome).toEqual({ kind: 'drained' })
    expect(logs.map(({ event }) => event)).toEqual([
      'taken_over',
      'leftovers',
      'leftovers_undeliverable',
      'set_aside',
    ])
    expect(lease.ended).toEqual([true, false])
    expect(receiver.current.position?.epoch).toBe(12)
  })

  it('refuses every epoch that the lease grants, gives up', async () => {
    const stale: Post = async () => ({ kind: 'stale', detail: '99 is newer' })
    const { outcome, pipeline } = await run(nvda(30), stale, temporaryDirectory())
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
