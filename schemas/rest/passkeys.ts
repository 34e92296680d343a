/** Passkeys: the options and answers of WebAuthn in the JSON that browsers read and write themselves. */
import * as v from 'valibot'

/** How long an answer to a challenge is waited for. */
export const CHALLENGE_LIFE_MS = 5 * 60_000

const base64url = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(16_384),
  v.regex(/^[\w-]+$/, 'expected base64url'),
)
const credentialId = v.pipe(base64url, v.maxLength(1_400))
const common = {
  id: credentialId,
  rawId: credentialId,
  type: v.literal('public-key'),
}

export const RegistrationSchema = v.object({
  ...common,
  response: v.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: v.optional(v.array(v.pipe(v.string(), v.regex(/^[a-z-]{1,20}$/))), []),
  }),
})
export type Registration = v.InferOutput<typeof RegistrationSchema>

export const PasskeyRequestSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  credential: RegistrationSchema,
})

export const AssertionSchema = v.object({
  ...common,
  response: v.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: v.optional(base64url),
  }),
})
export type Assertion = v.InferOutput<typeof AssertionSchema>

export const PasskeySignInSchema = v.strictObject({ credential: AssertionSchema })

const descriptorSchema = v.object({
  id: v.string(),
  type: v.literal('public-key'),
  transports: v.array(v.string()),
})

/** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export const CreationOptionsSchema = v.object({
  rp: v.object({ id: v.string(), name: v.string() }),
  user: v.object({ id: v.string(), name: v.string(), displayName: v.string() }),
  challenge: v.string(),
  pubKeyCredParams: v.array(v.object({ type: v.literal('public-key'), alg: v.number() })),
  timeout: v.number(),
  excludeCredentials: v.array(descriptorSchema),
  authenticatorSelection: v.object({
    residentKey: v.literal('required'),
    requireResidentKey: v.literal(true),
    userVerification: v.literal('required'),
  }),
  attestation: v.literal('none'),
})
export type CreationOptions = v.InferOutput<typeof CreationOptionsSchema>

/** For `PublicKeyCredential.parseRequestOptionsFromJSON`. It names no credential: the authenticator offers what it has. */
export const RequestOptionsSchema = v.object({
  challenge: v.string(),
  rpId: v.string(),
  timeout: v.number(),
  userVerification: v.literal('required'),
})
export type RequestOptions = v.InferOutput<typeof RequestOptionsSchema>

export const PasskeySchema = v.object({
  id: v.string(),
  name: v.string(),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
  /** Null before the first use. */
  lastUsedAt: v.nullable(v.string()),
})
export type Passkey = v.InferOutput<typeof PasskeySchema>

export const PasskeyAnswerSchema = v.object({ data: PasskeySchema })
export type PasskeyAnswer = v.InferOutput<typeof PasskeyAnswerSchema>

export const PasskeyListSchema = v.object({ data: v.array(PasskeySchema) })
export type PasskeyList = v.InferOutput<typeof PasskeyListSchema>
