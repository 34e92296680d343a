import { beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_KINDS, type TokenKind } from '#schemas/claims'
import { attackTokens, goodClaims, goodHeader, signRaw } from './attackTokens.ts'
import { type AuthKeys } from './authKeys.ts'
import { issueGuestToken, issueTicket, issueToken } from './issueToken.ts'
import { newAuthKeys } from './testkit.ts'
import { verifyToken } from './verifyToken.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
let keys: AuthKeys
let stranger: AuthKeys

beforeAll(async () => {
  keys = await newAuthKeys()
  stranger = await newAuthKeys()
})

const verifyAccess = (token: string, atMs = nowMs) => verifyToken(token, ['access'], keys, atMs)
const verifyTicket = (token: string, atMs = nowMs) => verifyToken(token, ['ticket'], keys, atMs)

describe('a token of ours', () => {
  it('verifies to the claims it was issued with', async () => {
    const { token } = await issueToken({ subject: 'desk-1', tier: 'pro', lifeSeconds: 60 }, keys, nowMs)
    expect(await verifyAccess(token)).toMatchObject({
      ok: true,
      kind: 'access',
      claims: { sub: 'desk-1', tier: 'pro', exp: nowMs / 1000 + 60 },
    })
  })

  it('says which session it is of, and so does its ticket', async () => {
    const grant = { subject: 'desk-1', tier: 'pro', lifeSeconds: 60, sessionId: 's' } as const
    const { token } = await issueToken(grant, keys, nowMs)
    expect(await verifyAccess(token)).toMatchObject({ claims: { sid: 's' } })
    const credential = { account: 'desk-1', id: 'j', sessionId: 's', issuedAtMs: nowMs }
    const caller = { ...grant, expiresAtMs: nowMs + 60_000, credential }
    const ticket = await issueTicket(caller, keys, nowMs)
    expect(await verifyTicket(ticket.token)).toMatchObject({
      claims: { sid: 's', by: 'j', since: nowMs / 1000 },
    })
  })

  it('never lives longer than fifteen minutes', async () => {
    const issued = await issueToken({ subject: 'a', tier: 'free', lifeSeconds: 86_400 }, keys, nowMs)
    expect(issued.expiresAtMs - nowMs).toBe(15 * 60_000)
  })

  it('is good until five seconds after its expiry and expired after that', async () => {
    const { token, expiresAtMs } = await issueGuestToken('guest', keys, nowMs)
    expect((await verifyAccess(token, expiresAtMs + 4_000)).ok).toBe(true)
    expect(await verifyAccess(token, expiresAtMs + 6_000)).toMatchObject({ ok: false, code: 'expired_token' })
  })

  it('counts as of the lowest tier when its tier is unknown', async () => {
    const claims = { ...goodClaims(nowMs), tier: 'emperor' }
    const token = await signRaw(JSON.stringify(goodHeader(keys)), JSON.stringify(claims), keys)
    expect(await verifyAccess(token)).toMatchObject({ ok: true, claims: { tier: 'guest' } })
  })

  it('gives every guest another subject', async () => {
    const [one, two] = await Promise.all([
      issueGuestToken('guest', keys, nowMs),
      issueGuestToken('guest', keys, nowMs),
    ])
    const subjects = await Promise.all([one, two].map(({ token }) => verifyAccess(token)))
    const names = subjects.map((verified) => (verified.ok ? verified.claims.sub : ''))
    expect(names[0]).toMatch(/^guest:[0-9a-f-]{36}$/)
    expect(names[0]).not.toBe(names[1])
  })
})

