/** What stands before every read: who calls, may they, is there room, and the booking of the call. */
import { every } from 'hono/combine'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'
import type { Scope } from '#schemas/tiers'
import { authenticate, authenticateSocket } from '../middleware/auth/authenticate.ts'
import { requireScope } from '../middleware/tier/requireScope.ts'
import { limitCallers } from '../middleware/abuse/limitCallers.ts'
import { metered } from '../middleware/usage/meter.ts'

/** For reads; answers 304 to an `If-None-Match` that still holds, which is not counted. */
export function guard(scope: Scope) {
  const conditional = etag({ retainedHeaders: [...RETAINED_304_HEADERS, 'x-request-id'] })
  return every(authenticate, limitCallers, requireScope(scope), metered(scope), conditional)
}

/** For what is neither metered nor cached. */
export function guardUncounted(scope: Scope) {
  return every(authenticate, limitCallers, requireScope(scope))
}

/** For sockets, whose token may be in the query. */
export function guardSocket(scope: Scope) {
  return every(authenticateSocket, limitCallers, requireScope(scope), metered(scope))
}
