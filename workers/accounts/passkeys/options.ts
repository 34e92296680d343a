/** What an authenticator is asked for. */
import { CHALLENGE_LIFE_MS, type CreationOptions, type RequestOptions } from '#schemas/rest/passkeys'
import { encodeBase64url } from '../../auth/base64url.ts'
import type { Account } from '../accountStore.ts'
import type { PasskeyRecord } from './passkeyStore.ts'

/** Ed25519, ECDSA P-256, RSA: what authenticators make. */
const ALGORITHMS = [-8, -7, -257]

/** Kept by the authenticator and given back with each sign-in; holds no name. */
export function userHandleOf({ id }: Pick<Account, 'id'>): string {
  return encodeBase64url(new TextEncoder().encode(id))
}

/** Of a site: its passkeys work there and nowhere else. */
export function creationOptions(
  rpId: string,
  account: Account,
  held: readonly PasskeyRecord[],
  challenge: string,
): CreationOptions {
  return {
    rp: { id: rpId, name: 'Flipwire' },
    user: { id: userHandleOf(account), name: account.email, displayName: account.email },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_LIFE_MS,
    excludeCredentials: held.map(({ id, transports }) => ({
      id,
      type: 'public-key',
      transports: [...transports],
    })),
    // It stands alone, without a password beside it: so it says who, and the device makes sure it is them.
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  }
}

export function requestOptions(rpId: string, challenge: string): RequestOptions {
  return { challenge, rpId, timeout: CHALLENGE_LIFE_MS, userVerification: 'required' }
}
