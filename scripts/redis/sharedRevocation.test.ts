/** What one isolate revokes, as another sees it through a real Redis, and through ones that are down or lie. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Redis } from '@upstash/redis/cloudflare'
import { endOne, endTokens, NOTHING_REVOKED, type Revocations } from '#durable-objects/account/revocation'
import { RevocationCheck, type RevokingAccount } from '#workers/auth/RevocationCheck'
import { REVOCATIONS_KNOWN_FOR_MS } from '#workers/auth/revocationMemory'
import type { RedisAddress } from '#workers/storage/redis/redisLink'
import { hasRedis, linksTo, nobody, startLiar, startRedis, type RunningRedis } from './redis.testkit.ts'

/** The account's object, which both isolates reach. */
class Account implements RevokingAccount {
  revocations: Revocations = NOTHING_REVOKED
  reads = 0
  isDown = false

  async revoke(id: string | null, nowMs: number): Promise<Revocations> {
    this.revocations = id === null ? endTokens(this.revocations, nowMs) : endOne(this.revocations, id, nowMs)
    return this.revocations
  }

  async readRevocations(): Promise<Revocations> {
    this.reads++
    if (this.isDown) throw new Error('down')
    return this.revocations
  }
}

let account: Account
let subject = ''
let nowMs = 0
let background: Promise<void>[] = []

beforeEach(() => {
  account = new Account()
  subject = `user:${crypto.randomUUID()}`
  nowMs = 1_000_000
  background = []
})

function isolateOn(address: RedisAddress) {
  const links = linksTo(address)
  const check = new RevocationCheck(() => links)
  const env = { ACCOUNT: { getByName: () => account } }
  const isRevoked = (issuedAtMs = 999_000) => {
    const credential = { account: subject, id: 'token', issuedAtMs }
    return check.isRevoked(env, credential, nowMs, (work) => void background.push(work))
  }
  return { isRevoked, revoke: (id: string | null = null) => check.revoke(env, subject, id, nowMs) }
}

async function aSecondLater(): Promise<void> {
  await Promise.all(background)
  nowMs += 1_000
}

describe.skipIf(!hasRedis)('with a real Redis (skipped where there is no redis-server)', () => {
  let redis: RunningRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())

  it('is seen by an isolate that knows the subject within a second, and by one that does not at once', async () => {
    const [here, there] = [isolateOn(redis), isolateOn(redis)]
    expect(await there.isRevoked()).toBe(false)
    await aSecondLater()
    await here.revoke()
    expect(await there.isRevoked()).toBe(true)
    expect(await there.isRevoked(nowMs + 1)).toBe(false)
    expect(await isolateOn(redis).isRevoked()).toBe(true)
  })

  it('is seen each time anew, and asked for no more often than it changes', async () => {
    const [here, there] = [isolateOn(redis), isolateOn(redis)]
    await here.revoke('other')
    expect(await there.isRevoked()).toBe(false)
    await aSecondLater()
    await here.revoke('token')
    expect(await there.isRevoked()).toBe(true)
    const { reads } = account
    for (let i = 0; i < 5; i++) {
      await aSecondLater()
      expect(await there.isRevoked()).toBe(true)
    }
    expect(account.reads).toBe(reads)
  })

  it('is forgotten by Redis when nothing of it can be left', async () => {
    await isolateOn(redis).revoke()
    const leftMs = await new Redis(redis).pttl(`flipwire:2:revoked:${subject}`)
    expect(leftMs).toBeGreaterThan(1_190_000)
    expect(leftMs).toBeLessThanOrEqual(1_200_000)
  })

  it('refuses whom Redis says to look up while the account cannot be asked', async () => {
    await isolateOn(redis).revoke()
    account.isDown = true
    await expect(isolateOn(redis).isRevoked()).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('with a Redis that is down', () => {
  it('is revoked all the same, and seen by others within half a minute', async () => {
    const address = await nobody()
    const [here, there] = [isolateOn(address), isolateOn(address)]
    expect(await there.isRevoked()).toBe(false)
    await here.revoke()
    expect(await here.isRevoked()).toBe(true)
    expect(await there.isRevoked()).toBe(false)
    nowMs += REVOCATIONS_KNOWN_FOR_MS
    await there.isRevoked()
    await Promise.all(background)
    expect(await there.isRevoked()).toBe(true)
  })
})

describe('with a Redis that lies', () => {
  it('nobody is refused who was not revoked', async () => {
    const liar = await startLiar(JSON.stringify({ result: btoa('revoked!') }))
    const { isRevoked } = isolateOn(liar)
    for (let i = 0; i < 3; i++) {
      expect(await isRevoked()).toBe(false)
      await aSecondLater()
    }
    await liar.close()
  })

  it('nobody gets through for longer than without one', async () => {
    const liar = await startLiar('{"result":null}')
    const there = isolateOn(liar)
    expect(await there.isRevoked()).toBe(false)
    account.revocations = endTokens(NOTHING_REVOKED, nowMs)
    nowMs += REVOCATIONS_KNOWN_FOR_MS
    await there.isRevoked()
    await Promise.all(background)
    expect(await there.isRevoked()).toBe(true)
    await liar.close()
  })

  it.each([
    ['a number', '{"result":7}'],
    ['a list', '{"result":["a"]}'],
    ['garbage', 'garbage'],
    ['a novel', JSON.stringify({ result: btoa('x'.repeat(1_000)) })],
  ])('what is no mark is none: %s', async (_, answer) => {
    const liar = await startLiar(answer)
    const { isRevoked } = isolateOn(liar)
    expect(await isRevoked()).toBe(false)
    await Promise.all(background)
    expect(account.reads).toBe(1)
    await liar.close()
  })
})
