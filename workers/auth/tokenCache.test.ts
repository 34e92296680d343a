import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthKeys } from './authKeys.ts'
import { issueTicket, issueToken } from './issueToken.ts'
import { newAuthKeys } from './testkit.ts'
import { TokenCache } from './tokenCache.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
const LIFE_MS = 60_000

let keys: AuthKeys
let cache: TokenCache
const signatures = vi.spyOn(crypto.subtle, 'verify')

beforeEach(async () => {
  keys = await newAuthKeys()
  cache = new TokenCache(2)
  signatures.mockClear()
})
afterAll(() => signatures.mockRestore())

async function tokenOf(subject: string): Promise<string> {
  return (await issueToken({ subject, tier: 'pro', lifeSeconds: LIFE_MS / 1000 }, keys, nowMs)).token
}

const verify = (token: string, atMs = nowMs) => cache.verify(token, ['access'], keys, atMs)

describe('a token that comes again', () => {
  it('is the same caller, and its signature is not looked at again', async () => {
    const token = await tokenOf('desk-1')
    const first = await verify(token)
    expect(await verify(token, nowMs + LIFE_MS - 1)).toEqual(first)
    expect(first).toMatchObject({ ok: true, claims: { sub: 'desk-1', tier: 'pro' } })
    expect(signatures).toHaveBeenCalledTimes(1)
  })

  it('ends when it says', async () => {
    const token = await tokenOf('desk-1')
    await verify(token)
    expect((await verify(token, nowMs + LIFE_MS + 4_000)).ok).toBe(true)
    expect(await verify(token, nowMs + LIFE_MS + 6_000)).toMatchObject({ ok: false, code: 'expired_token' })
  })

  it('opens no door for another kind', async () => {
    const token = await tokenOf('desk-1')
    await verify(token)
    expect(await cache.verify(token, ['ticket'], keys, nowMs)).toMatchObject({
      ok: false,
      code: 'invalid_token',
    })
  })

  it('is refused once its key is taken away', async () => {
    const token = await tokenOf('desk-1')
    await verify(token)
    expect(await cache.verify(token, ['access'], await newAuthKeys(), nowMs)).toMatchObject({ ok: false })
    await verify(token)
    expect(signatures).toHaveBeenCalledTimes(2)
  })

  it('is looked at anew when the clock is set back', async () => {
    const token = await tokenOf('desk-1')
    await verify(token)
    expect(await verify(token, nowMs - 3_600_000)).toMatchObject({ ok: false })
  })
})

describe('what is not remembered', () => {
  it('is a ticket, which is shown once', async () => {
    const expiresAtMs = nowMs + LIFE_MS
    const { token } = await issueTicket({ subject: 'desk-1', tier: 'pro', expiresAtMs }, keys, nowMs)
    for (let i = 0; i < 2; i++)
      expect((await cache.verify(token, ['access', 'ticket'], keys, nowMs)).ok).toBe(true)
    expect(signatures).toHaveBeenCalledTimes(2)
  })

  it('is a refusal', async () => {
    const good = await tokenOf('desk-1')
    const forged = `${good.slice(0, -4)}AAAA`
    for (let i = 0; i < 2; i++) expect((await verify(forged)).ok).toBe(false)
    expect((await verify(good)).ok).toBe(true)
  })

  it('is more than there is room for: the oldest goes', async () => {
    const tokens = await Promise.all(['a', 'b', 'c'].map(tokenOf))
    for (const token of tokens) await verify(token)
    signatures.mockClear()
    for (const token of tokens.slice(1)) await verify(token)
    expect(signatures).not.toHaveBeenCalled()
    await verify(tokens[0] ?? '')
    expect(signatures).toHaveBeenCalledTimes(1)
  })
})
