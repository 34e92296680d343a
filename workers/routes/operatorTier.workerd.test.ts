/** A tier changed by hand, by the operator's command or by SQL: what the account has open ends, and the next is of the new tier. */
import { applyD1Migrations, createExecutionContext, createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChangedTierSchema, OPERATOR_TIER_PATH, OPERATOR_WINDOW_MS } from '#schemas/operator'
import { NewKeyAnswerSchema } from '#schemas/rest/keys'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import type { Tier } from '#schemas/tiers'
import { changeTier, endChangedTiers } from '../accounts/changedTiers.ts'
import { newEmail, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import { createApp } from '../app.ts'
import worker from '../index.ts'
import { signOperatorPost } from '../operator/operatorSignature.ts'
import { problemOf, seedSymbol, send } from '../testing/requests.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }
const SECRET = env.OPERATOR_SECRET ?? ''
const PATHS = ['/ws/v1', '/ws/gamma-compact/TIERS', '/ws/greeks/TIERS']

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('TIERS', 'live')
})

let visitor: Visitor
let email = ''
let lastTimestampMs = 0
beforeEach(async () => {
  lastTimestampMs = 0
  receiveMail()
  visitor = new Visitor()
  email = newEmail()
  await visitor.signIn(email)
})
afterEach(() => vi.restoreAllMocks())

const idOf = ({ token }: Visitor) => String(decodeJwt(token).sub).slice('user:'.length)
const noted = async () =>
  (await env.DB.prepare('SELECT COUNT(*) AS count FROM changed_tiers').first<number>('count')) ?? NaN
const changes = async () => {
  const rows = await env.DB.prepare(
    `SELECT detail FROM account_events WHERE account_id = ? AND what = 'tier.changed' ORDER BY id`,
  )
    .bind(idOf(visitor))
    .all<{ detail: string }>()
  return rows.results.map(({ detail }) => detail)
}
const bySql = (tier: Tier) =>
  env.DB.prepare('UPDATE accounts SET tier = ? WHERE email = ?').bind(tier, email).run()
const byCron = (cron = '* * * * *') =>
  worker.scheduled(createScheduledController({ cron }), { ...env, STRIPE_SECRET_KEY: '' })

async function signed(request: unknown, secret = SECRET, timestampMs?: number) {
  const body = JSON.stringify(request)
  lastTimestampMs = Math.max(Date.now(), lastTimestampMs + 1)
  const post = { method: 'POST', path: OPERATOR_TIER_PATH, body }
  return {
    method: 'POST',
    body,
    headers: await signOperatorPost(secret, post, timestampMs ?? lastTimestampMs),
  }
}
const ask = async (request: unknown) => send(OPERATOR_TIER_PATH, await signed(request))
async function change(account: string, tier: Tier) {
  const response = await ask({ account, tier })
  return v.parse(ChangedTierSchema, await response.json()).data
}

async function open(path: string, headers: Record<string, string> = {}) {
  const { status, webSocket } = await send(path, { headers: { upgrade: 'websocket', ...headers } })
  if (!webSocket) throw new Error(`expected a socket, was ${status}`)
  const closes: number[] = []
  webSocket.addEventListener('close', ({ code }) => void closes.push(code))
  webSocket.accept()
  return { socket: webSocket, closes }
}
const isClosed = ({ closes }: { closes: number[] }) =>
  vi.waitFor(() => expect(closes).toEqual([CLOSE_CODES.unauthorized]), PATIENT)

