/** New Ed25519 keys for tokens and bridges. The `kid` is the RFC 7638 thumbprint, so equal keys have equal ids. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

export interface Ed25519Jwks {
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

export async function generateEd25519Key(): Promise<Ed25519Jwks> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { kty = 'OKP', crv = 'Ed25519', x = '', d = '' } = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint({ kty, crv, x })
  return { privateJwk: { kty, crv, x, d, kid }, publicJwk: { kty, crv, x, kid } }
}
