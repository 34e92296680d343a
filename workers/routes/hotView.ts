/** A symbol's view through the hot cache. */
import type { Context } from 'hono'
import type * as v from 'valibot'
import type { Env } from '#durable-objects/env'
import { staleAtMs } from '#durable-objects/symbol/views/freshness'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Meta } from '#schemas/rest/envelope'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'
import { chooseHotCache } from '../storage/hotCache/choose.ts'
import type { HotKind } from '../storage/hotCache/hotCache.ts'
import { readThrough, type HotAnswer, type HotClaim } from '../storage/hotCache/readThrough.ts'
import { readSymbol, type SymbolStub } from '../symbol/symbolObject.ts'

export type Later = (work: Promise<void>) => void

interface HotViewOf<T> {
  readonly kind: HotKind
  readonly symbol: string
  readonly variant?: string
  readonly schema: v.GenericSchema<T>
  readonly read: (stub: SymbolStub) => Promise<T | null>
}

/** For the routes of a symbol. */
export function hotView<T extends { readonly meta: Meta }>(
  c: Context<AppEnv>,
  view: Omit<HotViewOf<T>, 'symbol'>,
): Promise<HotAnswer<T> | null> {
  const later: Later = (work) => c.executionCtx.waitUntil(work)
  const claimOf = ({ meta }: T) => claimOfMeta(meta)
  return through(c.env, { ...view, symbol: c.get('symbol') }, claimOf, later)
}

type FrameHead = Pick<GammaFrame, 'symbol' | 'epoch' | 'sequence' | 'feed' | 'asOfMs' | 'quality'>

export function hotFrame<T extends FrameHead>(
  env: Env,
  view: HotViewOf<T>,
  later: Later,
): Promise<HotAnswer<T> | null> {
  return through(env, view, claimOfFrame, later)
}

function through<T>(
  env: Env,
  { read, ...view }: HotViewOf<T>,
  claimOf: (value: T) => HotClaim,
  later: Later,
): Promise<HotAnswer<T> | null> {
  const { memory, shared } = chooseHotCache(env)
  return readThrough({
    ...view,
    memory,
    shared,
    claimOf,
    read: () => readSymbol(env, view.symbol, read),
    isOutOfReach: (error) => error instanceof AppError && error.code === 'unavailable',
    nowMs: Date.now,
    later,
  })
}

function claimOfMeta({ symbol, epoch, sequence, feed, asOf, quality }: Meta): HotClaim {
  return { symbol, epoch, sequence, staleAtMs: claimedUntilMs(feed, asOf && Date.parse(asOf), quality) }
}

function claimOfFrame({ symbol, epoch, sequence, feed, asOfMs, quality }: FrameHead): HotClaim {
  return { symbol, epoch, sequence, staleAtMs: claimedUntilMs(feed, asOfMs, quality) }
}

/** A synthetic market is judged by when it was last heard, which its answers do not say. */
function claimedUntilMs(
  feed: Meta['feed'],
  asOfMs: number | '' | null,
  { freshness }: Meta['quality'],
): number | null {
  if (feed === 'synthetic' || freshness !== 'fresh' || !asOfMs) return null
  return staleAtMs({ feed, asOfMs, lastSeenMs: asOfMs })
}

/** The object forgot what it had (its storage was wiped) between the feed lookup and the read. */
export function neverHadData(symbol: string): AppError {
  return new AppError('unknown_symbol', `expected a symbol that has had data, was ${symbol}`)
}
