/** Passkeys made and shown by an authenticator in software, honest and not. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { CreationOptionsSchema, PasskeyListSchema, RequestOptionsSchema } from '#schemas/rest/passkeys'
import { Authenticator, type Ceremony } from '../accounts/passkeys/authenticator.testkit.ts'
import { userHandleOf } from '../accounts/passkeys/options.ts'
import { MAX_PASSKEYS } from '../accounts/passkeys/passkeyStore.ts'
import { newEmail, ORIGIN, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import { problemOf } from '../testing/requests.ts'

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

const SITE = { origin: ORIGIN, rpId: 'flipwire.test' }
let nowMs = 0
let owner: Visitor
let phone: Authenticator
beforeEach(async () => {
  nowMs = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  receiveMail()
  owner = new Visitor()
  await owner.signIn(newEmail())
  phone = await Authenticator.make()
})
afterEach(() => vi.restoreAllMocks())

const subjectOf = ({ token }: Visitor) => String(decodeJwt(token).sub)
const handleOf = (visitor: Visitor) => userHandleOf({ id: subjectOf(visitor).slice('user:'.length) })

async function offer(by = owner) {
  const response = await by.post('/v1/account/passkey-options')
  return v.parse(CreationOptionsSchema, await response.json())
}

async function add(changes: Partial<Ceremony> = {}, device = phone, by = owner): Promise<Response> {
  const challenge = changes.challenge ?? (await offer(by)).challenge
  const credential = await device.register({ ...SITE, ...changes, challenge })
  return by.post('/v1/account/passkeys', { name: 'phone', credential })
}

async function challengeFor(by: Visitor): Promise<string> {
  const response = await by.post('/v1/auth/passkey/options')
  return v.parse(RequestOptionsSchema, await response.json()).challenge
}

async function signIn(by: Visitor, changes: Partial<Ceremony> = {}, device = phone): Promise<Response> {
  const challenge = changes.challenge ?? (await challengeFor(by))
  const ceremony = { ...SITE, userHandle: handleOf(owner), ...changes, challenge }
  return by.post('/v1/auth/passkey/verify', { credential: await device.assert(ceremony) })
}

const listed = async (of = owner) =>
  v.parse(PasskeyListSchema, await (await of.call('/v1/account/passkeys')).json()).data

describe('a passkey', () => {
  it('is made by who is signed in, and signs in without a name', async () => {
    expect((await add()).status).toBe(201)
    const visitor = new Visitor()
    expect((await signIn(visitor)).status).toBe(200)
    expect(subjectOf(visitor)).toBe(subjectOf(owner))
    expect((await visitor.post('/v1/auth/refresh')).status).toBe(200)
    expect(await listed()).toMatchObject([{ name: 'phone', id: phone.id, lastUsedAt: expect.any(String) }])
  })

  it('is offered once to a device that has it', async () => {
    await add()
    expect((await offer()).excludeCredentials).toEqual([
      { id: phone.id, type: 'public-key', transports: ['internal'] },
    ])
    expect((await problemOf(await add())).code).toBe('passkey_limit')
  })

  it('of one account cannot be added to another', async () => {
    await add()
    const other = new Visitor()
    await other.signIn(newEmail())
    expect((await problemOf(await add({}, phone, other))).code).toBe('passkey_limit')
  })

  it('is taken away by its owner alone', async () => {
    await add()
    const other = new Visitor()
    await other.signIn(newEmail())
    const path = `/v1/account/passkeys/${phone.id}`
    expect((await problemOf(await other.call(path, { method: 'DELETE' }))).code).toBe('unknown_passkey')
    expect((await owner.call(path, { method: 'DELETE' })).status).toBe(204)
    expect((await problemOf(await signIn(new Visitor()))).code).toBe('invalid_passkey')
  })

  it('is neither made nor taken away with a token alone', async () => {
    await add()
    const thief = Object.assign(new Visitor(), { token: owner.token })
    for (const [method, path] of [
      ['POST', '/v1/account/passkey-options'],
      ['POST', '/v1/account/passkeys'],
      ['DELETE', `/v1/account/passkeys/${phone.id}`],
    ] as const)
      expect((await problemOf(await thief.call(path, { method }))).code).toBe('no_session')
    expect(await listed()).toHaveLength(1)
  })

  it('is one of at most twenty', async () => {
    const insert = env.DB.prepare("INSERT INTO passkeys VALUES (?, ?, 'x', 'x', 0, '', 0, NULL)")
    const id = subjectOf(owner).slice('user:'.length)
    await env.DB.batch(Array.from({ length: MAX_PASSKEYS }, (_, i) => insert.bind(`${id}-${i}`, id)))
    expect((await problemOf(await add())).code).toBe('passkey_limit')
  })
})

describe('an answer to a challenge', () => {
  beforeEach(() => add())

  const refusal = async (changes: Partial<Ceremony>, device = phone) =>
    (await problemOf(await signIn(new Visitor(), changes, device))).code

  it('is good once', async () => {
    const challenge = await challengeFor(new Visitor())
    expect((await signIn(new Visitor(), { challenge })).status).toBe(200)
    expect(await refusal({ challenge })).toBe('invalid_passkey')
  })

  it('is good once, also when it comes many times at once', async () => {
    const challenge = await challengeFor(new Visitor())
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(new Visitor(), { challenge })))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('is too late after five minutes', async () => {
    const challenge = await challengeFor(new Visitor())
    nowMs += 5 * 60_000
    expect(await refusal({ challenge })).toBe('invalid_passkey')
  })

  it.each<[string, Partial<Ceremony>]>([
    ['to a challenge nobody made', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['given on another site', { origin: 'https://evil.test' }],
    ['for another site', { rpId: 'evil.test' }],
    ['without its owner', { flags: 0x01 }],
    ['without anybody', { flags: 0x00 }],
    ['meant to make a passkey', { type: 'webauthn.create' }],
    ['of another user', { userHandle: userHandleOf({ id: 'somebody' }) }],
  ])('%s is refused', async (_, changes) => {
    expect(await refusal(changes)).toBe('invalid_passkey')
  })

  it('with another key under the same id is refused', async () => {
    const forger = await Authenticator.make()
    expect(await refusal({}, Object.assign(forger, { id: phone.id }))).toBe('invalid_passkey')
  })

  it('of a copy, whose counter lags behind, is refused', async () => {
    await signIn(new Visitor())
    phone.counter = 0
    expect(await refusal({})).toBe('invalid_passkey')
  })

  it('to a challenge for making a passkey does not sign in, nor the other way round', async () => {
    expect(await refusal({ challenge: (await offer()).challenge })).toBe('invalid_passkey')
    const other = await Authenticator.make()
    const response = await add({ challenge: await challengeFor(owner) }, other)
    expect((await problemOf(response)).code).toBe('invalid_passkey')
  })

  it('to another account’s challenge makes no passkey', async () => {
    const other = new Visitor()
    await other.signIn(newEmail())
    const { challenge } = await offer(other)
    expect((await problemOf(await add({ challenge }, await Authenticator.make()))).code).toBe(
      'invalid_passkey',
    )
  })

  it.each<[string, Partial<Ceremony>]>([
    ['on another site', { origin: 'https://evil.test' }],
    ['without its owner', { flags: 0x01 }],
    ['meant to sign in', { type: 'webauthn.get' }],
  ])('%s makes no passkey', async (_, changes) => {
    expect((await problemOf(await add(changes, await Authenticator.make()))).code).toBe('invalid_passkey')
  })

  it('is for our own pages', async () => {
    const page = new Visitor()
    const challenge = await challengeFor(page)
    page.origin = 'https://evil.test'
    expect((await problemOf(await signIn(page, { challenge }))).code).toBe('origin_not_allowed')
  })
})
