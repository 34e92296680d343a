/** `GET /ws/gamma-compact/:symbol?token=`: hands a verified caller's socket to the symbol's object. */
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { STREAM_CALLER_HEADERS } from '#durable-objects/symbol/contract'
import type { AppEnv, Caller } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'
import { isAllowedOrigin } from './allowedOrigin.ts'
import { guardSocket } from './guard.ts'

export const stream = new Hono<AppEnv>()

const upgradeFromAllowedOrigin = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade' }
    throw new AppError('upgrade_expected', 'expected "Upgrade: websocket", was none', { headers })
  }
  if (!isAllowedOrigin(c.req.header('Origin'), c.req.url, c.env.ALLOWED_ORIGINS)) {
    const detail = 'expected this service or a configured origin, was another'
    throw new AppError('origin_not_allowed', detail, { errors: [{ field: 'Origin', detail }] })
  }
  await next()
})

stream.get('/ws/gamma-compact/:symbol', guardSocket('stream'), upgradeFromAllowedOrigin, async (c) => {
  const symbol = c.get('symbol')
  try {
    // Untouched: a rebuilt response would lose its socket, a re-paired socket its hibernation.
    return await symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, c.get('caller')))
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
})

/** The upgrade without the token, saying who calls in headers that a client's own can not survive. */
function upgradeRequest(request: Request, caller: Caller): Request {
  const url = new URL(request.url)
  url.search = ''
  const headers = new Headers(request.headers)
  for (const secret of ['Authorization', 'Cookie']) headers.delete(secret)
  // Encoded because a header holds ASCII only and a subject may hold more; then no longer than the object takes.
  headers.set(STREAM_CALLER_HEADERS.subject, encodeURI(caller.subject.toWellFormed()).slice(0, 64))
  headers.set(STREAM_CALLER_HEADERS.tier, caller.tier)
  headers.set(STREAM_CALLER_HEADERS.expiresAtMs, String(caller.expiresAtMs))
  return new Request(url, { headers })
}
