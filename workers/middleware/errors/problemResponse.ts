/** Errors as RFC 9457 problem documents. Nothing of an unexpected error but its request id reaches the client. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { routePath } from 'hono/route'
import { PROBLEMS, type Problem } from '#schemas/problem'
import type { AppEnv } from '../../appEnv.ts'
import { AppError } from './AppError.ts'

/** Where the web compares tiers. */
const TIERS_PAGE = '/?upgrade'

export function problemResponse(c: Context<AppEnv>, error: AppError): Response {
  const [status, title] = PROBLEMS[error.code]
  const problem: Problem = {
    type: `urn:flipwire:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    // The path only: a query may hold a token.
    instance: c.req.path,
    code: error.code,
    requestId: c.get('requestId'),
    ...error.fields,
    ...(error.fields.requiredTier === undefined ? {} : { upgradeUrl: c.env.UPGRADE_URL ?? TIERS_PAGE }),
  }
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    // Also tells a bridge how long to hold a batch.
    ...(status === 503 || status === 429 ? { 'Retry-After': '1' } : {}),
    ...error.headers,
  }
  // RFC 6750 §3: a bearer challenge comes with every 401 that is about a token.
  if (error.code.endsWith('_token')) headers['WWW-Authenticate'] = challenge(error)
  return c.body(JSON.stringify(problem), status, headers)
}

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof AppError) {
    if (error.cause !== undefined) logError(c, error, error.cause)
    return problemResponse(c, error)
  }
  logError(c, error, error)
  return problemResponse(c, new AppError('internal', 'The failure was recorded under this request id.'))
}

export const onNotFound: NotFoundHandler<AppEnv> = (c) =>
  problemResponse(c, new AppError('unknown_route', `expected a known route, was ${c.req.path}`))

export function onMethodNotAllowed(c: Context<AppEnv>, allowed: string[]): Response {
  const detail = `expected ${allowed.join(', ')}, was ${c.req.method}`
  const headers = { Allow: allowed.join(', ') }
  return problemResponse(c, new AppError('method_not_allowed', detail, { headers }))
}

function challenge(error: AppError): string {
  return error.code === 'missing_token'
    ? 'Bearer realm="flipwire"'
    : 'Bearer realm="flipwire", error="invalid_token"'
}

/** The route pattern, never the address: addresses of sockets hold tokens. */
function logError(c: Context<AppEnv>, error: Error, cause: unknown): void {
  console.error(
    JSON.stringify({
      level: 'error',
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routePath(c, -1),
      message: error.message,
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    }),
  )
}
