/** What is held of an account: shown whole to its owner, carried over from the guest before it, and gone when it is erased. */
import { applyD1Migrations, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dayOf } from '#durable-objects/account/days'
import { windowsOf } from '#durable-objects/windows/windowsClient'
import { AccountAnswerSchema, AccountExportSchema } from '#schemas/rest/accounts'
import { WindowListSchema } from '#schemas/rest/windows'
import { codesTo, newEmail, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import { authKeys } from '../auth/authKeys.ts'
import { issueGuestToken } from '../auth/issueToken.ts'
import { problemOf, tokenFor } from '../testing/requests.ts'

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

const LIMITS = { unitsPerMinute: 1_000, unitsPerDay: 1_000 }
let visitor: Visitor
let email = ''
beforeEach(() => {
  receiveMail()
  visitor = new Visitor()
  email = newEmail()
})
afterEach(() => vi.restoreAllMocks())

const subjectOf = ({ token }: Visitor) => String(decodeJwt(token).sub)
const exported = async () =>
  v.parse(AccountExportSchema, await (await visitor.call('/v1/account/export')).json()).data
const erase = (by = visitor) => by.call('/v1/account', { method: 'DELETE' })

async function use(subject: string, units: number): Promise<void> {
  const lines = [{ route: 'GET /v1/symbols', keyId: '', calls: 1, units }]
  await env.ACCOUNT.getByName(subject).charge({ id: crypto.randomUUID(), address: '', lines }, LIMITS)
}
const unitsToday = async (subject: string) => {
  const day = dayOf(Date.now())
  const lines = await env.ACCOUNT.getByName(subject).readDaily({ from: day, to: day, limit: 100 })
  return lines.reduce((sum, { units }) => sum + units, 0)
}

/** A partner with something of everything. */
async function settle(): Promise<void> {
  await visitor.signIn(email)
  await env.DB.prepare("UPDATE accounts SET tier = 'partner' WHERE email = ?").bind(email).run()
  await visitor.post('/v1/auth/refresh')
  const subject = subjectOf(visitor)
  await visitor.call('/v1/keys', {
    method: 'POST',
    body: { name: 'desk' },
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
  await visitor.post('/v1/windows', { kind: 'exposure', symbol: 'SPX' })
  await env.WEBHOOKS.getByName(subject).create({
    url: 'https://desk.test/hook',
    description: 'desk',
    events: ['level.crossed'],
    symbols: ['SPX'],
  })
  await use(subject, 3)
  await use(`sandbox:${subject}`, 5)
  await env.DB.batch([
    env.DB.prepare('INSERT INTO billing_customers VALUES (?, ?)').bind(subject, 'cus_1'),
    env.DB.prepare('INSERT INTO billing_reports VALUES (?, ?, 7, 0)').bind(subject, '2026-11-20'),
    env.DB.prepare("INSERT INTO passkeys VALUES ('credential', ?, 'phone', 'cose', 0, '', 0, NULL)").bind(
      subject.slice('user:'.length),
    ),
    env.DB.prepare("INSERT INTO passkey_challenges VALUES ('challenge', ?, 0)").bind(
      subject.slice('user:'.length),
    ),
  ])
}

describe('an account', () => {
  it('is shown to its owner', async () => {
    await visitor.signIn(email)
    const { data } = v.parse(AccountAnswerSchema, await (await visitor.call('/v1/account')).json())
    expect(data).toMatchObject({ email, tier: 'free', id: subjectOf(visitor).slice('user:'.length) })
  })

  it.each(['/v1/account', '/v1/account/export', '/v1/account/sessions'])(
    'is nobody else’s: %s is 404 for guests with a tier and tokens of an operator',
    async (path) => {
      for (const subject of ['guest:1', 'desk', 'user:', `user:${crypto.randomUUID()}`]) {
        const stranger = new Visitor()
        stranger.token = await tokenFor('partner', subject)
        expect((await problemOf(await stranger.call(path))).code).toBe('unknown_account')
      }
    },
  )

  it('is exported whole, and says that it was', async () => {
    await settle()
    const data = await exported()
    expect(data).toMatchObject({
      account: { email, tier: 'partner' },
      sessions: [{ device: 'Firefox on Linux' }],
      passkeys: [{ name: 'phone' }],
      apiKeys: [{ name: 'desk' }],
      webhooks: [{ url: 'https://desk.test/hook' }],
      openWindows: [{ kind: 'exposure', symbol: 'SPX' }],
      usage: [{ units: 3 }],
      sandboxUsage: [{ units: 5 }],
      billing: { customer: 'cus_1', reports: [{ day: '2026-11-20', units: 7 }] },
    })
    expect(data.events.map(({ what }) => what).sort()).toEqual([
      'account.created',
      'account.exported',
      'session.opened',
      'tier.changed',
    ])
    expect(JSON.stringify(data)).not.toMatch(/sha256|[0-9a-f]{64}|whsec_/)
    await env.DB.prepare("DELETE FROM passkeys WHERE id = 'credential'").run()
    await env.DB.prepare('DELETE FROM passkey_challenges').run()
  })
})

describe('a guest who signs in', () => {
  let guest = ''
  beforeEach(async () => {
    visitor.token = (await issueGuestToken('guest', await authKeys(env), Date.now())).token
    guest = subjectOf(visitor)
    await use(guest, 40)
    await visitor.post('/v1/windows', { kind: 'exposure', symbol: 'SPX' })
  })

  it('keeps the windows under their ids, and what was used today counts on', async () => {
    const [lease] = await windowsOf(env.WINDOWS, guest).list(Date.now())
    await visitor.signIn(email)
    const listed = v.parse(WindowListSchema, await (await visitor.call('/v1/windows')).json())
    expect(listed.data.map(({ id }) => id)).toEqual([lease?.id])
    expect((await visitor.call(`/v1/windows/${lease?.id}`, { method: 'PUT' })).status).toBe(200)
    expect(await windowsOf(env.WINDOWS, guest).list(Date.now())).toEqual([])
    expect(await unitsToday(subjectOf(visitor))).toBe(40)
    expect((await exported()).guests).toEqual([guest])
  })

  it('is carried over once, whoever signs in with its token again', async () => {
    const { token } = visitor
    await visitor.signIn(email)
    const again = Object.assign(new Visitor(), { token })
    await again.signIn(newEmail())
    expect(await unitsToday(subjectOf(again))).toBe(0)
    visitor.token = token
    await visitor.signIn(email)
    expect(await unitsToday(subjectOf(visitor))).toBe(40)
  })

  it('brings no more windows than the account has room for', async () => {
    await visitor.signIn(email)
    const account = subjectOf(visitor)
    const five = windowsOf(env.WINDOWS, account)
    for (const id of ['a', 'b', 'c', 'd']) await five.open({ id, kind: 'x', symbol: 'SPX' }, 5, Date.now())
    const other = new Visitor()
    other.token = (await issueGuestToken('guest', await authKeys(env), Date.now())).token
    await other.post('/v1/windows', { kind: 'exposure', symbol: 'NDX' })
    await other.signIn(email)
    expect(await five.list(Date.now())).toHaveLength(5)
  })

  it.each(['not a token', 'a.b.c'])('with %s for a token signs in all the same', async (token) => {
    visitor.token = ''
    await visitor.post('/v1/auth/email', { email })
    const response = await visitor.call('/v1/auth/email/verify', {
      method: 'POST',
      body: { email, code: codesTo(email).at(-1) },
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(200)
  })

  it('with the token of an account brings nothing of that account', async () => {
    await visitor.signIn(email)
    const victim = subjectOf(visitor)
    await use(victim, 1)
    const other = Object.assign(new Visitor(), { token: visitor.token })
    await other.signIn(newEmail())
    expect(await unitsToday(subjectOf(other))).toBe(0)
  })
})

/** Rows of D1 that hold the text anywhere. */
async function rowsWith(text: string): Promise<string[]> {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%cf_%' AND name NOT LIKE 'sqlite_%'",
  ).all<{ name: string }>()
  expect(tables.length).toBeGreaterThan(10)
  const found: string[] = []
  for (const { name } of tables) {
    const { results } = await env.DB.prepare(`SELECT * FROM ${name}`).all()
    const rows = results.filter((row) => JSON.stringify(row).includes(text))
    found.push(...rows.map(() => name))
  }
  return found
}

async function isEmpty(stub: DurableObjectStub): Promise<boolean> {
  return runInDurableObject(stub, async (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    )
    // That tokens have ended is kept for as long as they would have lived.
    const filled = Array.from(tables, ({ name }) => name).filter(
      (name) =>
        name !== 'revocations' && storage.sql.exec(`SELECT 1 FROM ${name} LIMIT 1`).toArray().length > 0,
    )
    const kept = [...(await storage.list()).keys()].filter((key) => key !== 'isErased')
    return filled.length === 0 && kept.length === 0
  })
}

describe('an erased account', () => {
  it('leaves no row with its id or address, in D1 or in any object', async () => {
    visitor.token = (await issueGuestToken('guest', await authKeys(env), Date.now())).token
    const guest = subjectOf(visitor)
    await use(guest, 1)
    await settle()
    const subject = subjectOf(visitor)
    const id = subject.slice('user:'.length)
    const before = new Set(await rowsWith(id))
    // Whoever adds a table about accounts meets this list, and `OWNED_TABLES`.
    expect([...before].sort()).toEqual([
      'account_events',
      'accounts',
      'api_keys',
      'billing_customers',
      'billing_reports',
      'changed_tiers',
      'linked_guests',
      'passkey_challenges',
      'passkeys',
      'sessions',
    ])
    expect((await erase()).status).toBe(204)
    for (const text of [id, email, guest]) expect([text, await rowsWith(text)]).toEqual([text, []])
    const tokens = await env.DB.prepare(
      'SELECT * FROM refresh_tokens WHERE session_id NOT IN (SELECT id FROM sessions)',
    ).all()
    expect(tokens.results).toEqual([])
    expect(await env.WEBHOOKS.getByName(subject).list()).toEqual([])
    for (const name of [subject, `sandbox:${subject}`, guest]) {
      expect([name, await isEmpty(env.ACCOUNT.getByName(name))]).toEqual([name, true])
      expect([name, await isEmpty(env.WINDOWS.getByName(`account:${name}`))]).toEqual([name, true])
    }
  })

  it('is erased again when its last token has ended, with what that brought', async () => {
    await settle()
    const subject = subjectOf(visitor)
    await erase()
    await use(subject, 1)
    expect(await runDurableObjectAlarm(env.ACCOUNT.getByName(subject))).toBe(true)
    expect(await isEmpty(env.ACCOUNT.getByName(subject))).toBe(true)
    // Not for ever: the name may be used again.
    expect(await runDurableObjectAlarm(env.ACCOUNT.getByName(subject))).toBe(false)
  })

  it('has no session and no key any more; signing in again makes another', async () => {
    await settle()
    const id = subjectOf(visitor)
    expect((await erase()).headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await problemOf(await visitor.post('/v1/auth/refresh'))).code).toBe('no_session')
    expect((await problemOf(await visitor.call('/v1/account'))).status).toBe(401)
    visitor.token = ''
    await visitor.signIn(email)
    expect(subjectOf(visitor)).not.toBe(id)
  })

  it('leaves everybody else as they were', async () => {
    const other = new Visitor()
    await other.signIn(newEmail())
    await settle()
    await erase()
    expect((await other.post('/v1/auth/refresh')).status).toBe(200)
  })

  it('is not erased with a token alone, another’s cookie, or from another site', async () => {
    await settle()
    const thief = Object.assign(new Visitor(), { token: visitor.token })
    expect((await problemOf(await erase(thief))).code).toBe('no_session')
    const other = new Visitor()
    await other.signIn(newEmail())
    thief.cookie = other.cookie
    expect((await problemOf(await erase(thief))).code).toBe('no_session')
    const site = Object.assign(new Visitor(), {
      token: visitor.token,
      cookie: visitor.cookie,
      origin: 'https://e.test',
    })
    expect((await problemOf(await erase(site))).code).toBe('origin_not_allowed')
    expect((await visitor.call('/v1/account')).status).toBe(200)
  })
})
