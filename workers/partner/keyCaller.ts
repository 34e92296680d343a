/** Who an API key speaks for. */
import type { Context } from 'hono'
import { apiKeyMode, looksLikeApiKey } from '#schemas/apiKey'
import { SANDBOX_PREFIX } from '#schemas/subject'
import { mayRead, SCOPES, type Tier } from '#schemas/tiers'
import type { AppEnv, Caller } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { KeyCache } from './keyCache.ts'
import { findKey, touchKey, type KeyRecord } from './keyStore.ts'
import { sha256Hex } from './sha256.ts'

/** After that a socket has to come again, as one with a token has. */
const SOCKET_MS = 15 * 60_000

const cache = new KeyCache()

/**
 * The key of this request: `X-API-Key`, or `Authorization: Bearer`. In an address it is refused by name, because by then
 * it is in the logs of everything on the way.
 *
 * @throws AppError 401
 */
export function presentedKey(c: Context<AppEnv>): string | undefined {
  if (Object.values(c.req.queries()).flat().some(looksLikeApiKey))
    throw new AppError(
      'invalid_token',
      'an API key goes into a header, never into an address: revoke this one',
    )
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  return c.req.header('X-API-Key') ?? (bearer && looksLikeApiKey(bearer) ? bearer : undefined)
}

/** @throws AppError 401 */
export async function keyCaller(c: Context<AppEnv>, text: string): Promise<Caller> {
  const nowMs = Date.now()
  // Also what keeps guesses from the database.
  if (apiKeyMode(text) === null)
    throw new AppError('invalid_token', 'the API key is not written as one: its checksum does not match')
  const sha256 = await sha256Hex(text)
  const { key, atMs } = await orUnavailable('the list of keys', () =>
    cache.find(sha256, () => findKey(c.env.DB, sha256), nowMs),
  )
  if (key === null) throw new AppError('invalid_token', 'the API key is not known')
  if (key.expiresMs <= nowMs) throw new AppError('expired_token', 'the API key has expired or was revoked')
  if (key.ownerTier !== null && !mayRead(key.ownerTier, 'keys', 'live')) throw ownerLowered(key.ownerTier)
  if (cache.isTouchDue(sha256, nowMs)) c.executionCtx.waitUntil(touch(c, key, nowMs))
  return callerOf(key, atMs, nowMs)
}

/** What is remembered of it may be from before its account changed. */
export async function doubtKey(text: string): Promise<void> {
  cache.doubt(await sha256Hex(text))
}

/** The sandbox is an account of its own: it sees what guests see of the synthetic market, and nobody pays for it. */
function callerOf(key: KeyRecord, knownMs: number, nowMs: number): Caller {
  const isSandbox = key.mode === 'test'
  const account = accountOf(key)
  return {
    subject: account,
    tier: isSandbox ? 'guest' : 'partner',
    expiresAtMs: Math.min(key.expiresMs, nowMs + SOCKET_MS),
    credential: { account, id: key.id, issuedAtMs: knownMs },
    key: { id: key.id, scopes: key.scopes, unitsPerDay: key.unitsPerDay, isSandbox },
  }
}

/** Known within half a minute, as all of a key is. It works again once the tier is back. */
function ownerLowered(tier: Tier): AppError {
  const requiredTier = SCOPES.keys.tier
  const detail = `the API key needs an owner of tier ${requiredTier}, who is ${tier} now`
  return new AppError('upgrade_required', detail, { requiredTier })
}

/** Under which it is counted, and revoked. */
export function accountOf({ mode, owner }: Pick<KeyRecord, 'mode' | 'owner'>): string {
  return mode === 'test' ? `${SANDBOX_PREFIX}${owner}` : owner
}

async function touch(c: Context<AppEnv>, key: KeyRecord, nowMs: number): Promise<void> {
  try {
    await touchKey(c.env.DB, key.id, nowMs)
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'last use not written', cause: String(cause) }))
  }
}
