/**
 * Problem codes and the RFC 9457 document. The code is stable and machine-readable; `detail` says what was
 * expected and what came. Adding a code is compatible, changing one is not.
 */
import * as v from 'valibot'
import { OpenWindowSchema } from './rest/windows.ts'
import { QUOTA_WINDOWS, type QuotaWindow } from './quota.ts'

/** code → [HTTP status, title]. */
export const PROBLEMS = {
  invalid_symbol: [400, 'Not a symbol'],
  invalid_parameter: [400, 'A parameter is not valid'],
  invalid_body: [400, 'The body is not valid'],
  batch_truncated: [400, 'The batch is truncated'],
  batch_bad_magic: [400, 'Not an ingest batch'],
  batch_version: [400, 'Unsupported batch version'],
  batch_checksum: [400, 'The batch checksum does not match'],
  batch_field: [400, 'A batch field is not valid'],
  batch_symbol: [400, 'The batch is for another symbol'],
  batch_unknown_contract: [400, 'The batch names a contract it never defined'],
  batch_too_large: [413, 'The batch is too large'],
  missing_token: [401, 'A token is needed'],
  invalid_token: [401, 'The token is not valid'],
  expired_token: [401, 'The token has expired'],
  invalid_code: [401, 'The code is not valid'],
  invalid_passkey: [401, 'The passkey is not valid'],
  no_session: [401, 'There is no session'],
  missing_signature: [401, 'The post is not signed'],
  unknown_key: [401, 'The signing key is not known'],
  invalid_signature: [401, 'The signature does not match'],
  signature_expired: [401, 'The signature is outside its time window'],
  origin_not_allowed: [403, 'This origin is not allowed'],
  upgrade_required: [403, 'This needs a higher tier'],
  missing_scope: [403, 'The API key was not made for this'],
  unknown_symbol: [404, 'No such symbol'],
  unknown_route: [404, 'No such route'],
  unknown_metric: [404, 'No such metric'],
  unknown_snapshot: [404, 'No such snapshot'],
  unknown_window: [404, 'No such open window'],
  unknown_api_key: [404, 'No such API key'],
  unknown_webhook: [404, 'No such webhook'],
  unknown_delivery: [404, 'No such delivery'],
  unknown_account: [404, 'No such account'],
  unknown_passkey: [404, 'No such passkey'],
  unknown_session: [404, 'No such session'],
  method_not_allowed: [405, 'Method not allowed'],
  too_early: [409, 'Nothing is old enough for this tier yet'],
  replayed_request: [409, 'This exact request was received before'],
  sequence_gap: [409, 'A batch is missing before this one'],
  stale_epoch: [409, 'A newer epoch has taken over'],
  lease_held: [409, 'Another bridge holds the lease'],
  window_limit: [409, 'Too many open windows'],
  passkey_limit: [409, 'Too many passkeys'],
  key_limit: [409, 'Too many active API keys'],
  webhook_limit: [409, 'Too many webhooks'],
  webhook_disabled: [409, 'The webhook is turned off'],
  idempotency_mismatch: [409, 'The Idempotency-Key belongs to another request'],
  idempotency_busy: [409, 'The first request with this Idempotency-Key is still on its way'],
  upgrade_expected: [426, 'A WebSocket upgrade is needed'],
  rate_limited: [429, 'Too many requests'],
  quota_exceeded: [429, 'The quota is used up'],
  contract_limit: [422, 'Too many contracts for one symbol'],
  internal: [500, 'Something failed on our side'],
  history_not_available: [501, 'No history for this yet'],
  unavailable: [503, 'Not available right now'],
} as const satisfies Record<string, readonly [number, string]>
export type ProblemCode = keyof typeof PROBLEMS

export const ProblemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  instance: v.string(),
  code: v.picklist(Object.keys(PROBLEMS) as ProblemCode[]),
  requestId: v.string(),
  /** The fields at fault: a JSON pointer, header or parameter name, with what was wrong. */
  errors: v.optional(v.array(v.object({ field: v.string(), detail: v.string() }))),
  requiredTier: v.optional(v.string()),
  upgradeUrl: v.optional(v.string()),
  /** Next position expected, on ingest conflicts. */
  expected: v.optional(v.object({ epoch: v.number(), sequence: v.number() })),
  /** When asking for a held lease again may help. */
  retryAfterMs: v.optional(v.number()),
  /** When there will be something old enough for the tier, ISO 8601 UTC. */
  availableFrom: v.optional(v.string()),
  /** The windows that take up the limit, oldest first. */
  openWindows: v.optional(v.array(OpenWindowSchema)),
  /** The quotas without room; the name is the RateLimit draft's. */
  'violated-policies': v.optional(v.array(v.picklist(Object.keys(QUOTA_WINDOWS) as QuotaWindow[]))),
})
export type Problem = v.InferOutput<typeof ProblemSchema>
