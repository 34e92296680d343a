/** One call of every route in `workers/access.ts`, for tests that go through all of them. */
import { ACCESS, type Access } from '../access.ts'

export interface RouteCall {
  /** As in `ACCESS`. */
  readonly route: string
  readonly method: string
  readonly pattern: string
  readonly access: Access
  readonly path: (symbol: string) => string
  /** To who may. */
  readonly status: number
  readonly isSocket: boolean
}

/** Where a pattern's parameter is more than a symbol. */
const PARAMETERS: Readonly<Record<string, string>> = {
  metric: 'gammaPulse.netGex',
  id: '20261120T143000Z',
}
/** What does not exist, has no body or is not signed is refused to who may ask too. */
const OTHER_STATUS: Readonly<Record<string, number>> = {
  'GET /v1/snapshots/:symbol/:id': 404,
  'POST /mcp': 400,
  // Bodies, origins and sessions are missing.
  'POST /v1/auth/email': 400,
  'POST /v1/auth/email/verify': 403,
  'POST /v1/auth/passkey/options': 403,
  'POST /v1/auth/passkey/verify': 403,
  'POST /v1/auth/refresh': 403,
  'POST /v1/auth/logout': 403,
  'GET /v1/account': 404,
  'DELETE /v1/account': 404,
  'GET /v1/account/export': 404,
  'GET /v1/account/passkeys': 404,
  'POST /v1/account/passkeys': 404,
  'POST /v1/account/passkey-options': 404,
  'DELETE /v1/account/passkeys/:id': 404,
  'GET /v1/account/sessions': 404,
  'DELETE /v1/account/sessions/:id': 404,
  'POST /v1/windows': 400,
  'PUT /v1/windows/:id': 404,
  'DELETE /v1/windows/:id': 404,
  'POST /v1/keys': 400,
  'POST /v1/keys/:id/rotate': 404,
  'DELETE /v1/keys/:id': 404,
  'POST /v1/webhooks': 400,
  'PATCH /v1/webhooks/:id': 400,
  'DELETE /v1/webhooks/:id': 404,
  'POST /v1/webhooks/:id/rotate': 404,
  'POST /v1/webhooks/:id/test': 404,
  'POST /v1/webhooks/:id/replay': 400,
  'GET /v1/webhooks/:id/deliveries': 404,
  'POST /v1/ingest/:symbol': 401,
  'POST /v1/ingest/:symbol/lease': 401,
  'POST /v1/ingest/:symbol/drain': 401,
  'POST /v1/operator/tier': 401,
}

export const ROUTE_CALLS: readonly RouteCall[] = Object.entries(ACCESS).map(([route, access]) => {
  const [method = '', pattern = ''] = route.split(' ')
  const isSocket = pattern.startsWith('/ws/')
  return {
    route,
    method,
    pattern,
    access,
    path: (symbol) =>
      pattern.replace(':symbol', symbol).replace(/:(\w+)/g, (_, name: string) => PARAMETERS[name] ?? name),
    status: OTHER_STATUS[route] ?? (isSocket ? 101 : 200),
    isSocket,
  }
})

/** Those that need a token. */
export const GUARDED_CALLS = ROUTE_CALLS.filter(
  ({ access }) => access !== 'public' && access !== 'signed' && access !== 'operator',
)
