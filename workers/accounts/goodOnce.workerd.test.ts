/** What is good once, when two requests have both looked before either of them took it. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { insertCode, tryNewestCode, useCode } from './codeStore.ts'
import { GRACE_MS } from './refresh.ts'
import { findToken, openSession, rotateToken, type FoundToken } from './sessionStore.ts'

const NOW_MS = 1_700_000_000_000

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

describe('a code', () => {
  const code = { id: 'code', emailHash: 'address', networkHash: null, codeHash: 'hash' }

  it('that two have compared is taken by one of them, and offered to nobody after', async () => {
    await insertCode(env.DB, code, NOW_MS)
    const compared = await Promise.all([0, 1].map(() => tryNewestCode(env.DB, 'address', NOW_MS)))
    expect(compared.map((tried) => tried?.id)).toEqual(['code', 'code'])
    expect(await useCode(env.DB, 'code', NOW_MS)).toBe(true)
    expect(await useCode(env.DB, 'code', NOW_MS)).toBe(false)
    expect(await tryNewestCode(env.DB, 'address', NOW_MS)).toBeNull()
  })
})

describe('a refresh token', () => {
  const found = async (): Promise<FoundToken> => {
    const token = await findToken(env.DB, 'first')
    if (token === null) throw new Error('expected the token to be there')
    return token
  }

  it('that two have found unused was used when the first of them exchanged it', async () => {
    await env.DB.prepare(
      "INSERT INTO accounts (id, email, created_ms) VALUES ('reader', 'a@example.com', 0)",
    ).run()
    await openSession(env.DB, 'reader', 'first', { device: 'a browser', network: null }, NOW_MS)
    const [one, other] = [await found(), await found()]
    expect([one.usedMs, other.usedMs]).toEqual([null, null])
    await rotateToken(env.DB, one, 'first', 'second', NOW_MS)
    await rotateToken(env.DB, other, 'first', 'second', NOW_MS + GRACE_MS)
    // Or whoever holds a copy could lengthen the time in which it is taken for a lost answer.
    expect((await found()).usedMs).toBe(NOW_MS)
  })
})
