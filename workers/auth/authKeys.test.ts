import { beforeAll, describe, expect, it } from 'vitest'
import { importAuthKeys, type AuthKeys } from './authKeys.ts'
import { generateEd25519Key, type Ed25519Jwks } from './generateKey.ts'
import { issueToken } from './issueToken.ts'
import { verifyToken } from './verifyToken.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
let old: Ed25519Jwks
let next: Ed25519Jwks
beforeAll(async () => {
  old = await generateEd25519Key()
  next = await generateEd25519Key()
})

const jwks = (...keys: unknown[]) => JSON.stringify({ keys })
const keysOf = (signing: Ed25519Jwks, AUTH_PUBLIC_JWKS = '') =>
  importAuthKeys({ AUTH_PRIVATE_JWK: JSON.stringify(signing.privateJwk), AUTH_PUBLIC_JWKS })

async function isGood(issuer: AuthKeys, verifier: AuthKeys): Promise<boolean> {
  const { token } = await issueToken({ subject: 'a', tier: 'free', lifeSeconds: 60 }, issuer, nowMs)
  return (await verifyToken(token, ['access'], verifier, nowMs)).ok
}

describe('the key that signs', () => {
  it.each(['', '{}', 'null', '{"kty":"RSA"}', '{"kty":"OKP","crv":"Ed25519","x":"a","kid":"k"}'])(
    'is refused when it is %s',
    async (AUTH_PRIVATE_JWK) => {
      await expect(importAuthKeys({ AUTH_PRIVATE_JWK })).rejects.toThrow('expected an Ed25519 private JWK')
    },
  )

  it('is published first, without its private part', async () => {
    const { jwks: published } = await keysOf(next, jwks(old.publicJwk))
    expect(published.keys.map(({ kid }) => kid)).toEqual([next.publicJwk.kid, old.publicJwk.kid])
    for (const key of published.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })
})

describe('further keys', () => {
  it('verify and do not sign', async () => {
    const both = await keysOf(next, jwks(old.publicJwk))
    expect(both.kid).toBe(next.publicJwk.kid)
    expect(await isGood(await keysOf(old), both)).toBe(true)
    expect(await isGood(both, both)).toBe(true)
    expect(await isGood(both, await keysOf(old))).toBe(false)
    expect(await isGood(await keysOf(old), await keysOf(next))).toBe(false)
  })

  it('may be copied from the published document, the one that signs included', async () => {
    const { jwks: published } = await keysOf(next, jwks(old.publicJwk))
    expect((await keysOf(next, JSON.stringify(published))).publicKeys.size).toBe(2)
  })

  it('do not lend their id to each other', async () => {
    const { kid } = next.publicJwk
    await expect(keysOf(next, jwks({ ...old.publicJwk, kid }))).rejects.toThrow('one key per kid')
    const twice = jwks(old.publicJwk, { ...next.publicJwk, kid: old.publicJwk.kid })
    await expect(keysOf(next, twice)).rejects.toThrow('one key per kid')
  })

  it.each<[string, (key: Ed25519Jwks) => string]>([
    ['no JSON', () => 'keys'],
    ['a key and no set', ({ publicJwk }) => JSON.stringify(publicJwk)],
    ['a private key', ({ privateJwk }) => jwks(privateJwk)],
    ['a key for encryption', ({ publicJwk }) => jwks({ ...publicJwk, use: 'enc' })],
    ['a key of another algorithm', ({ publicJwk }) => jwks({ ...publicJwk, alg: 'HS256' })],
    ['a secret', () => jwks({ kty: 'oct', k: 'AAAA', kid: 'k' })],
    ['a key without id', ({ publicJwk }) => jwks({ ...publicJwk, kid: undefined })],
    ['nine keys', ({ publicJwk }) => jwks(...Array.from({ length: 9 }, () => publicJwk))],
  ])('are refused when they are %s, and never repeated', async (_, text) => {
    const secrets = text(old)
    const failure = await keysOf(next, secrets).then(
      () => null,
      (error: unknown) => String(error),
    )
    expect(failure).toContain('AUTH_PUBLIC_JWKS: expected')
    for (const part of [old.privateJwk.d, old.publicJwk.x]) expect(failure).not.toContain(part)
  })
})
