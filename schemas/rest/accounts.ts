/** Signing in, sessions and what is held of an account. */
import * as v from 'valibot'
import { TIERS } from '../tiers.ts'
import { ApiKeySchema } from './keys.ts'
import { DailyUsageRowSchema } from './models.ts'
import { PasskeySchema } from './passkeys.ts'
import { WebhookSchema } from './webhooks.ts'
import { OpenWindowSchema } from './windows.ts'

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

export const AccountSchema = v.object({
  id: v.string(),
  email: v.string(),
  tier: v.picklist(TIERS),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
})
export type ShownAccount = v.InferOutput<typeof AccountSchema>

export const AccountAnswerSchema = v.object({ data: AccountSchema })
export type AccountAnswer = v.InferOutput<typeof AccountAnswerSchema>

export const SessionListSchema = v.object({ data: v.array(SessionSchema) })
export type SessionList = v.InferOutput<typeof SessionListSchema>

/** What happened to the account; kept for 90 days. */
export const AccountEventSchema = v.object({
  /** ISO 8601 UTC. */
  at: v.string(),
  /** E.g. `session.opened`. */
  what: v.string(),
  detail: v.string(),
  /** /24 or /48. */
  network: v.nullable(v.string()),
})
export type AccountEventModel = v.InferOutput<typeof AccountEventSchema>

/** Everything that is held of an account, but for what is secret or a hash. */
export const AccountExportSchema = v.object({
  data: v.object({
    account: AccountSchema,
    sessions: v.array(SessionSchema),
    events: v.array(AccountEventSchema),
    /** Subjects under which the account was a guest. */
    guests: v.array(v.string()),
    apiKeys: v.array(ApiKeySchema),
    passkeys: v.array(PasskeySchema),
    webhooks: v.array(WebhookSchema),
    openWindows: v.array(OpenWindowSchema),
    /** Of the last 35 days; of the sandbox apart. */
    usage: v.array(DailyUsageRowSchema),
    sandboxUsage: v.array(DailyUsageRowSchema),
    billing: v.object({
      /** At the billing provider; null: none. */
      customer: v.nullable(v.string()),
      reports: v.array(v.object({ day: v.string(), units: v.number() })),
    }),
  }),
})
export type AccountExport = v.InferOutput<typeof AccountExportSchema>
