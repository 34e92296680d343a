import { describe, expect, it } from 'vitest'
import { decideRefresh, GRACE_MS, IDLE_MS, SESSION_MS, type ShownToken } from './refresh.ts'

const startMs = Date.UTC(2026, 10, 20)
const token = (changes: Partial<ShownToken> = {}): ShownToken => ({
  usedMs: null,
  sessionLastUsedMs: startMs,
  sessionExpiresMs: startMs + SESSION_MS,
  ...changes,
})

describe('a refresh token', () => {
  it('is good until the session has been idle for a week', () => {
    expect(decideRefresh(token(), startMs + IDLE_MS - 1)).toBe('rotate')
    expect(decideRefresh(token(), startMs + IDLE_MS)).toBe('expired')
  })

  it('is good until thirty days are over, however much it is used', () => {
    const nearTheEnd = token({ sessionLastUsedMs: startMs + SESSION_MS - 1 })
    expect(decideRefresh(nearTheEnd, startMs + SESSION_MS - 1)).toBe('rotate')
    expect(decideRefresh(nearTheEnd, startMs + SESSION_MS)).toBe('expired')
  })

  it('that was used gives the same once more for ten seconds, then it is a theft', () => {
    const used = token({ usedMs: startMs })
    expect(decideRefresh(used, startMs + GRACE_MS)).toBe('repeat')
    expect(decideRefresh(used, startMs + GRACE_MS + 1)).toBe('reuse')
  })

  it('used by a clock that is ahead is no theft', () => {
    expect(decideRefresh(token({ usedMs: startMs + 5_000 }), startMs)).toBe('repeat')
  })

  it('of a session that is over ends nothing any more', () => {
    expect(decideRefresh(token({ usedMs: startMs }), startMs + SESSION_MS)).toBe('expired')
  })
})
