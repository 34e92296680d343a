/** The bridges' public keys, by key id. */
import { importJWK, type CryptoKey } from 'jose'
import * as v from 'valibot'

const PublicJwksSchema = v.object({
  keys: v.array(
    v.object({
      kty: v.literal('OKP'),
      crv: v.literal('Ed25519'),
      x: v.string(),
      kid: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    }),
  ),
})

export type IngestKeys = ReadonlyMap<string, CryptoKey>

/** @throws when the text is not `{"keys":[…]}` of Ed25519 public JWKs with distinct kids. */
export async function importIngestKeys(publicJwks: string): Promise<IngestKeys> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PublicJwksSchema), publicJwks)
  if (!parsed.success)
    throw new Error('INGEST_PUBLIC_JWKS: expected {"keys":[…]} of Ed25519 public JWKs with kid')
  const keys = new Map<string, CryptoKey>()
  for (const { kid, ...jwk } of parsed.output.keys) {
    const key = await importJWK(jwk, 'EdDSA')
    if (key instanceof Uint8Array || keys.has(kid))
      throw new Error(`INGEST_PUBLIC_JWKS: expected one public key per kid, was another for ${kid}`)
    keys.set(kid, key)
  }
  return keys
}

let imported: { readonly publicJwks: string; readonly keys: IngestKeys } | undefined

/** The same, imported once per isolate. */
export async function ingestKeys(publicJwks: string): Promise<IngestKeys> {
  if (imported?.publicJwks !== publicJwks) imported = { publicJwks, keys: await importIngestKeys(publicJwks) }
  return imported.keys
}
