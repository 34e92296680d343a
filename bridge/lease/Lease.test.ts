import { describe, expect, it } from 'vitest'
import { manualClock } from '../clock/manualClock.ts'
import { LeaseModel } from '../testing/LeaseModel.ts'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { readLeaseAnswer, type AskLease, type LeaseResult } from './askLease.ts'
import { openHolderId, type HolderId } from './holderId.ts'
import { Lease, type Acquired, type Tenure } from './Lease.ts'

const TTL_MS = 10_000
const never = new AbortController().signal

function named(name: string): HolderId {
  let drawn = 0
  return {
    get current() {
      return `${name}-${drawn}`
    },
    redraw: () => void drawn++,
  }
}

function world() {
  const time = manualClock()
  const model = new LeaseModel(TTL_MS, time.clock.now)
  const unreachable = new Set<string>()
  const ask =
    (name: string): AskLease =>
    async (request) => {
      if (unreachable.has(name)) return { kind: 'unavailable', reason: 'down', retryAfterMs: null }
      const answer = model.decide(request)
      const held = {
        kind: 'held',
        detail: 'held',
        retryAfterMs: answer.ok ? 0 : answer.retryAfterMs,
      } as const
      return answer.ok ? { kind: 'granted', ...answer } : held
    }
  const bridge = (name: string, holder = named(name)) => {
    const options = { ask: ask(name), clock: time.clock, random: () => 0.5, holder, source: 'test' }
    const lease = new Lease(options)
    const seen: string[] = []
    const waiting = {
      onHeld: () => void seen.push('standby'),
      onTrouble: (_: number, reason: string) => void seen.push(reason),
    }
    return { seen, holder, acquire: (signal = never) => lease.acquire(0, signal, waiting) }
  }
  return { ...time, model, unreachable, bridge }
}

function tenureOf(acquired: Acquired): Tenure {
  if (acquired.kind !== 'granted') throw new Error(`expected a grant, was ${acquired.kind}`)
  return acquired.tenure
}

/** One answer after another, and which requests they were given to. */
function scripted(answers: readonly LeaseResult[]) {
  const time = manualClock()
  const requests: string[] = []
  const answer: AskLease = async ({ op }) => {
    requests.push(op)
    return answers[requests.length - 1] ?? { kind: 'unavailable', reason: 'no more', retryAfterMs: null }
  }
  return { time, requests, answer }
}