describe('an operator who changes a tier', () => {
  it('ends tokens and sockets of it at once, and the next are of the new tier', async () => {
    expect(await change(email, 'pro')).toMatchObject({ email, was: 'free', tier: 'pro', ended: true })
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    await vi.waitFor(async () => {
      await visitor.post('/v1/auth/refresh')
      expect((await visitor.call('/v1/account')).status).toBe(200)
    }, PATIENT)
    expect(decodeJwt(visitor.token).tier).toBe('pro')
    const sockets = await Promise.all(PATHS.map((path) => open(`${path}?token=${visitor.token}`)))
    expect(await change(`user:${idOf(visitor)}`, 'free')).toMatchObject({ was: 'pro', ended: true })
    await Promise.all(sockets.map(isClosed))
    expect(await noted()).toBe(0)
    expect(await changes()).toEqual(['free to pro', 'pro to free'])
  })

  it('finds it by its address however that is written, by its id, and nobody else', async () => {
    const other = new Visitor()
    await other.signIn(newEmail())
    expect(await change(` ${email.toUpperCase()} `, 'pro')).toMatchObject({ account: idOf(visitor) })
    expect(await change(idOf(visitor), 'partner')).toMatchObject({ was: 'pro' })
    expect(decodeJwt(other.token).tier).toBe('free')
    expect((await other.call('/v1/account')).status).toBe(200)
    expect(await problemOf(await ask({ account: 'nobody@example.com', tier: 'pro' }))).toMatchObject({
      status: 404,
      code: 'unknown_account',
    })
  })

  it('may ask again: nothing changes twice', async () => {
    await change(email, 'pro')
    expect(await change(email, 'pro')).toMatchObject({ was: 'pro', tier: 'pro', ended: true })
    expect(await changes()).toEqual(['free to pro'])
  })

  it.each([
    [{ account: 'x', tier: 'guest' }],
    [{ account: 'x', tier: 'emperor' }],
    [{ account: '', tier: 'pro' }],
    [{ account: 'x', tier: 'pro', id: 1 }],
    [[]],
  ])('is refused %j', async (request) => {
    expect(await problemOf(await ask(request))).toMatchObject({ status: 400, code: 'invalid_body' })
  })

  it('leaves it to the cron where the account cannot be reached', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const down = { getByName: () => ({ revoke: () => Promise.reject(new Error('down')) }) }
    const outcome = await changeTier({ ...env, ACCOUNT: down as unknown as typeof env.ACCOUNT }, email, 'pro')
    expect(outcome).toMatchObject({ tier: 'pro', ended: false })
    expect(log).toHaveBeenCalledOnce()
    expect((await visitor.call('/v1/account')).status).toBe(200)
    await byCron()
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    expect(await noted()).toBe(0)
  })
})

describe('a request of an operator', () => {
  const request = () => ({ account: email, tier: 'pro' })

  it('is good once, also for an isolate that has not seen it', async () => {
    const init = await signed(request())
    const fresh = () => createApp().request(OPERATOR_TIER_PATH, init, env, createExecutionContext())
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await fresh()).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await problemOf(await fresh())).toMatchObject({ status: 409, code: 'replayed_request' })
  })

  it.each([
    ['without a signature', (headers: Record<string, string>) => ({}) as typeof headers, 'missing_signature'],
    [
      'with a signature of other bytes',
      (headers: Record<string, string>) => ({ ...headers, 'flipwire-operator-signature': 'A'.repeat(43) }),
      'invalid_signature',
    ],
    [
      'with another spelling of its signature',
      (headers: Record<string, string>) => ({
        ...headers,
        'flipwire-operator-signature': `${headers['flipwire-operator-signature']}=`,
      }),
      'invalid_signature',
    ],
    [
      'at another time than was signed',
      (headers: Record<string, string>) => ({
        ...headers,
        'flipwire-operator-timestamp': String(Date.now() + 7),
      }),
      'invalid_signature',
    ],
  ])('%s is refused', async (_, changed, code) => {
    const init = await signed(request())
    const response = await send(OPERATOR_TIER_PATH, { ...init, headers: changed(init.headers) })
    expect(await problemOf(response)).toMatchObject({ status: 401, code })
    expect(await changes()).toEqual([])
  })

  it('with another body, another secret, or for another purpose is refused', async () => {
    const init = await signed(request())
    const otherBody = { ...init, body: JSON.stringify({ account: email, tier: 'partner' }) }
    const otherSecret = await signed(request(), 'another secret, as long as it has to be')
    const post = { method: 'POST', path: '/v1/operator/other', body: init.body }
    const otherPath = { ...init, headers: await signOperatorPost(SECRET, post, Date.now()) }
    for (const wrong of [otherBody, otherSecret, otherPath])
      expect((await problemOf(await send(OPERATOR_TIER_PATH, wrong))).code).toBe('invalid_signature')
    expect(await changes()).toEqual([])
  })

  it.each([-1, 1])('from beyond the window is refused (%i)', async (side) => {
    const init = await signed(request(), SECRET, Date.now() + side * (OPERATOR_WINDOW_MS + 5_000))
    expect((await problemOf(await send(OPERATOR_TIER_PATH, init))).code).toBe('signature_expired')
  })

  it.each([undefined, '', 'short'])('opens nothing where the secret is %j', async (secret) => {
    // Signed with it, where anything can be.
    const init = await signed(request(), secret || SECRET)
    const { OPERATOR_SECRET: _, ...without } = env
    const service = secret === undefined ? without : { ...env, OPERATOR_SECRET: secret }
    const response = await createApp().request(OPERATOR_TIER_PATH, init, service, createExecutionContext())
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unknown_key' })
    expect(await changes()).toEqual([])
  })
})

