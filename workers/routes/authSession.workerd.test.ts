/** How a session goes on and ends, and what becomes of a stolen refresh token. */
import { applyD1Migrations, createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionListSchema } from '#schemas/rest/accounts'
import { forgetOld } from '../accounts/forgetOld.ts'
import { newEmail, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import worker from '../index.ts'
import { problemOf } from '../testing/requests.ts'

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

const DAY_MS = 86_400_000
const GRACE_MS = 10_000
let nowMs = 0
let visitor: Visitor
let email = ''
beforeEach(async () => {
  nowMs = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  receiveMail()
  visitor = new Visitor()
  email = newEmail()
  await visitor.signIn(email)
})
afterEach(() => vi.restoreAllMocks())

const refresh = (by = visitor) => by.post('/v1/auth/refresh')
const countOf = async (table: string) =>
  (await env.DB.prepare(`SELECT COUNT(*) AS count FROM ${table}`).first<{ count: number }>())?.count ?? 0
const idOf = ({ token }: Visitor) => String(decodeJwt(token).sub).slice('user:'.length)
const eventsOf = async (of: Visitor) => {
  const statement = env.DB.prepare('SELECT what FROM account_events WHERE account_id = ? ORDER BY id')
  return (await statement.bind(idOf(of)).all<{ what: string }>()).results.map(({ what }) => what)
}
const sessionsOf = async (of: Visitor) =>
  v.parse(SessionListSchema, await (await of.call('/v1/account/sessions')).json()).data

/** Somebody else with a copy of what this one holds. */
function copyOf({ cookie, token }: Visitor): Visitor {
  return Object.assign(new Visitor(), { cookie, token })
}

describe('a refresh', () => {
  it('gives another refresh token and an access token', async () => {
    const { cookie, token } = visitor
    expect((await refresh()).status).toBe(200)
    expect(visitor.cookie).not.toBe(cookie)
    expect(visitor.token).not.toBe(token)
    expect(decodeJwt(visitor.token)).toMatchObject({ sub: decodeJwt(token).sub, tier: 'free' })
  })

  it('stores no token, only its hash', async () => {
    await refresh()
    const { results } = await env.DB.prepare('SELECT * FROM refresh_tokens').all()
    expect(JSON.stringify(results)).not.toContain(visitor.cookie.split('=')[1])
  })

  it('asked for fifty times at once gives one successor', async () => {
    const before = await countOf('refresh_tokens')
    const copies = Array.from({ length: 50 }, () => copyOf(visitor))
    const answers = await Promise.all(copies.map((copy) => refresh(copy)))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(new Set(copies.map(({ cookie }) => cookie)).size).toBe(1)
    expect((await countOf('refresh_tokens')) - before).toBe(1)
  })

  it('whose answer was lost gives the same successor for ten seconds', async () => {
    const lost = copyOf(visitor)
    await refresh(lost)
    nowMs += GRACE_MS
    await refresh()
    expect(visitor.cookie).toBe(lost.cookie)
    nowMs += DAY_MS
    expect((await refresh()).status).toBe(200)
  })

  it('with a token that was used ends the whole session', async () => {
    const thief = copyOf(visitor)
    await refresh()
    nowMs += GRACE_MS + 1
    expect((await problemOf(await refresh(thief))).code).toBe('no_session')
    expect(thief.cookie).toBe('')
    // Who of the two is the thief cannot be known.
    expect((await problemOf(await refresh())).code).toBe('no_session')
    expect((await eventsOf(visitor)).at(-1)).toBe('session.reused')
    expect((await problemOf(await thief.call('/v1/account'))).code).toBe('expired_token')
  })

  it('with a token that was used ends no access token of another session', async () => {
    const other = new Visitor()
    await other.signIn(email)
    const thief = copyOf(visitor)
    await refresh()
    nowMs += GRACE_MS + 1
    await refresh(thief)
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    expect((await other.call('/v1/account')).status).toBe(200)
  })

  it('with a token from long ago ends it just so', async () => {
    const thief = copyOf(visitor)
    for (let day = 0; day < 10; day++) {
      nowMs += DAY_MS
      await refresh()
    }
    expect((await refresh(thief)).status).toBe(401)
    expect((await refresh()).status).toBe(401)
  })

  it('ends nobody else’s session', async () => {
    const other = new Visitor()
    await other.signIn(email)
    const thief = copyOf(visitor)
    await refresh()
    nowMs += GRACE_MS + 1
    await refresh(thief)
    expect((await refresh(other)).status).toBe(200)
  })

  it('ends after a week without one', async () => {
    nowMs += 7 * DAY_MS
    expect((await refresh()).status).toBe(401)
  })

  it('ends after thirty days, and the cookie says so', async () => {
    const beganMs = nowMs
    for (let i = 1; i < 30; i++) {
      nowMs = beganMs + i * DAY_MS
      const response = await refresh()
      const seconds = Number(/Max-Age=(\d+)/.exec(response.headers.get('set-cookie') ?? '')?.[1])
      expect(seconds * 1000).toBe(beganMs + 30 * DAY_MS - nowMs)
    }
    nowMs = beganMs + 30 * DAY_MS
    expect((await refresh()).status).toBe(401)
  })

  it('brings the tier the account has now, and its owner sees the change', async () => {
    await env.DB.prepare("UPDATE accounts SET tier = 'pro' WHERE email = ?").bind(email).run()
    await refresh()
    expect(decodeJwt(visitor.token).tier).toBe('pro')
    await env.DB.prepare("UPDATE accounts SET tier = 'free' WHERE email = ?").bind(email).run()
    await refresh()
    expect(decodeJwt(visitor.token).tier).toBe('free')
    expect((await eventsOf(visitor)).filter((what) => what === 'tier.changed')).toHaveLength(2)
  })

  it.each(['', 'x'.repeat(43), 'A'.repeat(43), `${'A'.repeat(42)}B`, "' OR 1=1 --"])(
    'with the token "%s" is refused',
    async (token) => {
      const response = await visitor.call('/v1/auth/refresh', {
        method: 'POST',
        headers: { cookie: `__Host-flipwire_refresh=${token}` },
      })
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'no_session' })
    },
  )

  it.each(['refresh', 'logout'])('nor %s is for pages of another origin', async (route) => {
    for (const origin of [
      'https://evil.test',
      'http://flipwire.test',
      'https://flipwire.test.evil',
      'null',
      null,
    ]) {
      const page = copyOf(visitor)
      page.origin = origin
      expect((await problemOf(await page.post(`/v1/auth/${route}`))).code).toBe('origin_not_allowed')
    }
    expect((await refresh()).status).toBe(200)
  })
})

