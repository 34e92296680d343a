/** The keys of access tokens: one private Ed25519 key from the configuration, its public half derived from it. */
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

export interface AuthKeys {
  readonly kid: string
  readonly privateKey: CryptoKey
  /** Looked up by exact `kid`; never a path, query or address. */
  readonly publicKeys: ReadonlyMap<string, CryptoKey>
  /** What `/.well-known/jwks.json` publishes. */
  readonly jwks: { readonly keys: readonly JWK[] }
}

/** @throws when `privateJwk` is not an Ed25519 private JWK with a kid; the message never holds the key. */
export async function importAuthKeys(privateJwk: string): Promise<AuthKeys> {
  const parsed = v.safeParse(PrivateJwkSchema, parseJson(privateJwk))
  if (!parsed.success)
    throw new Error('AUTH_PRIVATE_JWK: expected an Ed25519 private JWK with kid, was something else')
  const { kty, crv, x, kid } = parsed.output
  const publicJwk = { kty, crv, x }
  const privateKey = await importKey(parsed.output)
  const publicKey = await importKey(publicJwk)
  const jwks = { keys: [{ ...publicJwk, kid, alg: TOKEN_ALGORITHM, use: 'sig' }] }
  return { kid, privateKey, publicKeys: new Map([[kid, publicKey]]), jwks }
}

let imported: { readonly privateJwk: string; readonly keys: AuthKeys } | undefined

/** The same, imported once per isolate. Keeps the value, not the promise: promises belong to one request. */
export async function authKeys(privateJwk: string): Promise<AuthKeys> {
  if (imported?.privateJwk !== privateJwk) imported = { privateJwk, keys: await importAuthKeys(privateJwk) }
  return imported.keys
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