describe('a tier changed by SQL', () => {
  it('is noted by the database, and ends tokens and sockets with the next minute', async () => {
    await bySql('pro')
    await visitor.post('/v1/auth/refresh')
    const sockets = await Promise.all(PATHS.map((path) => open(`${path}?token=${visitor.token}`)))
    await bySql('free')
    expect(await noted()).toBe(2)
    await byCron()
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    await Promise.all(sockets.map(isClosed))
    expect(await noted()).toBe(0)
  })

  it('is no affair of the hourly cron, and without a change there is nothing', async () => {
    await bySql('pro')
    await byCron('17 * * * *')
    expect(await noted()).toBe(1)
    await bySql('pro')
    expect(await noted()).toBe(1)
    await byCron()
    const revoke = vi.fn<() => never>(() => {
      throw new Error('nobody is due')
    })
    await endChangedTiers({ ...env, ACCOUNT: { getByName: revoke } as unknown as typeof env.ACCOUNT })
    expect(revoke).not.toHaveBeenCalled()
  })

  it('stays noted when it dies in the middle, wherever that is', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await bySql('pro')
    const died = () => {
      throw new Error('died')
    }
    // Before anything was ended, and after it but before that was written down.
    await endChangedTiers({ ...env, ACCOUNT: { getByName: died } as unknown as typeof env.ACCOUNT })
    expect((await visitor.call('/v1/account')).status).toBe(200)
    const prepare = (sql: string) => (sql.startsWith('DELETE') ? died() : env.DB.prepare(sql))
    await endChangedTiers({ ...env, DB: { prepare } as unknown as D1Database })
    expect((await problemOf(await visitor.call('/v1/account'))).code).toBe('expired_token')
    expect(await noted()).toBe(1)
    await byCron()
    expect(await noted()).toBe(0)
  })

  it('meanwhile again is not taken for done', async () => {
    await bySql('pro')
    const getByName = (name: string) => {
      const account = env.ACCOUNT.getByName(name)
      return {
        revoke: async (id: string | null, nowMs: number) => {
          if (!name.startsWith('sandbox:')) await bySql('free')
          return account.revoke(id, nowMs)
        },
      }
    }
    await endChangedTiers({ ...env, ACCOUNT: { getByName } as unknown as typeof env.ACCOUNT })
    expect(await noted()).toBe(1)
  })

  it('of many at once ends all, also when one cannot be', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const other = new Visitor()
    await other.signIn(newEmail())
    await env.DB.prepare(`UPDATE accounts SET tier = 'pro' WHERE id IN (?, ?)`)
      .bind(idOf(visitor), idOf(other))
      .run()
    const getByName = (name: string) => {
      if (name.endsWith(idOf(visitor))) throw new Error('down')
      return env.ACCOUNT.getByName(name)
    }
    await endChangedTiers({ ...env, ACCOUNT: { getByName } as unknown as typeof env.ACCOUNT })
    expect(log).toHaveBeenCalled()
    expect((await visitor.call('/v1/account')).status).toBe(200)
    expect((await problemOf(await other.call('/v1/account'))).code).toBe('expired_token')
  })
})

describe('an API key whose owner is lowered', () => {
  it.each(['live', 'test'] as const)('of mode %s loses its sockets at once, and opens none', async (mode) => {
    await change(email, 'partner')
    const nowMs = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 5)
    await visitor.post('/v1/auth/refresh')
    const made = await visitor.call('/v1/keys', { method: 'POST', body: { name: 'desk', mode } })
    const { key } = v.parse(NewKeyAnswerSchema, await made.json()).data
    const socket = await open('/ws/v1', { 'x-api-key': key })
    await change(email, 'pro')
    await isClosed(socket)
    const again = await send('/ws/v1', { headers: { upgrade: 'websocket', 'x-api-key': key } })
    expect(await problemOf(again)).toMatchObject({ code: 'upgrade_required' })
    // And is good again with the tier.
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 40_000)
    await change(email, 'partner')
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 40_010)
    const later = await open('/ws/v1', { 'x-api-key': key })
    expect(later.closes).toEqual([])
    later.socket.close(1000)
  })
})
