import { beforeAll, describe, expect, it } from 'vitest'
import { attackTokens, goodClaims, goodHeader, signRaw } from './attackTokens.ts'
import { importAuthKeys, type AuthKeys } from './authKeys.ts'
import { generateEd25519Key } from './generateKey.ts'
import { issueGuestToken, issueToken } from './issueToken.ts'
import { verifyToken } from './verifyToken.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
let keys: AuthKeys
let stranger: AuthKeys

beforeAll(async () => {
  keys = await importAuthKeys(JSON.stringify((await generateEd25519Key()).privateJwk))
  stranger = await importAuthKeys(JSON.stringify((await generateEd25519Key()).privateJwk))
})

describe('a token of ours', () => {
  it('verifies to the claims it was issued with', async () => {
    const { token } = await issueToken({ subject: 'desk-1', tier: 'pro', lifeSeconds: 60 }, keys, nowMs)
    const verified = await verifyToken(token, keys, nowMs)
    expect(verified).toMatchObject({
      ok: true,
      claims: { sub: 'desk-1', tier: 'pro', exp: nowMs / 1000 + 60 },
    })
  })

  it('never lives longer than fifteen minutes', async () => {
    const issued = await issueToken({ subject: 'a', tier: 'free', lifeSeconds: 86_400 }, keys, nowMs)
    expect(issued.expiresAtMs - nowMs).toBe(15 * 60_000)
  })

  it('is good until five seconds after its expiry and expired after that', async () => {
    const { token, expiresAtMs } = await issueGuestToken('free', keys, nowMs)
    expect((await verifyToken(token, keys, expiresAtMs + 4_000)).ok).toBe(true)
    const late = await verifyToken(token, keys, expiresAtMs + 6_000)
    expect(late).toMatchObject({ ok: false, code: 'expired_token' })
  })

  it('counts as free when its tier is unknown', async () => {
    const claims = { ...goodClaims(nowMs), tier: 'emperor' }
    const token = await signRaw(JSON.stringify(goodHeader(keys)), JSON.stringify(claims), keys)
    expect(await verifyToken(token, keys, nowMs)).toMatchObject({ ok: true, claims: { tier: 'free' } })
  })

  it('gives every guest another subject', async () => {
    const [one, two] = await Promise.all([
      issueGuestToken('free', keys, nowMs),
      issueGuestToken('free', keys, nowMs),
    ])
    const subjects = await Promise.all([one, two].map(({ token }) => verifyToken(token, keys, nowMs)))
    const names = subjects.map((verified) => (verified.ok ? verified.claims.sub : ''))
    expect(names[0]).toMatch(/^guest:[0-9a-f-]{36}$/)
    expect(names[0]).not.toBe(names[1])
  })
})

describe('attack tokens', () => {
  it('are all refused', async () => {
    const attacks = await attackTokens(keys, stranger, nowMs)
    expect(attacks.length).toBeGreaterThan(60)
    const accepted: string[] = []
    for (const { name, token } of attacks) {
      const verified = await verifyToken(token, keys, nowMs)
      if (verified.ok) accepted.push(name)
    }
    expect(accepted).toEqual([])
  })

  it('differ from a token that is accepted only by the attack', async () => {
    const token = await signRaw(JSON.stringify(goodHeader(keys)), JSON.stringify(goodClaims(nowMs)), keys)
    expect((await verifyToken(token, keys, nowMs)).ok).toBe(true)
  })

  it('fails when any one character of a good token is changed', async () => {
    const { token } = await issueToken({ subject: 'a', tier: 'free', lifeSeconds: 60 }, keys, nowMs)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect((await verifyToken(changed, keys, nowMs)).ok, `character ${at}`).toBe(false)
    }
  })
})

describe('the configured key', () => {
  it.each(['', '{}', 'null', '{"kty":"RSA"}', '{"kty":"OKP","crv":"Ed25519","x":"a","kid":"k"}'])(
    'is refused when it is %s',
    async (text) => {
      await expect(importAuthKeys(text)).rejects.toThrow('expected an Ed25519 private JWK')
    },
  )

  it('publishes no private part', () => {
    expect(Object.keys(keys.jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })
})
