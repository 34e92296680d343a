/** Answers 404 for a route that `workers/access.ts` does not name, before anything of it runs. */
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { ACCESS } from '../../access.ts'
import type { AppEnv } from '../../appEnv.ts'
import { AppError } from '../errors/AppError.ts'

/** What runs around every request, and gives nothing away by itself. */
const AROUND = '/*'

export const denyUnlisted = createMiddleware<AppEnv>(async (c, next) => {
  const unlisted = matchedRoutes(c).find(
    ({ method, path }) => path !== AROUND && !Object.hasOwn(ACCESS, `${method} ${path}`),
  )
  if (unlisted === undefined) return next()
  const { method, path } = unlisted
  console.error(JSON.stringify({ level: 'error', message: 'route without access', method, route: path }))
  throw new AppError('unknown_route', `expected a known route, was ${c.req.path}`)
})
