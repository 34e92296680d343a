import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NamedEvent } from '#schemas/webhookEvents'
import type { AccountObject } from './AccountObject.ts'
import type { Charge } from './contract.ts'

/** Far ahead, so that no alarm rings by itself. */
const NOON_MS = Date.UTC(2046, 10, 20, 12)
const LIMITS = { unitsPerMinute: 1_000, unitsPerDay: 100 }
const EVENT_80 = 'evt_usage-2046-11-20-80'

let told: string[] = []
let isReachable = true
const account = env.ACCOUNT.getByName('user:untold')

beforeEach(async () => {
  told = []
  isReachable = true
  vi.spyOn(Date, 'now').mockReturnValue(NOON_MS)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await listen()
})
afterEach(() => vi.restoreAllMocks())

/** In place of the object of its webhooks, which can be out of reach. */
async function listen(): Promise<void> {
  await runInDurableObject(account, (object: AccountObject) => {
    const { WEBHOOKS } = (object as unknown as { env: typeof env }).env
    const stub = {
      tell: async (events: readonly NamedEvent[]) => {
        if (!isReachable) throw new Error('out of reach')
        told.push(...events.map(({ id }) => id))
      },
    }
    vi.spyOn(WEBHOOKS, 'getByName').mockReturnValue(stub as unknown as ReturnType<typeof WEBHOOKS.getByName>)
  })
}

const use = (id: string, units: number) =>
  account.charge(
    { id, address: 'a', lines: [{ route: 'r', keyId: '', calls: 1, units }] } satisfies Charge,
    LIMITS,
  )
const untold = () =>
  runInDurableObject(account, async (_, { storage }) => [
    ...(await storage.list({ prefix: 'untold:' })).keys(),
  ])

it('what could not be told is told after the object died, without another call', async () => {
  isReachable = false
  expect((await use('one', 80)).ok).toBe(true)
  expect(await untold()).toEqual([`untold:${EVENT_80}`])
  await evictDurableObject(account)
  await listen()
  await runDurableObjectAlarm(account)
  expect(told).toEqual([])

  isReachable = true
  await runDurableObjectAlarm(account)
  expect(told).toEqual([EVENT_80])
  expect(await untold()).toEqual([])
})

it('what was told at once is told no more', async () => {
  await use('two', 20)
  await vi.waitFor(async () => expect(await untold()).toEqual([]))
  const before = [...told]
  expect(before).toContain('evt_usage-2046-11-20-100')
  await runDurableObjectAlarm(account)
  expect(told).toEqual(before)
})
