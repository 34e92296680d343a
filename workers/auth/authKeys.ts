/**
 * The keys of our tokens. One private Ed25519 key signs; its public half and any further public keys verify, so that a
 * key can be changed while tokens of the one before are still about (docs/runbook.md).
 */
import { importJWK, type CryptoKey, type JWK } from 'jose'
import * as v from 'valibot'
import { TOKEN_ALGORITHM } from '#schemas/claims'

const PrivateJwkSchema = v.object({
  kty: v.literal('OKP'),
  crv: v.literal('Ed25519'),
  x: v.string(),
  d: v.string(),
  kid: v.pipe(v.string(), v.minLength(1)),
})

/** Strict, so that no private key gets in among the public ones and no key meant for something else. */
const PublicJwksSchema = v.strictObject({
  keys: v.pipe(
    v.array(
      v.strictObject({
        kty: v.literal('OKP'),
        crv: v.literal('Ed25519'),
        x: v.string(),
        kid: v.pipe(v.string(), v.minLength(1)),
        alg: v.optional(v.literal(TOKEN_ALGORITHM)),
        use: v.optional(v.literal('sig')),
      }),
    ),
    v.maxLength(8),
  ),
})

/** As in the Worker's bindings. */
export interface AuthSecrets {
  readonly AUTH_PRIVATE_JWK: string
  /** `{"keys":[…]}`: further keys that still, or already, verify. */
  readonly AUTH_PUBLIC_JWKS?: string
}

export interface AuthKeys {
  /** Of the key that signs. */
  readonly kid: string
  readonly privateKey: CryptoKey
  /** Looked up by exact `kid`; never a path, query or address. */
  readonly publicKeys: ReadonlyMap<string, CryptoKey>
  /** What `/.well-known/jwks.json` publishes: the key that signs, then the others. */
  readonly jwks: { readonly keys: readonly JWK[] }
}

/** @throws when a secret is not what it should be; the message never holds a key. */
export async function importAuthKeys(secrets: AuthSecrets): Promise<AuthKeys> {
  const signing = v.safeParse(PrivateJwkSchema, parseJson(secrets.AUTH_PRIVATE_JWK))
  if (!signing.success)
    throw new Error('AUTH_PRIVATE_JWK: expected an Ed25519 private JWK with kid, was something else')
  const { kty, crv, x, kid } = signing.output
  const published = new Map([[kid, { kty, crv, x }]])
  for (const { kid: id, x: point } of furtherKeys(secrets.AUTH_PUBLIC_JWKS)) {
    if ((published.get(id)?.x ?? point) !== point)
      throw new Error('AUTH_PUBLIC_JWKS: expected one key per kid, were two')
    published.set(id, { kty, crv, x: point })
  }
  const imported = [...published].map(async ([id, jwk]) => [id, await importKey(jwk)] as const)
  return {
    kid,
    privateKey: await importKey(signing.output),
    publicKeys: new Map(await Promise.all(imported)),
    jwks: {
      keys: [...published].map(([id, jwk]) => ({ ...jwk, kid: id, alg: TOKEN_ALGORITHM, use: 'sig' })),
    },
  }
}

let held: { readonly secrets: string; readonly keys: AuthKeys } | undefined

/** The same, imported once per isolate. Keeps the value, not the promise: promises belong to one request. */
export async function authKeys({ AUTH_PRIVATE_JWK, AUTH_PUBLIC_JWKS = '' }: AuthSecrets): Promise<AuthKeys> {
  const secrets = `${AUTH_PRIVATE_JWK}\n${AUTH_PUBLIC_JWKS}`
  if (held?.secrets !== secrets)
    held = { secrets, keys: await importAuthKeys({ AUTH_PRIVATE_JWK, AUTH_PUBLIC_JWKS }) }
  return held.keys
}

function furtherKeys(jwks = ''): v.InferOutput<typeof PublicJwksSchema>['keys'] {
  if (jwks === '') return []
  const parsed = v.safeParse(PublicJwksSchema, parseJson(jwks))
  if (!parsed.success)
    throw new Error(
      'AUTH_PUBLIC_JWKS: expected {"keys":[…]} of Ed25519 public JWKs with kid, was something else',
    )
  return parsed.output.keys
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, TOKEN_ALGORITHM)
  if (key instanceof Uint8Array) throw new Error('expected an asymmetric key, was a secret')
  return key
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
