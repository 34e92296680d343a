/**
 * Lets a socket's upgrade through when it is one and comes from a page that may open sockets, or from a program. The ticket of an
 * API key may be shown by any page: a partner's server has handed it to a page of its own, which is not one of ours.
 */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'
import { isAllowedOrigin } from './allowedOrigin.ts'

export const requireUpgrade = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade' }
    throw new AppError('upgrade_expected', 'expected "Upgrade: websocket", was none', { headers })
  }
  const isHandedOut = c.get('caller').key !== undefined
  if (!isHandedOut && !isAllowedOrigin(c.req.header('Origin'), c.req.url, c.env.ALLOWED_ORIGINS)) {
    const detail = 'expected this service or a configured origin, was another'
    throw new AppError('origin_not_allowed', detail, { errors: [{ field: 'Origin', detail }] })
  }
  await next()
})
