import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ApiProblem } from '#client/rest/apiProblem'
import { WINDOW_LIFE_MS, type WindowRequest } from '#schemas/rest/windows'
import {
  LEASE_DELAYS,
  NO_LEASE,
  stepLease,
  type LeaseEffect,
  type LeaseEvent,
  type LeaseState,
} from './windowLease.ts'

const SPX: WindowRequest = { kind: 'desk', symbol: 'SPX' }
const NVDA: WindowRequest = { kind: 'desk', symbol: 'NVDA' }
const LIMIT = new ApiProblem({
  type: '',
  title: '',
  status: 409,
  detail: '',
  instance: '',
  code: 'window_limit',
  requestId: 'r',
})
const want = (window: WindowRequest | null): LeaseEvent => ({ type: 'want', window })
const opened = (id: string): LeaseEvent => ({ type: 'opened', id })
const refused: LeaseEvent = { type: 'refused', problem: LIMIT }
const event = (type: 'failed' | 'renewed' | 'closed' | 'lost' | 'wake' | 'nudge' | 'leave'): LeaseEvent => ({
  type,
})

function machine() {
  let state: LeaseState = NO_LEASE
  let keys = 0
  let nowMs = 0
  const send = (next: LeaseEvent): readonly LeaseEffect[] => {
    const step = stepLease(state, next, nowMs, () => `key ${++keys}`)
    state = step.state
    return step.effects
  }
  const wait = (ms: number): readonly LeaseEffect[] => {
    nowMs += ms
    return send(event('wake'))
  }
  return { send, wait, state: () => state }
}

const open = (window: WindowRequest, key: string): LeaseEffect => ({ kind: 'open', window, key })
const close = (id: string, isLeaving = false): LeaseEffect => ({ kind: 'close', id, isLeaving })

