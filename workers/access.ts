/**
 * Who may call what: every route of the Worker, by method. What is not in this table is answered as if it were not
 * there, so that a route nobody thought about is closed (`middleware/tier/denyUnlisted.ts`).
 */
import type { Scope } from '#schemas/tiers'

/** Anyone, a bridge or the operator by their signatures, or a caller whose tier has the scope. */
export type Access = 'public' | 'signed' | 'operator' | Scope

/** Not by tier. */
const OTHERS: readonly string[] = ['public', 'signed', 'operator']

export function isScope(access: Access): access is Scope {
  return !OTHERS.includes(access)
}

export const ACCESS: Readonly<Record<string, Access>> = {
  'GET /.well-known/jwks.json': 'public',
  'GET /docs': 'public',
  'GET /llms.txt': 'public',
  'GET /openapi.json': 'public',
  'POST /mcp': 'public',
  'GET /v1/health': 'public',
  'GET /v1/methods': 'public',
  'POST /v1/auth/guest': 'public',
  'POST /v1/auth/email': 'public',
  'POST /v1/auth/email/verify': 'public',
  'POST /v1/auth/passkey/options': 'public',
  'POST /v1/auth/passkey/verify': 'public',
  'POST /v1/auth/refresh': 'public',
  'POST /v1/auth/logout': 'public',

  'POST /v1/ingest/:symbol': 'signed',
  'POST /v1/ingest/:symbol/lease': 'signed',
  'POST /v1/ingest/:symbol/drain': 'signed',

  'POST /v1/operator/tier': 'operator',

  'GET /v1/symbols': 'symbols',
  'GET /v1/usage': 'usage',
  'GET /v1/usage/daily': 'usage',
  'GET /v1/account': 'account',
  'DELETE /v1/account': 'account',
  'GET /v1/account/export': 'account',
  'GET /v1/account/passkeys': 'account',
  'POST /v1/account/passkeys': 'account',
  'POST /v1/account/passkey-options': 'account',
  'DELETE /v1/account/passkeys/:id': 'account',
  'GET /v1/account/sessions': 'account',
  'DELETE /v1/account/sessions/:id': 'account',
  'GET /v1/windows': 'windows',
  'POST /v1/windows': 'windows',
  'PUT /v1/windows/:id': 'windows',
  'DELETE /v1/windows/:id': 'windows',
  'GET /v1/keys': 'keys',
  'POST /v1/keys': 'keys',
  'POST /v1/keys/:id/rotate': 'keys',
  'DELETE /v1/keys/:id': 'keys',
  'GET /v1/webhooks': 'webhooks',
  'POST /v1/webhooks': 'endpoints',
  'PATCH /v1/webhooks/:id': 'endpoints',
  'DELETE /v1/webhooks/:id': 'endpoints',
  'POST /v1/webhooks/:id/rotate': 'endpoints',
  'POST /v1/webhooks/:id/test': 'endpoints',
  'POST /v1/webhooks/:id/replay': 'endpoints',
  'GET /v1/webhooks/:id/deliveries': 'webhooks',
  'POST /v1/ws-ticket': 'ticket',
  'GET /v1/levels/:symbol': 'levels',
  'GET /v1/chain/:symbol': 'chain',
  'GET /v1/snapshots/:symbol': 'snapshots',
  'GET /v1/snapshots/:symbol/:id': 'snapshots',
  'GET /v1/exposure/:symbol': 'exposure',
  'GET /v1/exposure/:symbol/strikes': 'exposure',
  'GET /v1/exposure/:symbol/timeline': 'exposure',
  'GET /v1/volatility/:symbol': 'volatility',
  'GET /v1/metrics/:symbol': 'metrics',
  'GET /v1/explain/:symbol/:metric': 'metrics',

  'GET /ws/v1': 'socket',
  'GET /ws/status': 'symbols',
  'GET /ws/gamma-compact/:symbol': 'stream',
  'GET /ws/greeks/:symbol': 'stream',
}
