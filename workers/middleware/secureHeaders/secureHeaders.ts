/** Response headers for an API that is never framed, never renders and never lets a referrer out. */
import { createMiddleware } from 'hono/factory'
import { secureHeaders as honoSecureHeaders } from 'hono/secure-headers'

const setHeaders = honoSecureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
  xFrameOptions: 'DENY',
})

/** Leaves a 101 alone: rebuilding the response of an upgrade would drop its socket. */
export const secureHeaders = createMiddleware(async (c, next) => {
  await next()
  if (c.res.status !== 101) await setHeaders(c, async () => {})
})