describe('a bridge', () => {
  it('keeps the lease by renewing it; a standby waits and takes over within 12 s of its silence', async () => {
    const { pass, clock, unreachable, bridge } = world()
    const [first, standby] = [bridge('first'), bridge('standby')]
    const held = tenureOf(await first.acquire())
    let takenOverMs: number | null = null
    const waiting = standby.acquire().then((acquired) => {
      takenOverMs = clock.now()
      return acquired
    })
    await pass(61_000)
    expect([takenOverMs, held.lost.aborted]).toEqual([null, false])
    expect(standby.seen.every((what) => what === 'standby')).toBe(true)

    const silentMs = clock.now()
    unreachable.add('first')
    await pass(12_000)
    expect(takenOverMs).not.toBeNull()
    expect((takenOverMs ?? Infinity) - silentMs).toBeLessThanOrEqual(12_000)
    expect(tenureOf(await waiting).epoch).toBe(2)
    // Silence is not loss; being told is.
    expect(held.lost.aborted).toBe(false)
    unreachable.delete('first')
    await pass(3_000)
    expect(held.lost.aborted).toBe(true)
  })

  it('keeps its epoch through an outage in which nobody took over', async () => {
    const { pass, unreachable, bridge } = world()
    const only = bridge('only')
    const held = tenureOf(await only.acquire())
    unreachable.add('only')
    await pass(60_000)
    unreachable.delete('only')
    await pass(10_000)
    expect(held.lost.aborted).toBe(false)
  })

  it('hands over at once when it ends, and renews no more', async () => {
    const { pass, model, bridge } = world()
    const first = bridge('first')
    await tenureOf(await first.acquire()).end(false)
    expect(tenureOf(await bridge('other').acquire()).epoch).toBe(2)
    await pass(30_000)
    expect(model.holder).toBe('other-0')
    expect(first.holder.current).toBe('first-0')
  })

  it('on a copy of another’s journal takes over once, and not back and forth', async () => {
    const { pass, model, bridge } = world()
    const directory = temporaryDirectory()
    const first = bridge('first', openHolderId(directory))
    const copy = bridge('copy', openHolderId(directory))
    const held = tenureOf(await first.acquire())
    tenureOf(await copy.acquire())
    await pass(3_000)
    expect(held.lost.aborted).toBe(true)
    await held.end(true)
    const again = first.acquire()
    await pass(60_000)
    expect(first.seen.at(-1)).toBe('standby')
    expect(model).toMatchObject({ epoch: 2, holder: copy.holder.current })
    void again
  })

  it('is back at once after a restart on its journal, under a larger epoch', async () => {
    const { bridge } = world()
    const directory = temporaryDirectory()
    expect(tenureOf(await bridge('life 1', openHolderId(directory)).acquire()).epoch).toBe(1)
    expect(tenureOf(await bridge('life 2', openHolderId(directory)).acquire()).epoch).toBe(2)
  })

  it('stops waiting when it is shut down', async () => {
    const { pass, bridge } = world()
    await bridge('first').acquire()
    const shutdown = new AbortController()
    const waiting = bridge('standby').acquire(shutdown.signal)
    await pass(1_000)
    shutdown.abort()
    expect(await waiting).toEqual({ kind: 'interrupted' })
  })

  it.each(['acquire', 'renew'] as const)(
    'does not dial on a grant that it slept through, the answer to its %s',
    async (sleptThrough) => {
      const { clock, pass } = manualClock()
      let epoch = 0
      let hasSlept = false
      const ask: AskLease = async (request) => {
        if (request.op === 'acquire') epoch++
        // Another bridge has been granted the lease meanwhile, and has given it back.
        if (hasSlept && request.op === 'renew' && request.epoch === 1) {
          return { kind: 'held', detail: '', retryAfterMs: 0 }
        }
        const answer = { kind: 'granted', epoch, ttlMs: TTL_MS, renewEveryMs: 3_000 } as const
        if (!hasSlept && request.op === sleptThrough) {
          hasSlept = true
          await clock.sleep(20_000)
        }
        return answer
      }
      const lease = new Lease({ ask, clock, random: () => 0, holder: named('slow'), source: 'test' })
      const acquired = lease.acquire(0, never, { onHeld: () => undefined, onTrouble: () => undefined })
      await pass(21_000)
      expect(tenureOf(await acquired).epoch).toBe(2)
    },
  )

  it('does not dial before its grant is confirmed, and asks again until it is', async () => {
    const { time, requests, answer } = scripted([
      { kind: 'granted', epoch: 1, ttlMs: 3_000, renewEveryMs: 1_000 },
      { kind: 'unavailable', reason: 'timeout', retryAfterMs: null },
      { kind: 'granted', epoch: 1, ttlMs: TTL_MS, renewEveryMs: 3_000 },
    ])
    const lease = new Lease({
      ask: answer,
      clock: time.clock,
      random: () => 0.5,
      holder: named('x'),
      source: 'test',
    })
    const acquired = lease.acquire(0, never, { onHeld: () => undefined, onTrouble: () => undefined })
    await time.pass(1_000)
    const tenure = tenureOf(await acquired)
    expect(requests).toEqual(['acquire', 'renew', 'renew'])
    await tenure.end(false)
  })

  it.each<[string, number, LeaseResult, number]>([
    ['was told late how long it is held', 2_500, { kind: 'held', detail: '', retryAfterMs: 9_000 }, 9_000],
    [
      'was asked to stay away for an hour',
      0,
      { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: 3_600_000 },
      2_000,
    ],
  ])('asks in time when it %s', async (_, answerTakesMs, first, expectedMs) => {
    const { clock, pass } = manualClock()
    const askedMs: number[] = []
    const ask: AskLease = async ({ op }) => {
      if (op === 'acquire') askedMs.push(clock.now())
      if (askedMs.length > 1) return { kind: 'granted', epoch: 1, ttlMs: TTL_MS, renewEveryMs: 3_000 }
      await clock.sleep(answerTakesMs)
      return first
    }
    const lease = new Lease({ ask, clock, random: () => 1, holder: named('standby'), source: 'test' })
    const acquired = lease.acquire(0, never, { onHeld: () => undefined, onTrouble: () => undefined })
    await pass(12_000)
    tenureOf(await acquired)
    expect(askedMs[1]).toBeLessThanOrEqual(expectedMs)
  })

  it.each<[string, LeaseResult, object]>([
    ['its key is unknown', { kind: 'refused', code: 'unknown_key', detail: 'no' }, { code: 'unknown_key' }],
    [
      'the clocks disagree',
      { kind: 'signAgain', reason: 'signature_expired' },
      { code: 'signature_expired' },
    ],
  ])('gives up when %s', async (_, result, expected) => {
    const { clock, pass } = manualClock()
    const options = { ask: async () => result, clock, random: () => 0, holder: named('x'), source: 'test' }
    const acquired = new Lease(options).acquire(0, never, {
      onHeld: () => undefined,
      onTrouble: () => undefined,
    })
    await pass(10_000)
    expect(await acquired).toMatchObject({ kind: 'refused', ...expected })
  })
})

describe('readLeaseAnswer', () => {
  it.each([
    [
      200,
      '{"ok":true,"epoch":7,"ttlMs":10000,"renewEveryMs":3000}',
      { kind: 'granted', epoch: 7, ttlMs: 10_000, renewEveryMs: 3_000 },
    ],
    [
      409,
      '{"code":"lease_held","detail":"by another","retryAfterMs":2500}',
      { kind: 'held', retryAfterMs: 2_500 },
    ],
    [409, '{"code":"lease_held","detail":"by another"}', { kind: 'refused', code: 'lease_held' }],
    [409, '{"code":"replayed_request"}', { kind: 'signAgain' }],
    [401, '{"code":"unknown_key","detail":"no kid"}', { kind: 'refused', code: 'unknown_key' }],
    [200, '<html>', { kind: 'unavailable' }],
    [
      200,
      '{"ok":true,"status":"applied","position":{"epoch":1,"sequence":1},"flagged":0}',
      { kind: 'refused' },
    ],
    [503, '', { kind: 'unavailable', reason: 'HTTP 503' }],
    [404, 'not found', { kind: 'refused', code: 'http_404' }],
  ])('HTTP %i, %s', (status, body, expected) => {
    expect(readLeaseAnswer(status, null, body, 0)).toMatchObject(expected)
  })
})
