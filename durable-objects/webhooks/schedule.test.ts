import { describe, expect, it } from 'vitest'
import { afterAttempt, DISABLE_AFTER_MS, HEALTHY, RETRY_DELAYS_MS, type Attempt } from './schedule.ts'

const NOW_MS = Date.UTC(2026, 10, 20, 12)
const after = (attempt: Attempt, { attempts = 1, health = HEALTHY, random = 0.5, nowMs = NOW_MS } = {}) =>
  afterAttempt(attempt, attempts, health, nowMs, random)
const waitOf = (attempt: Attempt, options = {}) => {
  const { delivery } = after(attempt, options)
  return delivery.state === 'queued' ? delivery.nextMs - NOW_MS : delivery.state
}

describe('an attempt', () => {
  it.each([200, 201, 204, 299])('that is answered %i is delivered, and heals the endpoint', (status) => {
    const health = { failingSinceMs: 1, failuresInARow: 7, restUntilMs: NOW_MS + 9 }
    expect(after({ status }, { health })).toEqual({
      delivery: { state: 'delivered' },
      health: HEALTHY,
      disabled: null,
    })
  })

  it.each([100, 199, 300, 301, 304, 307, 400, 401, 404, 418, 500, 502, 503, 504])(
    'that is answered %i is tried again',
    (status) => expect(waitOf({ status })).toBe(5_000),
  )

  it('is made ten times over three days, then never', () => {
    const waits = Array.from({ length: 10 }, (_, i) => waitOf({ status: 500 }, { attempts: i + 1 }))
    expect(waits).toEqual([...RETRY_DELAYS_MS, 'dead'])
    expect(RETRY_DELAYS_MS.reduce((sum, ms) => sum + ms, 0) / 3_600_000).toBeCloseTo(75.585, 3)
  })

  it('is spread a fifth to both sides', () => {
    expect([0, 0.25, 1].map((random) => waitOf({ status: 500 }, { random }))).toEqual([4_000, 4_500, 6_000])
  })

  it('waits as long as it is asked to, not less than planned, a day and a fifth at most', () => {
    const at = new Date(NOW_MS + 3_600_000).toUTCString()
    const waits = ['60', '1', at, '999999999', '-5', 'soon', '1e9', ''].map((retryAfter) =>
      waitOf({ status: 429, retryAfter }, { random: 0.5 }),
    )
    expect(waits).toEqual([66_000, 5_000, 3_960_000, 95_040_000, 5_000, 5_000, 5_000, 5_000])
    expect(waitOf({ status: 503, retryAfter: '60' })).toBe(66_000)
    expect(waitOf({ status: 500, retryAfter: '60' })).toBe(5_000)
  })

  it('without an answer says why', () => {
    expect(after({ status: null, error: 'no answer within 15 s' }).delivery).toMatchObject({
      error: 'no answer within 15 s',
    })
    expect(after({ status: 302 }).delivery).toMatchObject({ error: '302: redirects are not followed' })
  })
})

describe('an endpoint', () => {
  it('that is gone is turned off at once', () => {
    expect(after({ status: 410 })).toMatchObject({ delivery: { state: 'dead' }, disabled: 'gone' })
  })

  it('that fails for five days without one success is turned off', () => {
    const health = { ...HEALTHY, failingSinceMs: NOW_MS - DISABLE_AFTER_MS }
    expect(after({ status: 500 }, { health }).disabled).toBe('failing')
    const shorter = { ...HEALTHY, failingSinceMs: NOW_MS - DISABLE_AFTER_MS + 1 }
    expect(after({ status: 500 }, { health: shorter }).disabled).toBeNull()
  })

  it('that fails is left alone for longer and longer, five minutes at most', () => {
    let health = HEALTHY
    const rests: number[] = []
    for (let i = 0; i < 11; i++) {
      health = after({ status: 500 }, { health: { ...health, restUntilMs: 0 } }).health
      rests.push((health.restUntilMs - NOW_MS) / 1_000)
    }
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    expect(health.failingSinceMs).toBe(NOW_MS)
  })

  it('that asks for patience gets it for all deliveries, and a later answer does not shorten it', () => {
    const { health } = after({ status: 429, retryAfter: '600' })
    expect(health.restUntilMs).toBe(NOW_MS + 600_000)
    expect(after({ status: 500 }, { health }).health.restUntilMs).toBe(NOW_MS + 600_000)
  })
})
