/**
 * Lets a caller through when their tier may read this scope of this symbol's feed (schemas/tiers). On a route without
 * `:symbol` there is no feed to make it free, so the scope's own tier decides.
 */
import { createMiddleware } from 'hono/factory'
import { keyScopesFor } from '#schemas/rest/keys'
import { isSymbol } from '#schemas/symbol'
import { mayRead, SCOPES, type Scope } from '#schemas/tiers'
import type { AppEnv, CallerKey } from '../../appEnv.ts'
import { feedOf } from '../../symbol/feedOf.ts'
import { AppError } from '../errors/AppError.ts'

export function requireScope(scope: Scope) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { tier, key } = c.get('caller')
    if (key !== undefined) requireKeyScope(key, scope)
    const symbol = c.req.param('symbol')
    if (symbol === undefined) {
      if (!mayRead(tier, scope, 'live')) throw upgradeRequired(scope, tier, 'this')
    } else {
      if (!isSymbol(symbol)) throw invalidSymbol(symbol)
      const feed = await feedOf(c.env, symbol)
      // In the sandbox there are no other markets.
      if (feed === null || (key?.isSandbox && feed !== 'synthetic'))
        throw new AppError('unknown_symbol', `expected a symbol that has had data, was ${symbol}`)
      if (!mayRead(tier, scope, feed)) throw upgradeRequired(scope, tier, `${feed} data of ${symbol}`)
      c.set('symbol', symbol)
      c.set('feed', feed)
    }
    await next()
  })
}

function requireKeyScope({ scopes }: CallerKey, scope: Scope): void {
  const opening = keyScopesFor(scope)
  if (opening === null) throw new AppError('missing_scope', 'expected an access token: no API key opens this')
  const missing = opening.find((name) => !scopes.includes(name))
  if (missing === undefined) return
  throw new AppError(
    'missing_scope',
    `expected an API key with the scope ${missing}, has ${scopes.join(', ')}`,
  )
}

export function invalidSymbol(symbol: string): AppError {
  const detail = `expected 1-12 capitals, digits, "." or "-", was ${JSON.stringify(symbol.slice(0, 40))}`
  return new AppError('invalid_symbol', detail, { errors: [{ field: 'symbol', detail }] })
}

function upgradeRequired(scope: Scope, tier: string, what: string): AppError {
  const requiredTier = SCOPES[scope].tier
  return new AppError('upgrade_required', `${scope} of ${what} needs the tier ${requiredTier}, was ${tier}`, {
    requiredTier,
  })
}
