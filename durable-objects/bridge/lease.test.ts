import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LEASE_TTL_MS, type LeaseRequest } from '#schemas/ingest/lease'
import { decideLease, NO_LEASE, type LeaseState } from './lease.ts'

const NOW_MS = Date.UTC(2026, 10, 20, 15)

const acquire = (holder: string, lastEpoch = 0): LeaseRequest => ({
  op: 'acquire',
  holder,
  source: 'test',
  lastEpoch,
})

/** Clocks of bridges are not ours. */
const SKEW_MS = -1_700

/** Answers to requests at instants, from one state on; those with an instant of their own were signed then and came late. */
function run(requests: readonly (readonly [atMs: number, request: LeaseRequest, signedMs?: number])[]) {
  let state: LeaseState = NO_LEASE
  return requests.map(([atMs, request, signedMs = atMs]) => {
    const signed = { ...request, signedMs: NOW_MS + SKEW_MS + signedMs }
    const decision = decideLease(state, signed, NOW_MS + atMs)
    state = decision.state
    return decision.answer
  })
}

describe('a lease', () => {
  it('is granted to one, refused to another until it ends, and then granted under a larger epoch', () => {
    const answers = run([
      [-100, acquire('first')],
      [0, { op: 'renew', holder: 'first', epoch: 1 }],
      [9_000, acquire('other')],
      [9_500, { op: 'renew', holder: 'first', epoch: 1 }],
      [19_499, acquire('other')],
      [19_500, acquire('other')],
      [19_600, { op: 'renew', holder: 'first', epoch: 1 }],
    ])
    expect(answers).toMatchObject([
      { ok: true, epoch: 1, ttlMs: 3_000 },
      { ok: true, epoch: 1, ttlMs: 10_000, renewEveryMs: 3_000 },
      { ok: false, code: 'lease_held', retryAfterMs: 1_000 },
      { ok: true, epoch: 1 },
      { ok: false, retryAfterMs: 1 },
      { ok: true, epoch: 2 },
      { ok: false, code: 'lease_held', retryAfterMs: 2_900 },
    ])
  })

  it('of a bridge that asked for it and died keeps nobody waiting for longer than its confirmation may take', () => {
    const answers = run([
      [12_000, acquire('dead'), 0],
      [14_999, acquire('other')],
      [15_000, acquire('other')],
    ])
    expect(answers).toMatchObject([{ ok: true }, { ok: false, retryAfterMs: 1 }, { ok: true, epoch: 2 }])
  })

  it('is above every epoch the asker knows of', () => {
    expect(run([[0, acquire('first', 1_700_000_000_000)]])).toMatchObject([{ epoch: 1_700_000_000_001 }])
  })

  it('is granted anew at once to a holder that has lost its answer or its process', () => {
    expect(
      run([
        [0, acquire('first')],
        [1, acquire('first')],
      ]),
    ).toMatchObject([{ epoch: 1 }, { epoch: 2 }])
  })

  it('renews late as long as nobody else was granted it', () => {
    const late: LeaseRequest = { op: 'renew', holder: 'first', epoch: 1 }
    expect(
      run([
        [0, acquire('first')],
        [60_000, late],
      ]),
    ).toMatchObject([{ ok: true }, { ok: true, epoch: 1 }])
  })

  it('counts a renewal from when it was asked for: one of a dead holder that comes late keeps nobody waiting', () => {
    const renew: LeaseRequest = { op: 'renew', holder: 'first', epoch: 1 }
    const answers = run([
      [0, acquire('first')],
      [3_000, renew],
      [12_900, renew, 6_000],
      [15_999, acquire('other')],
      [16_000, acquire('other')],
    ])
    expect(answers).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: true },
      { retryAfterMs: 1 },
      { epoch: 2 },
    ])
  })

  it('is not shortened by a renewal that a later one has overtaken', () => {
    const renew: LeaseRequest = { op: 'renew', holder: 'first', epoch: 1 }
    const answers = run([
      [0, acquire('first')],
      [6_000, renew],
      [6_001, renew, 3_000],
      [7_000, acquire('other')],
    ])
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { retryAfterMs: 9_000 }])
  })

  it('is not taken from the holder by a request of its own that a later one has overtaken', () => {
    const answers = run([
      [3_000, acquire('first')],
      [3_100, acquire('first'), 0],
      [6_000, { op: 'renew', holder: 'first', epoch: 1 }],
    ])
    expect(answers).toMatchObject([{ epoch: 1 }, { code: 'lease_held' }, { ok: true, epoch: 1 }])
  })

  it('is granted to a holder whose clock was set back once its time is over', () => {
    const answers = run([
      [0, acquire('first')],
      [2_000, acquire('first'), -20_000],
      [3_000, acquire('first'), -19_000],
    ])
    expect(answers).toMatchObject([{ epoch: 1 }, { ok: false, retryAfterMs: 1_000 }, { epoch: 2 }])
  })

  it('is free at once when given back, and cannot be given back by who has lost it', () => {
    const release = { op: 'release', holder: 'first', epoch: 1 } as const
    const answers = run([
      [0, acquire('first')],
      [1, release],
      [2, acquire('other')],
      [3, release],
      [4, acquire('third')],
    ])
    expect(answers).toMatchObject([{ ok: true }, { ttlMs: 0 }, { epoch: 2 }, { ttlMs: 0 }, { ok: false }])
  })

  it('ends within its time though the clock has jumped back by an hour', () => {
    const hour = 3_600_000
    const answers = run([
      [hour, acquire('first')],
      [0, acquire('other')],
      [LEASE_TTL_MS, acquire('other')],
    ])
    expect(answers).toMatchObject([{ ok: true }, { ok: false, retryAfterMs: LEASE_TTL_MS }, { epoch: 2 }])
  })
})

