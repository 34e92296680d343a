import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PostResult } from './answer.ts'
import {
  DEFAULT_DELIVERY,
  deliver,
  impatient,
  startDelivery,
  type DeliveryEvent,
  type DeliveryState,
} from './delivery.ts'

const EPOCH = 7
const settings = { ...DEFAULT_DELIVERY, maxCurableRefusals: 3 }

function accepted(sequence: number): PostResult {
  return { kind: 'accepted', position: { epoch: EPOCH, sequence }, flagged: 0, duplicate: false }
}
const unavailable: PostResult = { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: null }

function run(events: readonly DeliveryEvent[], random = 0.5, window = 1) {
  let state: DeliveryState = startDelivery(EPOCH, 0, 0)
  const effects = events.map((event) => {
    const step = deliver(state, event, random, { ...settings, window })
    state = step.state
    return step.effects
  })
  return { state, effects }
}

describe('deliver', () => {
  it('sends in sequence, one at a time, and forgets what is accepted', () => {
    const { effects, state } = run([
      { kind: 'committed', sequence: 2 },
      { kind: 'answered', sequence: 1, result: accepted(1) },
      { kind: 'answered', sequence: 2, result: accepted(2) },
    ])
    expect(effects).toEqual([
      [{ kind: 'send', sequence: 1 }],
      [
        { kind: 'forget', upTo: 1 },
        { kind: 'send', sequence: 2 },
      ],
      [{ kind: 'forget', upTo: 2 }],
    ])
    expect(state).toMatchObject({ acknowledged: 2, inFlight: [], failures: 0 })
  })

  it('doubles the back-off, keeps the jitter inside it, and starts over after a success', () => {
    const failing: DeliveryEvent[] = Array.from({ length: 9 }, () => [
      { kind: 'answered', sequence: 1, result: unavailable } as const,
      { kind: 'rested' } as const,
    ]).flat()
    const { effects } = run([{ kind: 'committed', sequence: 1 }, ...failing])
    const rests = effects.flat().flatMap((effect) => (effect.kind === 'rest' ? [effect.ms] : []))
    expect(rests).toEqual([50, 100, 200, 400, 800, 1600, 2500, 2500, 2500])
  })

  it.each([
    ['for a batch of the present', settings, 30_000],
    ['for what is left of an earlier epoch', impatient(settings), 1_000],
  ])('waits no hour for a server that asks for one, %s', (_, given, longestMs) => {
    const result: PostResult = { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: 3_600_000 }
    const state = startDelivery(EPOCH, 0, 1)
    const { effects } = deliver(state, { kind: 'answered', sequence: 1, result }, 0, given)
    expect(effects).toEqual([{ kind: 'rest', ms: longestMs, reason: 'HTTP 503' }])
  })

  it('waits at least as long as Retry-After asks', () => {
    const result: PostResult = { kind: 'unavailable', reason: 'HTTP 429', retryAfterMs: 2_000 }
    const { effects } = run([
      { kind: 'committed', sequence: 1 },
      { kind: 'answered', sequence: 1, result },
    ])
    expect(effects[1]).toEqual([{ kind: 'rest', ms: 2_050, reason: 'HTTP 429' }])
  })

  it('rewinds to what the receiver expects', () => {
    const gap: PostResult = { kind: 'gap', expected: { epoch: EPOCH, sequence: 2 } }
    const { effects } = run(
      [
        { kind: 'committed', sequence: 4 },
        { kind: 'answered', sequence: 1, result: accepted(1) },
        { kind: 'answered', sequence: 3, result: gap },
        { kind: 'answered', sequence: 2, result: accepted(2) },
      ],
      0.5,
      2,
    )
    expect(effects).toEqual([
      [
        { kind: 'send', sequence: 1 },
        { kind: 'send', sequence: 2 },
      ],
      [
        { kind: 'forget', upTo: 1 },
        { kind: 'send', sequence: 3 },
      ],
      // 2 is still on its way and was overtaken: 3 would be again.
      [],
      [
        { kind: 'forget', upTo: 2 },
        { kind: 'send', sequence: 3 },
        { kind: 'send', sequence: 4 },
      ],
    ])
  })

  it.each([
    ['a batch it acknowledged before', { epoch: EPOCH, sequence: 1 }, 'lost'],
    ['a batch that never was', { epoch: EPOCH, sequence: 9 }, 'lost'],
    ['another epoch', { epoch: 3, sequence: 5 }, 'lost'],
  ])('stops when the receiver expects %s', (_, expected, kind) => {
    const { state, effects } = run([
      { kind: 'committed', sequence: 3 },
      { kind: 'answered', sequence: 1, result: accepted(1) },
      { kind: 'answered', sequence: 2, result: { kind: 'gap', expected } },
      { kind: 'committed', sequence: 4 },
    ])
    expect(state.stopped?.kind).toBe(kind)
    expect(effects[3]).toEqual([])
  })

  it('signs again a few times, then gives up and names the clock', () => {
    const late: PostResult = { kind: 'signAgain', reason: 'signature_expired' }
    const events: DeliveryEvent[] = Array.from({ length: 3 }, () => [
      { kind: 'answered', sequence: 1, result: late } as const,
      { kind: 'rested' } as const,
    ]).flat()
    const { state } = run([{ kind: 'committed', sequence: 1 }, ...events])
    expect(state.stopped).toMatchObject({ kind: 'refused', code: 'signature_expired' })
  })

  it.each(['stale', 'refused'] as const)('stops for good when %s', (kind) => {
    const result: PostResult =
      kind === 'stale' ? { kind, detail: 'newer' } : { kind, code: 'unknown_key', detail: 'no', field: null }
    const { state } = run([
      { kind: 'committed', sequence: 1 },
      { kind: 'answered', sequence: 1, result },
    ])
    expect(state.stopped).toMatchObject({ kind })
  })

  it('never rests for batches that only overtook each other', () => {
    const total = 40
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 2, max: 8 }), (picks, window) => {
        let held = 0
        let posts = 0
        const arriving: number[] = []
        const answered: DeliveryEvent[] = [{ kind: 'committed', sequence: total }]
        let state = startDelivery(EPOCH, 0, 0)
        for (let turn = 0; answered.length + arriving.length > 0; turn++) {
          expect(turn).toBeLessThan(5_000)
          const pick = (picks[turn % picks.length] ?? 0) + turn
          // Requests reach the receiver in any order; each answer comes back in any order, too.
          if (arriving.length > 0 && (answered.length === 0 || pick % 3 > 0)) {
            const [sequence] = arriving.splice(pick % arriving.length, 1) as [number]
            if (sequence === held + 1) held++
            const expected = { epoch: EPOCH, sequence: held + 1 }
            const result: PostResult = sequence <= held ? accepted(held) : { kind: 'gap', expected }
            answered.push({ kind: 'answered', sequence, result })
            continue
          }
          const [event] = answered.splice(pick % answered.length, 1) as [DeliveryEvent]
          const step = deliver(state, event, 0.5, { ...settings, window })
          state = step.state
          expect(step.effects.filter(({ kind }) => kind === 'rest')).toEqual([])
          for (const effect of step.effects) if (effect.kind === 'send') arriving.push(effect.sequence)
          posts = Math.max(posts, state.inFlight.length)
        }
        expect(state).toMatchObject({ acknowledged: total, stopped: null })
        expect(posts).toBeLessThanOrEqual(window)
      }),
      { seed: 6, numRuns: 100 },
    )
  })

  it('delivers every batch exactly once through any mix of losses, for any window', () => {
    const fate = fc.constantFrom('ok', 'ok', 'ok', 'lostRequest', 'lostAnswer')
    fc.assert(
      fc.property(
        fc.array(fate, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (fates, window, pick) => {
          let held = 0
          const total = 12
          const applied: number[] = []
          const queue: DeliveryEvent[] = [{ kind: 'committed', sequence: total }]
          let state = startDelivery(EPOCH, 0, 0)
          for (let turn = 0; queue.length > 0; turn++) {
            expect(turn).toBeLessThan(2_000)
            // Answers and timers arrive in any order.
            const [event] = queue.splice((pick + turn * 7) % queue.length, 1)
            if (!event) break
            const step = deliver(state, event, 0.5, { ...settings, window })
            state = step.state
            for (const effect of step.effects) {
              if (effect.kind === 'rest') queue.push({ kind: 'rested' })
              if (effect.kind !== 'send') continue
              const { sequence } = effect
              const now = fates.shift() ?? 'ok'
              let result: PostResult = { kind: 'gap', expected: { epoch: EPOCH, sequence: held + 1 } }
              if (now !== 'lostRequest' && sequence === held + 1) applied.push(++held)
              if (sequence <= held) result = accepted(held)
              queue.push({ kind: 'answered', sequence, result: now === 'ok' ? result : unavailable })
            }
          }
          expect(state.stopped).toBeNull()
          expect(state.acknowledged).toBe(total)
          expect(applied).toEqual(Array.from({ length: total }, (_, i) => i + 1))
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })
})
