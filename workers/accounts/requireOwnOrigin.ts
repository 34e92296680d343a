/**
 * Lets only our own pages through, to whatever reads or sets the cookie: a browser sends it by itself, so a page of another
 * site could make its visitors sign out, or sign in as somebody else. Browsers always name the origin of such requests.
 */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'

export const requireOwnOrigin = createMiddleware<AppEnv>(async (c, next) => {
  checkOwnOrigin(c)
  await next()
})

/** @throws AppError 403 */
export function checkOwnOrigin(c: Context<AppEnv>): void {
  const own = new URL(c.req.url).origin
  if (c.req.header('Origin') === own) return
  const detail = `expected the header Origin: ${own}, was another or none`
  throw new AppError('origin_not_allowed', detail, { errors: [{ field: 'Origin', detail }] })
}
