/** Calls to a symbol's object: a new stub per attempt, because one that has thrown stays broken. */
import type { SymbolApi } from '#durable-objects/symbol/contract'
import type { Env } from '#durable-objects/env'
import { unavailable } from '../middleware/errors/AppError.ts'

const READ_ATTEMPTS = 2

export type SymbolStub = SymbolApi & Pick<Fetcher, 'fetch'>

export function symbolStub(env: Pick<Env, 'SYMBOL'>, symbol: string): SymbolStub {
  return env.SYMBOL.getByName(symbol)
}

/** For reads, which are idempotent: tried again when the platform says that may help. */
export async function readSymbol<T>(
  env: Pick<Env, 'SYMBOL'>,
  symbol: string,
  read: (stub: SymbolStub) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read(symbolStub(env, symbol))
    } catch (cause) {
      const { retryable, overloaded, durableObjectReset } = flagsOf(cause)
      if ((retryable || durableObjectReset) && !overloaded && attempt < READ_ATTEMPTS) continue
      throw objectFailure(symbol, cause)
    }
  }
}

/**
 * What to answer for an error out of an object: 503 when it is overloaded, restarting, reset or out of reach. What its own
 * code has thrown is a defect and stays one.
 */
export function objectFailure(symbol: string, cause: unknown): unknown {
  const { retryable, overloaded, durableObjectReset, remote } = flagsOf(cause)
  if (remote && !retryable && !overloaded && !durableObjectReset) return cause
  const what = overloaded ? 'has too much to do' : 'is not reachable'
  return unavailable(`the object of ${symbol} ${what}: try again`, cause)
}

/**
 * Flags that the platform puts on errors of stub calls. `remote`: thrown by the object's code, or by the platform while that
 * ran; `durableObjectReset`: by the platform, which has ended the object, say for its storage, its memory or a deploy.
 */
function flagsOf(cause: unknown) {
  const flags = typeof cause === 'object' && cause !== null ? (cause as Record<string, unknown>) : {}
  const is = (name: string): boolean => flags[name] === true
  return {
    retryable: is('retryable'),
    overloaded: is('overloaded'),
    durableObjectReset: is('durableObjectReset'),
    remote: is('remote'),
  }
}
