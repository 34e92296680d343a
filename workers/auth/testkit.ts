/** Keys for tests. */
import { importAuthKeys, type AuthKeys } from './authKeys.ts'
import { generateEd25519Key } from './generateKey.ts'

export async function newAuthKeys(): Promise<AuthKeys> {
  const { privateJwk } = await generateEd25519Key()
  return importAuthKeys({ AUTH_PRIVATE_JWK: JSON.stringify(privateJwk) })
}
