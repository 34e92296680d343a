import { describe, expect, it } from 'vitest'
import { endOne, endTokens, isRevoked, MAX_ENDED, NOTHING_REVOKED } from './revocation.ts'

const token = (issuedAtMs: number, id = 'token') => ({ id, issuedAtMs })
const key = (id: string) => ({ id, issuedAtMs: null })

describe('ending all tokens of an account', () => {
  it('ends those issued until then, to the millisecond, and none after', () => {
    const revoked = endTokens(NOTHING_REVOKED, 10_500)
    expect(isRevoked(token(10_499), revoked)).toBe(true)
    expect(isRevoked(token(10_500), revoked)).toBe(true)
    expect(isRevoked(token(10_501), revoked)).toBe(false)
  })

  it('leaves what is ended by its id alone as it is', () => {
    expect(isRevoked(key('k'), endTokens(NOTHING_REVOKED, 10_500))).toBe(false)
  })

  it('is not taken back by a clock that was set back', () => {
    expect(isRevoked(token(9_000), endTokens(endTokens(NOTHING_REVOKED, 10_000), 5_000))).toBe(true)
  })
})

describe('ending one credential', () => {
  it('ends that one and no other', () => {
    const revoked = endOne(NOTHING_REVOKED, 'a', 1)
    expect(isRevoked(key('a'), revoked)).toBe(true)
    expect(isRevoked(token(0, 'a'), revoked)).toBe(true)
    expect(isRevoked(key('b'), revoked)).toBe(false)
    expect(isRevoked(token(0, 'b'), revoked)).toBe(false)
  })

  it('that is a session ends all that came of it and no other', () => {
    const revoked = endOne(NOTHING_REVOKED, 's', 1)
    const tokenOf = (sessionId: string) => ({ ...token(0), sessionId })
    expect(isRevoked(tokenOf('s'), revoked)).toBe(true)
    // Also one that was on its way when the session ended.
    expect(isRevoked({ ...token(2), sessionId: 's' }, revoked)).toBe(true)
    expect(isRevoked(tokenOf('t'), revoked)).toBe(false)
    expect(isRevoked(token(0), revoked)).toBe(false)
  })

  it('again changes nothing', () => {
    const once = endOne(NOTHING_REVOKED, 'a', 1)
    expect(endOne(once, 'a', 2)).toBe(once)
  })

  it('ends all tokens where the list is full, and forgets none', () => {
    let revoked = NOTHING_REVOKED
    for (let i = 0; i <= MAX_ENDED; i++) revoked = endOne(revoked, `t${i}`, 1_000)
    for (let i = 0; i <= MAX_ENDED; i++) expect(isRevoked(token(1_000, `t${i}`), revoked)).toBe(true)
    expect(revoked.ended).toHaveLength(MAX_ENDED)
  })
})
