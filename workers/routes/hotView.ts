/** A symbol's view through the hot cache. */
import type * as v from 'valibot'
import type { Env } from '#durable-objects/env'
import { AppError } from '../middleware/errors/AppError.ts'
import { chooseHotCache } from '../storage/hotCache/choose.ts'
import type { HotKind } from '../storage/hotCache/hotCache.ts'
import { readThrough, type HotAnswer } from '../storage/hotCache/readThrough.ts'
import { readSymbol, type SymbolStub } from '../symbol/symbolObject.ts'

export function hotView<T>(
  env: Env,
  kind: HotKind,
  symbol: string,
  schema: v.GenericSchema<T>,
  read: (stub: SymbolStub) => Promise<T | null>,
): Promise<HotAnswer<T> | null> {
  return readThrough({
    cache: chooseHotCache(env).cache,
    kind,
    symbol,
    schema,
    read: () => readSymbol(env, symbol, read),
    isOutOfReach: (error) => error instanceof AppError && error.code === 'unavailable',
    nowMs: Date.now,
  })
}

/** The object forgot what it had (its storage was wiped) between the feed lookup and the read. */
export function neverHadData(symbol: string): AppError {
  return new AppError('unknown_symbol', `expected a symbol that has had data, was ${symbol}`)
}
