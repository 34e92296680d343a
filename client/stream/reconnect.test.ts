import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  connectionStatus,
  RECONNECT,
  retryDelayMs,
  step,
  STOPPED,
  type ReconnectEvent,
  type ReconnectState,
} from './reconnect.ts'

const OPENED = { type: 'opened', heartbeatMs: RECONNECT.heartbeatMs, spreadMs: RECONNECT.spreadMs } as const

/** A machine with its own clock; `random` is the highest jitter unless said. */
function machine(random = 0.999_999) {
  let state: ReconnectState = STOPPED
  let nowMs = 1_000_000
  const send = (event: ReconnectEvent) => {
    const transition = step(state, event, nowMs, () => random)
    state = transition.state
    return transition.effects
  }
  return {
    send,
    advance: (ms: number) => {
      nowMs += ms
    },
    /** Goes to the wake-up time and wakes. */
    wakeUp: () => {
      const dueMs = state.wakeAtMs ?? nowMs
      const waitedMs = dueMs - nowMs
      nowMs = dueMs
      return { waitedMs, effects: send({ type: 'wake' }) }
    },
    status: () => connectionStatus(state),
    state: () => state,
  }
}

function connected(random?: number) {
  const m = machine(random)
  m.send({ type: 'start' })
  m.send(OPENED)
  m.advance(RECONNECT.stableMs)
  return m
}

/** Fails every try until the error state; the delays waited, in seconds. */
function failAllTries(m: ReturnType<typeof machine>): number[] {
  const delays: number[] = []
  while (m.status().kind === 'reconnecting') {
    delays.push(m.wakeUp().waitedMs / 1000)
    m.send({ type: 'closed', code: 1006 })
  }
  return delays
}

describe('the published schedule', () => {
  test('ten tries at 3 s × 1.5 up to 60 s, then the error state', () => {
    const m = connected()
    m.send({ type: 'closed', code: 1006 })
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1, of: 10 })
    const delays = failAllTries(m)
    expect(delays.map((seconds) => Math.round(seconds * 100) / 100)).toEqual([
      3, 4.5, 6.75, 10.12, 15.19, 22.78, 34.17, 51.26, 60, 60,
    ])
    expect(m.status().kind).toBe('failed')
  })

  test('jitter: the first try anywhere in the spread asked for, later tries in the upper half', () => {
    expect(retryDelayMs(1, 0, 20_000)).toBe(0)
    expect(retryDelayMs(1, 0.5, 20_000)).toBe(10_000)
    expect(retryDelayMs(2, 0, 20_000)).toBe(2_250)
    expect(retryDelayMs(9, 0, 20_000)).toBe(30_000)
  })

  test('after the error state a slow background retry goes on', () => {
    const m = connected()
    m.send({ type: 'closed', code: 1006 })
    failAllTries(m)
    const { waitedMs, effects } = m.wakeUp()
    expect(waitedMs).toBeGreaterThanOrEqual(RECONNECT.backgroundDelayMs / 2)
    expect(effects).toEqual(['open'])
    expect(m.status().kind).toBe('failed')
    m.send(OPENED)
    expect(m.status()).toEqual({ kind: 'connected' })
  })

  test('retry after the error state starts the ten tries again', () => {
    const m = connected()
    m.send({ type: 'closed', code: 1006 })
    failAllTries(m)
    expect(m.send({ type: 'retry' })).toEqual(['open'])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
  })
})

describe('tries', () => {
  test('a server that accepts and cuts at once goes on counting', () => {
    const m = connected()
    m.send({ type: 'closed', code: 1013 })
    for (let attempt = 2; attempt <= 5; attempt++) {
      m.wakeUp()
      m.send(OPENED)
      m.advance(RECONNECT.stableMs - 1)
      m.send({ type: 'closed', code: 1013 })
      expect(m.status()).toMatchObject({ attempt })
    }
  })

  test('a connection that lasted starts again at the first try', () => {
    const m = connected()
    m.send({ type: 'closed', code: 1012 })
    m.wakeUp()
    m.send(OPENED)
    m.advance(RECONNECT.stableMs)
    m.send({ type: 'closed', code: 1012 })
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
  })

  test('an attempt that never opens is given up after its timeout', () => {
    const m = machine()
    m.send({ type: 'start' })
    expect(m.status()).toEqual({ kind: 'connecting' })
    const { waitedMs, effects } = m.wakeUp()
    expect(waitedMs).toBe(RECONNECT.openTimeoutMs)
    expect(effects).toEqual(['close'])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
  })
})

describe('heartbeat', () => {
  test('pings each heartbeat and gives up after two silent ones', () => {
    const m = connected()
    m.send({ type: 'heard' })
    expect(m.wakeUp().effects).toEqual(['ping'])
    expect(m.wakeUp().effects).toEqual(['ping'])
    const { effects } = m.wakeUp()
    expect(effects).toEqual(['close'])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
  })

  test('whatever is heard keeps the connection', () => {
    const m = connected()
    for (let beat = 0; beat < 10; beat++) {
      expect(m.wakeUp().effects).toEqual(['ping'])
      m.send({ type: 'heard' })
    }
    expect(m.status()).toEqual({ kind: 'connected' })
  })

  test.each(['online', 'visible', 'retry'] as const)('on %s an open socket must answer soon', (type) => {
    const m = connected()
    expect(m.send({ type })).toEqual(['probe'])
    expect(m.wakeUp()).toEqual({ waitedMs: RECONNECT.probeMs, effects: ['close'] })
  })
})