describe('a ticket', () => {
  const caller = { subject: 'desk-1', tier: 'pro', expiresAtMs: nowMs + 600_000 } as const

  it('says who opens the socket and until when, and is good for a minute', async () => {
    const { token, expiresAtMs } = await issueTicket(caller, keys, nowMs)
    expect(expiresAtMs - nowMs).toBe(60_000)
    expect(await verifyTicket(token)).toMatchObject({
      ok: true,
      kind: 'ticket',
      claims: { sub: 'desk-1', tier: 'pro', until: caller.expiresAtMs / 1000 },
    })
    expect((await verifyTicket(token, expiresAtMs + 6_000)).ok).toBe(false)
  })

  it('of an API key says which, and what of sockets it may open', async () => {
    const key = { id: 'k', scopes: ['levels', 'stream'], unitsPerDay: 5, isSandbox: false }
    const { token } = await issueTicket({ ...caller, key }, keys, nowMs)
    expect(await verifyTicket(token)).toMatchObject({ claims: { key: { ...key, scopes: ['stream'] } } })
  })

  it.each([
    ['a list', []],
    ['without an id', { scopes: ['stream'], unitsPerDay: null, isSandbox: false }],
    ['for more than sockets', { id: 'k', scopes: ['keys'], unitsPerDay: null, isSandbox: false }],
    ['with a sandbox in words', { id: 'k', scopes: [], unitsPerDay: null, isSandbox: 'false' }],
    ['with more', { id: 'k', scopes: [], unitsPerDay: null, isSandbox: false, tier: 'partner' }],
  ])('of a key that is %s is refused', async (_, key) => {
    const { token } = await issueTicket(caller, keys, nowMs)
    const [, payload = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    const header = { ...goodHeader(keys), typ: TOKEN_KINDS.ticket.typ }
    const forged = await signRaw(JSON.stringify(header), JSON.stringify({ ...claims, key }), keys)
    expect((await verifyTicket(forged)).ok).toBe(false)
  })

  it('is another each time', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const verified = await verifyTicket((await issueTicket(caller, keys, nowMs)).token)
        return verified.ok ? verified.claims.jti : ''
      }),
    )
    expect(new Set(ids).size).toBe(2)
  })
})

describe('a token of one kind', () => {
  /** Signed with our key; `of` gives its type, `claims` its claims. */
  const craft = async (of: TokenKind, claims: TokenKind, lifeSeconds: number) => {
    const header = { ...goodHeader(keys), typ: TOKEN_KINDS[of].typ }
    const { aud: _, ...rest } = goodClaims(nowMs)
    const exp = nowMs / 1000 + lifeSeconds
    const payload = { ...rest, exp, aud: TOKEN_KINDS[claims].audience, until: exp }
    return signRaw(JSON.stringify(header), JSON.stringify(payload), keys)
  }

  it.each([
    // type, audience, door, accepted
    ['access', 'access', 'access', true],
    ['ticket', 'ticket', 'ticket', true],
    ['access', 'access', 'ticket', false],
    ['ticket', 'ticket', 'access', false],
    ['access', 'ticket', 'access', false],
    ['access', 'ticket', 'ticket', false],
    ['ticket', 'access', 'access', false],
    ['ticket', 'access', 'ticket', false],
  ] as const)('typed %s, meant for %s, at the door for %s: %s', async (of, claims, door, isAccepted) => {
    const token = await craft(of, claims, 60)
    expect((await verifyToken(token, [door], keys, nowMs)).ok).toBe(isAccepted)
    // Where both are taken, its type and its audience still have to agree.
    expect((await verifyToken(token, ['access', 'ticket'], keys, nowMs)).ok).toBe(of === claims)
  })

  it('may not live longer than its kind does', async () => {
    expect((await verifyTicket(await craft('ticket', 'ticket', 61))).ok).toBe(false)
    expect((await verifyAccess(await craft('access', 'access', 61))).ok).toBe(true)
  })

  it('needs the claims of its kind', async () => {
    const header = { ...goodHeader(keys), typ: TOKEN_KINDS.ticket.typ }
    const claims = { ...goodClaims(nowMs), aud: TOKEN_KINDS.ticket.audience, exp: nowMs / 1000 + 60 }
    const withoutEnd = await signRaw(JSON.stringify(header), JSON.stringify(claims), keys)
    expect(await verifyTicket(withoutEnd)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('until'),
    })
  })
})

describe('attack tokens', () => {
  it('are all refused', async () => {
    const attacks = await attackTokens(keys, stranger, nowMs)
    expect(attacks.length).toBeGreaterThan(60)
    const accepted: string[] = []
    for (const { name, token } of attacks) {
      const verified = await verifyToken(token, ['access', 'ticket'], keys, nowMs)
      if (verified.ok) accepted.push(name)
    }
    expect(accepted).toEqual([])
  })

  it('differ from a token that is accepted only by the attack', async () => {
    const token = await signRaw(JSON.stringify(goodHeader(keys)), JSON.stringify(goodClaims(nowMs)), keys)
    expect((await verifyAccess(token)).ok).toBe(true)
  })

  it('fails when any one character of a good token is changed', async () => {
    const { token } = await issueToken({ subject: 'a', tier: 'free', lifeSeconds: 60 }, keys, nowMs)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect((await verifyAccess(changed)).ok, `character ${at}`).toBe(false)
    }
  })
})
