import { describe, expect, test } from 'vitest'
import { createCallerToken, expiryMs, tierOf, tokenInFragment, type TokenStorage } from './callerToken.ts'

function memory(): TokenStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

function jwt(claims: object): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
}

describe('the caller’s token', () => {
  const token = jwt({ exp: 1000, sub: 'ünï' })
  const guest = async () => 'guest'

  test('is read from the fragment', () => {
    expect(tokenInFragment(`#token=${token}`)).toBe(token)
    expect(tokenInFragment('#elsewhere')).toBeNull()
  })

  test('is used until it expires, also after a reload without the fragment', async () => {
    const storage = memory()
    expect(await createCallerToken(`#token=${token}`, storage, guest, () => 0)()).toBe(token)
    const reloaded = createCallerToken('', storage, guest, () => 999_999)
    expect(await reloaded()).toBe(token)
    expect(await createCallerToken('', storage, guest, () => 1_000_000)()).toBe('guest')
  })

  test('says which tier it is of, to be shown', () => {
    expect(tierOf(jwt({ tier: 'pro' }))).toBe('pro')
    for (const odd of [jwt({ tier: 'emperor' }), jwt({}), 'h.null.s', 'nonsense'])
      expect(tierOf(odd)).toBeNull()
  })

  test('once refused, is forgotten', async () => {
    const getToken = createCallerToken(`#token=${token}`, memory(), guest, () => 0)
    expect(await getToken({ renew: true })).toBe('guest')
    expect(await getToken()).toBe('guest')
  })

  test('that cannot be read is never sent', async () => {
    expect(expiryMs('not.a.jwt')).toBeNull()
    expect(await createCallerToken('#token=nonsense', memory(), guest, () => 0)()).toBe('guest')
  })
})