describe('the lease of a desk', () => {
  test('is taken, renewed every 30 s, and given back', () => {
    const m = machine()
    expect(m.send(want(SPX))).toEqual([open(SPX, 'key 1')])
    expect(m.send(opened('a'))).toEqual([])
    expect(m.wait(LEASE_DELAYS.renewMs - 1)).toEqual([])
    expect(m.wait(1)).toEqual([{ kind: 'renew', id: 'a' }])
    expect(m.send(event('renewed'))).toEqual([])
    expect(m.wait(LEASE_DELAYS.renewMs)).toEqual([{ kind: 'renew', id: 'a' }])
    m.send(event('renewed'))
    expect(m.send(want(null))).toEqual([close('a')])
    expect(m.send(event('closed'))).toEqual([])
    expect(m.state().wakeAtMs).toBeNull()
  })

  test('of another symbol waits until the place of the first is given back', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(opened('a'))
    expect(m.send(want(NVDA))).toEqual([close('a')])
    expect(m.send(event('closed'))).toEqual([open(NVDA, 'key 2')])
  })

  test('no longer wanted when it comes, is given back', () => {
    const m = machine()
    m.send(want(SPX))
    expect(m.send(want(null))).toEqual([])
    expect(m.send(opened('a'))).toEqual([close('a')])
    const changed = machine()
    changed.send(want(SPX))
    changed.send(want(NVDA))
    expect(changed.send(opened('a'))).toEqual([close('a')])
    expect(changed.send(event('closed'))).toEqual([open(NVDA, 'key 2')])
  })

  test('refused, is asked for again by itself, and when somebody looks', () => {
    const m = machine()
    m.send(want(SPX))
    expect(m.send(refused)).toEqual([])
    expect(m.state().refusal).toBe(LIMIT)
    expect(m.wait(LEASE_DELAYS.refusedMs)).toEqual([open(SPX, 'key 1')])
    m.send(refused)
    expect(m.send(event('nudge'))).toEqual([open(SPX, 'key 1')])
    expect(m.state().refusal).toBe(LIMIT)
    m.send(opened('a'))
    expect(m.state().refusal).toBeNull()
  })

  test('refused when nobody wants it any more, says nothing', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(want(null))
    expect(m.send(refused)).toEqual([])
    expect(m.state()).toMatchObject({ refusal: null, wakeAtMs: null })
  })

  test('that cannot be had refuses nothing, and is asked for with the same key', () => {
    const m = machine()
    m.send(want(SPX))
    expect(m.send(event('failed'))).toEqual([])
    expect(m.state().refusal).toBeNull()
    expect(m.wait(LEASE_DELAYS.openAgainMs)).toEqual([open(SPX, 'key 1')])
  })

  test('a failure after a refusal does not open what was refused', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(refused)
    m.wait(LEASE_DELAYS.refusedMs)
    m.send(event('failed'))
    expect(m.state().refusal).toBe(LIMIT)
  })

  test('that was lost, as by a tab that was frozen, is taken anew', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(opened('a'))
    m.wait(10 * WINDOW_LIFE_MS)
    expect(m.send(event('lost'))).toEqual([open(SPX, 'key 2')])
  })

  test('that cannot be renewed is tried again while there is one, then anew', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(opened('a'))
    m.wait(LEASE_DELAYS.renewMs)
    for (let i = 0; i < 2; i++) {
      m.send(event('failed'))
      expect(m.wait(LEASE_DELAYS.renewAgainMs)).toEqual([{ kind: 'renew', id: 'a' }])
    }
    m.send(event('failed'))
    expect(m.state().id).toBeNull()
    expect(m.wait(LEASE_DELAYS.openAgainMs)).toEqual([open(SPX, 'key 2')])
  })

  test('that could not be given back stands in nobody’s way', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(opened('a'))
    m.send(want(NVDA))
    expect(m.send(event('failed'))).toEqual([open(NVDA, 'key 2')])
  })

  test('is given back by a page that goes away, and taken again by one that comes back', () => {
    const m = machine()
    m.send(want(SPX))
    m.send(opened('a'))
    expect(m.send(event('leave'))).toEqual([close('a', true)])
    expect(m.state()).toEqual(NO_LEASE)
    expect(m.send(want(SPX))).toEqual([open(SPX, 'key 2')])
  })

  test('asked for by a page that went away, is given back if the answer comes all the same', () => {
    const m = machine()
    m.send(want(SPX))
    expect(m.send(event('leave'))).toEqual([])
    expect(m.send(opened('late'))).toEqual([close('late')])
    expect(m.state()).toEqual(NO_LEASE)
  })

  test('whatever happens: one request at a time, never two places, and none kept that is not wanted', () => {
    const anyEvent = fc.oneof(
      fc.constantFrom(want(SPX), want(NVDA), want(null)),
      fc.constantFrom(event('wake'), event('nudge')),
      fc.constantFrom<'yes' | 'no' | 'fail' | 'wait'>('yes', 'no', 'fail', 'wait'),
    )
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
        const m = machine()
        const pending: LeaseEffect[] = []
        const places = new Set<string>()
        let ids = 0
        const take = (effects: readonly LeaseEffect[]) => void pending.push(...effects)
        const answer = (how: 'yes' | 'no' | 'fail') => {
          const effect = pending.shift()
          if (effect === undefined) return
          if (how === 'fail') {
            take(m.send(event('failed')))
            // What could not be given back or renewed ends by itself.
            if (effect.kind !== 'open' && m.state().id !== effect.id) places.delete(effect.id)
            return
          }
          if (effect.kind === 'close') places.delete(effect.id)
          if (effect.kind === 'close') return take(m.send(event('closed')))
          if (effect.kind === 'renew' && how === 'no') places.delete(effect.id)
          if (effect.kind === 'renew') return take(m.send(event(how === 'yes' ? 'renewed' : 'lost')))
          if (how === 'no') return take(m.send(refused))
          const id = `w${++ids}`
          places.add(id)
          take(m.send(opened(id)))
        }
        for (const step of steps) {
          if (step === 'wait') take(m.wait(LEASE_DELAYS.renewMs))
          else if (typeof step === 'string') answer(step)
          else take(m.send(step))
          expect(pending.length).toBeLessThanOrEqual(1)
          expect(places.size).toBeLessThanOrEqual(1)
        }
        take(m.send(want(null)))
        while (pending.length > 0) answer('yes')
        expect([...places]).toEqual([])
        expect(m.state()).toMatchObject({ phase: 'none', id: null, wakeAtMs: null, refusal: null })
      }),
    )
  })
})
