import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { attackTokens, goodClaims, goodHeader, signRaw } from './attackTokens.ts'
import type { AuthKeys } from './authKeys.ts'
import { issueGuestToken, issueTicket, issueToken } from './issueToken.ts'
import { GUEST_LIFE_MS, RENEWABLE_FOR_MS, renewableGuest } from './renewableGuest.ts'
import { newAuthKeys } from './testkit.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
const LIFE_MS = 15 * 60_000
let keys: AuthKeys
let stranger: AuthKeys
beforeAll(async () => {
  keys = await newAuthKeys()
  stranger = await newAuthKeys()
})

const guest = async (atMs = nowMs) => (await issueGuestToken('guest', keys, atMs)).token
const craft = (changes: object) =>
  signRaw(
    JSON.stringify(goodHeader(keys)),
    JSON.stringify({ ...goodClaims(nowMs), sub: 'guest:1', tier: 'guest', ...changes }),
    keys,
  )

describe('the token of a guest', () => {
  it('stands for the same one until a day after its end, to the millisecond, and then for nobody', async () => {
    const token = await guest()
    const { sub } = decodeJwt(token)
    const lastMs = nowMs + LIFE_MS + RENEWABLE_FOR_MS
    for (const atMs of [nowMs, nowMs + LIFE_MS - 1, nowMs + LIFE_MS + 6_000, lastMs])
      expect(await renewableGuest(token, keys, atMs)).toEqual({ subject: sub, bornMs: nowMs })
    expect(await renewableGuest(token, keys, lastMs + 1)).toBeNull()
  })

  it('is renewed for a week from its first, however often', async () => {
    const first = await renewableGuest(await guest(), keys, nowMs)
    const seen: unknown[] = []
    let atMs = nowMs
    for (let held = first; held !== null;) {
      seen.push(held)
      const { token } = await issueGuestToken('guest', keys, atMs, held)
      atMs += 20 * 3_600_000
      held = await renewableGuest(token, keys, atMs)
    }
    // Every 20 hours: the ninth time is the first beyond a week.
    expect(seen).toEqual(Array.from({ length: 9 }, () => first))
    expect(atMs - nowMs).toBeGreaterThan(GUEST_LIFE_MS)
  })

  it('of a version that did not say when it was first is as old as it is', async () => {
    const old = await craft({})
    expect(await renewableGuest(old, keys, nowMs + LIFE_MS + 1)).toEqual({
      subject: 'guest:1',
      bornMs: nowMs,
    })
  })

  it('dies with the key that signed it', async () => {
    expect(await renewableGuest(await guest(), stranger, nowMs)).toBeNull()
    expect(await renewableGuest(await guest(), stranger, nowMs + LIFE_MS + 6_000)).toBeNull()
  })
})

describe('what is no token of a guest', () => {
  it('is nobody: of an account, a ticket, nothing', async () => {
    const grant = { subject: 'user:1', tier: 'free', lifeSeconds: 900 } as const
    const ticket = { subject: 'guest:1', tier: 'guest', expiresAtMs: nowMs + 1 } as const
    for (const token of [
      (await issueToken(grant, keys, nowMs)).token,
      (await issueToken({ ...grant, subject: 'sandbox:1' }, keys, nowMs)).token,
      (await issueToken({ ...grant, subject: 'guest:1', sessionId: 's' }, keys, nowMs)).token,
      (await issueTicket(ticket, keys, nowMs)).token,
      '',
      'gex_live_0',
    ])
      for (const atMs of [nowMs, nowMs + LIFE_MS + 6_000])
        expect(await renewableGuest(token, keys, atMs)).toBeNull()
  })

  it.each([
    ['born after it was issued', { born: nowMs / 1000 + 1 }],
    ['born long ago', { born: (nowMs - GUEST_LIFE_MS) / 1000 - 1 }],
    ['born as text', { born: '1' }],
    ['born null', { born: null }],
    ['living longer than a token may', { exp: nowMs / 1000 + 960 }],
    ['living a negative time', { iat: nowMs / 1000 + 100, exp: nowMs / 1000 - 100 }],
    ['that was never valid before it ended', { nbf: nowMs / 1000 + 1_000 }],
  ])('is nobody: %s, now and after its end', async (_, changes) => {
    const token = await craft(changes)
    for (const atMs of [nowMs, nowMs + 2 * LIFE_MS])
      expect(await renewableGuest(token, keys, atMs)).toBeNull()
  })

  it('is nobody in all attack tokens but the one that is only expired', async () => {
    const claims = { ...goodClaims(nowMs), sub: 'guest:1', tier: 'guest' }
    const attacks = await attackTokens(keys, stranger, nowMs, claims)
    const accepted: string[] = []
    for (const { name, token } of attacks)
      if ((await renewableGuest(token, keys, nowMs)) !== null) accepted.push(name)
    expect(accepted).toEqual(['signed, payload expired'])
  })

  it('is nobody in all attack tokens of strangers, also when they have ended', async () => {
    const claims = { ...goodClaims(nowMs), sub: 'guest:1', tier: 'guest' }
    const unsigned = (await attackTokens(keys, stranger, nowMs, claims)).filter(
      ({ name }) => !name.startsWith('signed, payload'),
    )
    expect(unsigned.length).toBeGreaterThan(40)
    for (const { name, token } of unsigned)
      expect([name, await renewableGuest(token, keys, nowMs + 2 * LIFE_MS)]).toEqual([name, null])
  })
})
