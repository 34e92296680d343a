/** `GET /v1/health`: is the service up, and how fresh is each symbol. Needs no token and says nothing that does. */
import { Hono } from 'hono'
import { GammaFrameSchema } from '#schemas/frame/gamma'
import type { Health } from '#schemas/rest/models'
import type { Env } from '#durable-objects/env'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { chooseHotCache } from '../storage/hotCache/choose.ts'
import { listSymbols, type DirectoryEntry } from '../storage/symbolDirectory.ts'
import { readSymbol, type SymbolStub } from '../symbol/symbolObject.ts'
import { hotFrame, type Later } from './hotView.ts'

/** Objects asked per call; the most recently seen ones. Bounds what an anonymous caller can set in motion. */
const MAX_SYMBOLS = 24
/** An answer is good for this long in an isolate, however many ask. */
const KEEP_MS = 1_000
const OK = 'ok'

export const health = new Hono<AppEnv>()

const about = describe({
  id: 'readHealth',
  tag: 'Service',
  summary: "State of the service and of each symbol's feed; 200 also when degraded",
  access: 'public',
  answer: 'Health',
})

/** By environment, of which an isolate has one. */
const kept = new WeakMap<Env, { readonly answer: Health; readonly atMs: number }>()

health.get('/v1/health', about, async (c) => {
  c.header('Cache-Control', 'no-store')
  return c.json(await readHealth(c.env, (work) => c.executionCtx.waitUntil(work), Date.now()))
})

export async function readHealth(env: Env, later: Later, nowMs: number): Promise<Health> {
  const held = kept.get(env)
  if (held !== undefined && nowMs - held.atMs < KEEP_MS) return held.answer
  const answer = await checkHealth(env, later, nowMs)
  kept.set(env, { answer, atMs: nowMs })
  return answer
}

async function checkHealth(env: Env, later: Later, nowMs: number): Promise<Health> {
  const directory = await attempt(() => listSymbols(env.DB))
  const snapshots = await attempt(() => env.SNAPSHOTS.head('health'))
  const newest = (directory.value ?? [])
    .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
    .slice(0, MAX_SYMBOLS)
    .toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))
  const states = await Promise.all(newest.map((entry) => symbolState(env, later, entry)))
  const silent = states.filter((state) => !state.reached).map((state) => state.symbol.symbol)
  const checks = {
    d1: directory.check,
    r2: snapshots.check,
    objects: silent.length === 0 ? OK : `out of reach: ${silent.join(', ')}`,
  }
  return {
    status: Object.values(checks).every((check) => check === OK) ? 'ok' : 'degraded',
    version: env.VERSION,
    time: new Date(nowMs).toISOString(),
    symbols: states.map((state) => state.symbol),
    checks: { ...checks, hotCache: chooseHotCache(env).name },
  }
}

async function symbolState(
  env: Env,
  later: Later,
  { symbol, feed, lastSeenMs }: DirectoryEntry,
): Promise<{ readonly reached: boolean; readonly symbol: Health['symbols'][number] }> {
  const [seen, frame] = await Promise.all([
    attempt(() => readSymbol(env, symbol, (stub) => stub.readFeed())),
    attempt(() => {
      const read = (stub: SymbolStub) => stub.readFrame()
      return hotFrame(env, { kind: 'frame', symbol, schema: GammaFrameSchema, read }, later)
    }),
  ])
  const quality = frame.value?.isStale ? undefined : frame.value?.value.quality
  // The directory lags by up to a minute; the object knows.
  const lastSeen = new Date(seen.value?.lastSeenMs ?? lastSeenMs).toISOString()
  return {
    reached: seen.check === OK && quality !== undefined,
    symbol: { symbol, feed: seen.value?.feed ?? feed, freshness: quality?.freshness ?? 'stale', lastSeen },
  }
}

/** A failing part degrades the answer, never fails it. */
async function attempt<T>(
  call: () => Promise<T>,
): Promise<{ readonly value: T | null; readonly check: string }> {
  try {
    return { value: await call(), check: OK }
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'health check failed', cause: String(cause) }))
    return { value: null, check: 'failed' }
  }
}
