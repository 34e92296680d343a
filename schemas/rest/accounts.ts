/** Signing in, sessions and what is held of an account. */
import * as v from 'valibot'
import { TIERS } from '../tiers.ts'

/** In lower case: mailboxes that differ in case alone are nobody's. */
export const EmailSchema = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(254, 'expected at most 254 characters'),
  v.email('expected an e-mail address'),
  v.toLowerCase(),
)

export const CODE_DIGITS = 8
export const CODE_LIFE_MS = 10 * 60_000

export const EmailRequestSchema = v.strictObject({ email: EmailSchema })
export type EmailRequest = v.InferOutput<typeof EmailRequestSchema>

export const EmailVerifySchema = v.strictObject({
  email: EmailSchema,
  code: v.pipe(v.string(), v.regex(/^\d{8}$/, `expected ${CODE_DIGITS} digits`)),
})
export type EmailVerify = v.InferOutput<typeof EmailVerifySchema>

/** The same whether or not there is an account. */
export const CodeSentSchema = v.object({
  /** ISO 8601 UTC. */
  expiresAt: v.string(),
})
export type CodeSent = v.InferOutput<typeof CodeSentSchema>

/** Beside it comes the refresh token, in a cookie that scripts cannot read. */
export const SessionTokenSchema = v.object({
  /** An access token. */
  token: v.string(),
  tier: v.picklist(TIERS),
  /** ISO 8601 UTC. */
  expiresAt: v.string(),
})
export type SessionToken = v.InferOutput<typeof SessionTokenSchema>

export const SessionSchema = v.object({
  id: v.string(),
  /** E.g. "Firefox on Linux". */
  device: v.string(),
  /** The /24 or /48 it was opened from. */
  network: v.nullable(v.string()),
  /** Whether it is the one that asks. */
  current: v.boolean(),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
  lastUsedAt: v.string(),
  expiresAt: v.string(),
})
export type Session = v.InferOutput<typeof SessionSchema>

export const SessionListSchema = v.object({ data: v.array(SessionSchema) })
export type SessionList = v.InferOutput<typeof SessionListSchema>