describe('signing out', () => {
  it('ends the session and takes the cookie back', async () => {
    const copy = copyOf(visitor)
    const response = await visitor.post('/v1/auth/logout')
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-flipwire_refresh=; Max-Age=0; Path=\/; .*Secure/,
    )
    expect((await refresh(copy)).status).toBe(401)
  })

  it('ends the access tokens of this session, also one that was on its way, and of no other', async () => {
    const other = new Visitor()
    await other.signIn(email)
    const late = copyOf(visitor)
    const exchanged = refresh(late)
    await visitor.post('/v1/auth/logout')
    await exchanged
    for (const ended of [visitor, late])
      expect((await problemOf(await ended.call('/v1/account'))).code).toBe('expired_token')
    expect((await other.call('/v1/account')).status).toBe(200)
  })

  it('without a session is as good', async () => {
    expect((await new Visitor().post('/v1/auth/logout')).status).toBe(204)
  })
})

describe('sessions', () => {
  it('are listed with device, place and which one asks', async () => {
    const phone = new Visitor()
    phone.address = '198.51.100.77'
    nowMs += 1
    await phone.signIn(email)
    const [newest, oldest] = await sessionsOf(phone)
    expect(newest).toMatchObject({ current: true, device: 'Firefox on Linux', network: '198.51.100.0/24' })
    expect(oldest).toMatchObject({ current: false, network: null })
  })

  it('are ended from another device', async () => {
    const phone = new Visitor()
    await phone.signIn(email)
    const [own] = (await sessionsOf(visitor)).filter(({ current }) => current)
    const path = `/v1/account/sessions/${own?.id}`
    expect((await phone.call(path, { method: 'DELETE' })).status).toBe(204)
    expect((await refresh()).status).toBe(401)
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    expect((await phone.call('/v1/account')).status).toBe(200)
    expect((await phone.call(path, { method: 'DELETE' })).status).toBe(404)
  })

  it('of somebody else are not there', async () => {
    const stranger = new Visitor()
    await stranger.signIn(newEmail())
    const [own] = await sessionsOf(visitor)
    const response = await stranger.call(`/v1/account/sessions/${own?.id}`, { method: 'DELETE' })
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'unknown_session' })
    expect((await sessionsOf(stranger)).map(({ id }) => id)).not.toContain(own?.id)
    expect((await refresh()).status).toBe(200)
  })
})

describe('what is over', () => {
  it('is forgotten: codes, sessions with their tokens, and events', async () => {
    await refresh()
    // The tests before were up to a month ahead.
    await forgetOld(env.DB, nowMs + 31 * DAY_MS + 90 * DAY_MS)
    for (const table of ['sign_in_codes', 'sessions', 'refresh_tokens', 'account_events'])
      expect([table, await countOf(table)]).toEqual([table, 0])
    expect(await countOf('accounts')).toBeGreaterThan(0)
  })

  it('is forgotten by the cron', async () => {
    await env.DB.prepare('UPDATE sign_in_codes SET created_ms = 0').run()
    expect(await countOf('sign_in_codes')).toBeGreaterThan(0)
    await worker.scheduled(createScheduledController(), { ...env, STRIPE_SECRET_KEY: '' })
    expect(await countOf('sign_in_codes')).toBe(0)
  })

  it('is kept as long as it was promised', async () => {
    await forgetOld(env.DB, nowMs + 7 * DAY_MS - 1)
    expect((await refresh()).status).toBe(200)
    expect(await eventsOf(visitor)).toEqual(['account.created', 'session.opened'])
  })
})
