/** An object under test: named apart, its clock in our hands. For workerd tests. */
import { applyD1Migrations, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import type { IngestAnswer } from '#schemas/ingest/answer'
import type { ChainPage } from '#schemas/rest/models'
import type { Tier } from '#schemas/tiers'
import type { ChainQuery } from './contract.ts'
import { ChainStore } from './store/chainStore.ts'
import { encoded, NOW_MS, openingTicks } from './testkit.ts'

export type Stub = ReturnType<typeof env.SYMBOL.getByName>

/** Registers the hooks that give the file its database and hold the clock at `NOW_MS` for each of its tests. */
export function holdClock(): void {
  beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW_MS })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
}

let symbols = 0
/** An object nobody has talked to yet. */
export function newSymbol(): { symbol: string; stub: Stub } {
  const symbol = `T${++symbols}`
  return { symbol, stub: env.SYMBOL.getByName(symbol) }
}

let signatures = 0
export function post(stub: Stub, bytes: Uint8Array): Promise<IngestAnswer> {
  return stub.applyBatch(bytes, `signature ${++signatures}`)
}

/** With the whole small market in it. */
export async function opened(feed: 'live' | 'synthetic' | 'recorded' = 'live') {
  const { symbol, stub } = newSymbol()
  const answer = await post(stub, encoded({ symbol, feed }, openingTicks()))
  expect(answer).toMatchObject({ ok: true, status: 'applied' })
  return { symbol, stub, feed }
}

/** The page a caller of this tier gets. */
export async function chainOf(stub: Stub, query: ChainQuery, tier: Tier = 'pro'): Promise<ChainPage> {
  const page = await stub.readChain(query, tier)
  if (page === null || !('data' in page)) throw new Error(`expected a chain, was ${JSON.stringify(page)}`)
  return page
}

export async function hashOf(stub: Stub): Promise<string> {
  return (await chainOf(stub, { limit: 1 })).data.stateHash
}

/** Lets the object's clock run, its timers included. */
export function pass(stub: Stub, ms: number): Promise<void> {
  return runInDurableObject(stub, async () => {
    await vi.advanceTimersByTimeAsync(ms)
  })
}

export async function runAlarmAt(stub: Stub, ms: number): Promise<void> {
  vi.setSystemTime(ms)
  expect(await runDurableObjectAlarm(stub)).toBe(true)
}

/** Rows of a table in the object's own storage. */
export function countRows(stub: Stub, table: 'ring' | 'checkpoint' | 'outbox' | 'delayed'): Promise<number> {
  return runInDurableObject(
    stub,
    (_, { storage }) => storage.sql.exec<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`).one().n,
  )
}

/** Batches that a restore would replay on top of the checkpoint. */
export function tailLength(stub: Stub): Promise<number> {
  return runInDurableObject(stub, (_, { storage }) => [...new ChainStore(storage).readTail()].length)
}