const HOLDERS = ['bridge-a', 'bridge-b', 'bridge-c'] as const

/** What each holder believes, in true time: a grant is good for its ttl from when it was asked for. */
type Beliefs = Map<string, { epoch: number; untilMs: number }>

describe('for any requests, delays, lost answers and clocks that jump back', () => {
  const step = fc.record({
    holder: fc.constantFrom(...HOLDERS),
    op: fc.constantFrom('acquire', 'acquire', 'renew', 'renew', 'release'),
    waitMs: fc.integer({ min: 0, max: 8_000 }),
    delayMs: fc.integer({ min: 0, max: 4_000 }),
    answerIsLost: fc.boolean(),
    clockBackMs: fc.constantFrom(0, 0, 0, 0, 1_000, 3_600_000),
  })

  it('epochs strictly rise with every grant, and never do two holders believe they hold', () => {
    const property = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let state: LeaseState = NO_LEASE
      let trueMs = NOW_MS
      let clockOffsetMs = 0
      const epochs: number[] = []
      const beliefs: Beliefs = new Map()
      for (const { holder, op, waitMs, delayMs, answerIsLost, clockBackMs } of steps) {
        const askedMs = trueMs + waitMs
        trueMs = askedMs + delayMs
        clockOffsetMs -= clockBackMs
        const epoch = beliefs.get(holder)?.epoch ?? epochs.at(-1) ?? 0
        if (op === 'release') beliefs.delete(holder)
        const request = op === 'acquire' ? acquire(holder) : { op, holder, epoch }
        const signed = { ...request, signedMs: askedMs + SKEW_MS }
        const { state: next, answer } = decideLease(state, signed, trueMs + clockOffsetMs)
        state = next
        if (!answer.ok || op === 'release') continue
        if (op === 'acquire') epochs.push(answer.epoch)
        if (!answerIsLost) beliefs.set(holder, { epoch: answer.epoch, untilMs: askedMs + answer.ttlMs })
        const believers = [...beliefs.values()].filter(({ untilMs }) => untilMs > trueMs)
        expect(believers.length).toBeLessThanOrEqual(1)
      }
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b))
    })
    fc.assert(property, { seed: 4, numRuns: 500 })
  })

  it('somebody who keeps asking is granted it within its time once the holder is silent', () => {
    const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state: LeaseState = NO_LEASE
      let nowMs = NOW_MS
      let trueMs = NOW_MS
      for (const { holder, waitMs, clockBackMs } of steps) {
        trueMs += waitMs
        nowMs += waitMs - clockBackMs
        state = decideLease(state, { ...acquire(holder), signedMs: trueMs }, nowMs).state
      }
      const silentSinceMs = nowMs
      for (;;) {
        const asked = { ...acquire('standby'), signedMs: nowMs }
        const { state: next, answer } = decideLease(state, asked, nowMs)
        state = next
        if (answer.ok) break
        nowMs += answer.code === 'lease_held' ? answer.retryAfterMs : 0
        expect(nowMs - silentSinceMs).toBeLessThanOrEqual(LEASE_TTL_MS)
      }
    })
    fc.assert(property, { seed: 5, numRuns: 300 })
  })
})
