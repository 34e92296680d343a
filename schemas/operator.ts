/**
 * What an operator asks of the running service, and how it is signed: HMAC-SHA256 with a secret that is for nothing else,
 * over a text that begins with its purpose. Each request is signed anew; one that comes twice is a replay.
 */
import * as v from 'valibot'
import { TIERS } from './tiers.ts'

export const OPERATOR_HEADERS = {
  timestamp: 'flipwire-operator-timestamp',
  signature: 'flipwire-operator-signature',
} as const

/** A signature is good for this long either side of the Worker's clock. */
export const OPERATOR_WINDOW_MS = 30_000
/** A shorter secret opens nothing. */
export const MIN_OPERATOR_SECRET = 32

export interface OperatorRequest {
  readonly method: string
  /** Without query. */
  readonly path: string
  readonly timestampMs: number
  readonly bodySha256Hex: string
}

export function operatorText({ method, path, timestampMs, bodySha256Hex }: OperatorRequest): string {
  return ['flipwire-operator-1', method, path, String(timestampMs), bodySha256Hex].join('\n')
}

export const OPERATOR_TIER_PATH = '/v1/operator/tier'

/** What an account may be; a guest has none. */
export const ACCOUNT_TIERS = TIERS.filter((tier) => tier !== 'guest')

export const TierChangeSchema = v.strictObject({
  /** Its address or its id, with or without `user:`. */
  account: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(254)),
  tier: v.picklist(ACCOUNT_TIERS),
})
export type TierChange = v.InferOutput<typeof TierChangeSchema>

export const ChangedTierSchema = v.object({
  data: v.object({
    /** Its id. */
    account: v.string(),
    email: v.string(),
    /** Before. */
    was: v.picklist(TIERS),
    tier: v.picklist(TIERS),
    /** False: its tokens and sockets could not be ended right now, and are within about a minute. */
    ended: v.boolean(),
  }),
})
export type ChangedTier = v.InferOutput<typeof ChangedTierSchema>
