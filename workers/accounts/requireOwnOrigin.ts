/**
 * Lets only our own pages through, to whatever reads or sets the cookie: a browser sends it by itself, so a page of another
 * site could make its visitors sign out, or sign in as somebody else. Browsers always name the origin of such requests.
 */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'

export const requireOwnOrigin = createMiddleware<AppEnv>(async (c, next) => {
  const own = new URL(c.req.url).origin
  if (c.req.header('Origin') !== own) {
    const detail = `expected the header Origin: ${own}, was another or none`
    throw new AppError('origin_not_allowed', detail, { errors: [{ field: 'Origin', detail }] })
  }
  await next()
})
