/** How callers prove who they are. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { INGEST_HEADERS } from '#schemas/ingest/signature'
import { OPERATOR_HEADERS } from '#schemas/operator'

const header = (name: string, description: string) =>
  ({ type: 'apiKey', in: 'header', name, description }) as const

export const SECURITY = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of at most 15 minutes, e.g. of `POST /v1/auth/guest`.',
  },
  apiKey: header(
    'X-API-Key',
    'A key of `POST /v1/keys`; also taken as the bearer token. Never in an address.',
  ),
  socketToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description:
      'A ticket of `POST /v1/ws-ticket`, or an access token, where a browser opens a socket and cannot set headers. Or the sub-protocol `bearer.<token>`.',
  },
  bridgeKeyId: header(INGEST_HEADERS.keyId, 'Id of a configured Ed25519 key.'),
  bridgeTimestamp: header(INGEST_HEADERS.timestamp, 'UTC ms, within 30 s of ours.'),
  bridgeSignature: header(
    INGEST_HEADERS.signature,
    'Ed25519 over `flipwire-ingest-1`, method, path, key id, timestamp and the SHA-256 of the body, one per line; base64url.',
  ),
  operatorTimestamp: header(OPERATOR_HEADERS.timestamp, 'UTC ms, within 30 s of ours.'),
  operatorSignature: header(
    OPERATOR_HEADERS.signature,
    'HMAC-SHA256 with the secret of the operator over `flipwire-operator-1`, method, path, timestamp and the SHA-256 of the body, one per line; base64url.',
  ),
} as const satisfies Record<string, OpenAPIV3_1.SecuritySchemeObject>
export type SecurityName = keyof typeof SECURITY