describe('wake-ups and refusals', () => {
  test.each(['online', 'visible', 'retry'] as const)('%s while waiting tries at once', (type) => {
    const m = connected()
    m.send({ type: 'closed', code: 1006 })
    expect(m.send({ type })).toEqual(['open'])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1, nextTryAtMs: null })
  })

  test('an expired token comes back at once', () => {
    expect(connected().send({ type: 'closed', code: 4401 })).toEqual(['open'])
  })

  test('a token refused again and again is not hammered', () => {
    const m = connected()
    m.send({ type: 'closed', code: 4401 })
    m.send(OPENED)
    expect(m.send({ type: 'closed', code: 4401 })).toEqual([])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 2 })
  })

  test('a tier that is too low stops until a person retries', () => {
    const m = connected()
    m.send({ type: 'closed', code: 4403 })
    expect(m.status()).toEqual({ kind: 'upgradeRequired' })
    expect(m.state().wakeAtMs).toBeNull()
    expect(m.send({ type: 'online' })).toEqual([])
    expect(m.send({ type: 'retry' })).toEqual(['open'])
  })

  test.each([4400, 4404, 4413])('what is refused with %i is not repeated ten times', (code) => {
    const m = connected()
    m.send({ type: 'closed', code })
    expect(m.status().kind).toBe('failed')
  })

  test('stop closes and nothing wakes it', () => {
    const m = connected()
    expect(m.send({ type: 'stop' })).toEqual(['close'])
    expect(m.send({ type: 'online' })).toEqual([])
    expect(m.state()).toEqual(STOPPED)
  })
})

describe('what the server asks for', () => {
  test('its heartbeat and its spread', () => {
    const m = machine(0.5)
    m.send({ type: 'start' })
    m.send({ type: 'opened', heartbeatMs: 4_000, spreadMs: 20_000 })
    expect(m.wakeUp()).toEqual({ waitedMs: 4_000, effects: ['ping'] })
    expect(m.wakeUp()).toEqual({ waitedMs: 4_000, effects: ['close'] })
    expect(m.wakeUp()).toEqual({ waitedMs: 10_000, effects: ['open'] })
  })

  test('sent away before a restart: stays while it can, and comes back after the delay, spread', () => {
    const m = connected(0.5)
    expect(m.send({ type: 'sentAway', delayMs: 2_000 })).toEqual([])
    expect(m.status()).toMatchObject({ kind: 'connected' })
    expect(m.wakeUp()).toEqual({ waitedMs: 3_500, effects: ['open'] })
    expect(m.status()).toMatchObject({ kind: 'connecting' })
  })

  test('sent away and cut before the delay is over: back when it is, and not before', () => {
    const m = connected(0.5)
    m.send({ type: 'sentAway', delayMs: 2_000 })
    expect(m.send({ type: 'closed', code: 1006 })).toEqual([])
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
    expect(m.wakeUp()).toEqual({ waitedMs: 3_500, effects: ['open'] })
    m.send({ type: 'closed', code: 1006 })
    expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 2 })
  })

  test('a heartbeat of nothing does not become a storm of pings', () => {
    const m = machine()
    m.send({ type: 'start' })
    m.send({ type: 'opened', heartbeatMs: 0, spreadMs: 0 })
    expect(m.wakeUp().waitedMs).toBe(RECONNECT.minHeartbeatMs)
  })
})

test('a broken conversation is a loss like any other', () => {
  const m = connected()
  expect(m.send({ type: 'broken' })).toEqual(['close'])
  expect(m.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
})

const anyEvent: fc.Arbitrary<ReconnectEvent> = fc.oneof(
  fc
    .constantFrom(...(['start', 'heard', 'wake', 'retry', 'online', 'visible', 'broken'] as const))
    .map((type) => ({ type })),
  fc.record({ type: fc.constant('opened' as const), heartbeatMs: fc.nat(30_000), spreadMs: fc.nat(9_000) }),
  fc.record({ type: fc.constant('sentAway' as const), delayMs: fc.nat(90_000) }),
  fc
    .constantFrom(1000, 1006, 1012, 1013, 4400, 4401, 4403)
    .map((code) => ({ type: 'closed' as const, code })),
)

test('in any order of events: at most one open at a time, tries bounded, always a way on', () => {
  const history = fc.array(fc.tuple(anyEvent, fc.nat(120_000)), { maxLength: 60 })
  fc.assert(
    fc.property(history, fc.double({ min: 0, max: 0.999, noNaN: true }), (events, random) => {
      let state: ReconnectState = step(STOPPED, { type: 'start' }, 0, () => random).state
      let nowMs = 0
      for (const [event, elapsedMs] of events) {
        nowMs += elapsedMs
        const before = state
        const { state: after, effects } = step(state, event, nowMs, () => random)
        const opens = effects.includes('open')
        // Only a socket just lost, one that is to be left, a wait or the upgrade state may lead to a new socket.
        const isLeft = before.backAtMs !== null && nowMs >= before.backAtMs
        const mayOpen =
          event.type === 'closed' || isLeft || ['waiting', 'upgradeRequired'].includes(before.phase)
        expect(!opens || (mayOpen && after.phase === 'opening')).toBe(true)
        expect(after.tries).toBeLessThanOrEqual(RECONNECT.maxTries + 1)
        expect(after.wakeAtMs === null).toBe(after.phase === 'upgradeRequired')
        state = after
      }
    }),
  )
})
