/** Assembly of the HTTP surface: what runs around every request, and the routers. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import type { AppEnv } from './appEnv.ts'
import { onError, onMethodNotAllowed, onNotFound } from './middleware/errors/problemResponse.ts'
import { denyUnlisted } from './middleware/tier/denyUnlisted.ts'
import { requestId } from './middleware/requestId/requestId.ts'
import { secureHeaders } from './middleware/secureHeaders/secureHeaders.ts'
import { mcpOf } from './mcp/mcp.ts'
import { documentOf } from './openapi/routes.ts'
import { account } from './routes/account.ts'
import { accountPasskeys } from './routes/accountPasskeys.ts'
import { accountSessions } from './routes/accountSessions.ts'
import { authEmail } from './routes/authEmail.ts'
import { authPasskey } from './routes/authPasskey.ts'
import { authSession } from './routes/authSession.ts'
import { chain } from './routes/chain.ts'
import { exposure } from './routes/exposure.ts'
import { guest } from './routes/guest.ts'
import { health } from './routes/health.ts'
import { ingest } from './routes/ingest.ts'
import { jwks } from './routes/jwks.ts'
import { drain } from './routes/drain.ts'
import { lease } from './routes/lease.ts'
import { keys } from './routes/keys.ts'
import { levels } from './routes/levels.ts'
import { metrics } from './routes/metrics.ts'
import { operatorTier } from './routes/operatorTier.ts'
import { snapshots } from './routes/snapshots.ts'
import { status } from './routes/status.ts'
import { stream } from './routes/stream.ts'
import { symbols } from './routes/symbols.ts'
import { ticket } from './routes/ticket.ts'
import { usage } from './routes/usage.ts'
import { volatility } from './routes/volatility.ts'
import { webhookDeliveries } from './routes/webhookDeliveries.ts'
import { webhooks } from './routes/webhooks.ts'
import { windows } from './routes/windows.ts'

const ROUTERS = [
  health,
  symbols,
  exposure,
  levels,
  volatility,
  metrics,
  chain,
  snapshots,
  usage,
  guest,
  authEmail,
  authPasskey,
  authSession,
  account,
  accountPasskeys,
  accountSessions,
  ticket,
  windows,
  keys,
  webhooks,
  webhookDeliveries,
  jwks,
  ingest,
  lease,
  drain,
  operatorTier,
  stream,
  status,
]

export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(requestId, secureHeaders, methodNotAllowed({ app, onMethodNotAllowed }), denyUnlisted)
  app.onError(onError)
  app.notFound(onNotFound)
  for (const router of [...ROUTERS, documentOf(app), mcpOf(app)]) app.route('/', router)
  return app
}
