/** Response headers for an API that is never framed, hardly ever renders and never lets a referrer out. */
import { createMiddleware } from 'hono/factory'
import { secureHeaders as honoSecureHeaders } from 'hono/secure-headers'

const setHeaders = honoSecureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
  xFrameOptions: 'DENY',
})

const POLICY = 'Content-Security-Policy'

/**
 * Leaves a 101 alone: rebuilding the response of an upgrade would drop its socket. The policy of an answer that is made to
 * be rendered, the reference page, stays as it is.
 */
export const secureHeaders = createMiddleware(async (c, next) => {
  await next()
  if (c.res.status === 101) return
  const own = c.res.headers.get(POLICY)
  await setHeaders(c, async () => {})
  if (own !== null) c.res.headers.set(POLICY, own)
})
