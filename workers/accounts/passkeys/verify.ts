/**
 * Whether an authenticator's answer is right: for our site and origin, to this challenge, by
 * a device that made sure of its owner. The library is loaded when the first passkey is shown: few requests need it.
 */
import * as v from 'valibot'
import type { Assertion, Registration } from '#schemas/rest/passkeys'
import { decodeBase64url, encodeBase64url } from '../../auth/base64url.ts'
import { userHandleOf } from './options.ts'
import type { PasskeyRecord } from './passkeyStore.ts'

export interface Site {
  /** The host, to which passkeys are bound. */
  readonly rpId: string
  readonly origin: string
}

export function siteOf(requestUrl: string): Site {
  const { hostname, origin } = new URL(requestUrl)
  return { rpId: hostname, origin }
}

export type NewCredential = Pick<PasskeyRecord, 'id' | 'publicKey' | 'counter' | 'transports'>

/** Null when it is not right. */
export async function verifyRegistration(
  { id, rawId, type, response }: Registration,
  { rpId, origin }: Site,
  challenge: string,
): Promise<NewCredential | null> {
  const { clientDataJSON, attestationObject, transports } = response
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const verified = await rightOrNull(() =>
    verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    }),
  )
  if (!verified?.verified) return null
  const made = verified.registrationInfo.credential
  return { id: made.id, publicKey: encodeBase64url(made.publicKey), counter: made.counter, transports }
}

/** The counter to keep; null when it is not right. */
export async function verifyAssertion(
  { id, rawId, type, response }: Assertion,
  passkey: PasskeyRecord,
  { rpId, origin }: Site,
  challenge: string,
): Promise<number | null> {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const publicKey = decodeBase64url(passkey.publicKey)
  if (publicKey === null || (userHandle ?? '') !== userHandleOf({ id: passkey.accountId })) return null
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const verified = await rightOrNull(() =>
    verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id: passkey.id, publicKey, counter: passkey.counter },
      requireUserVerification: true,
    }),
  )
  return verified?.verified ? verified.authenticationInfo.newCounter : null
}

const ClientDataSchema = v.object({ challenge: v.string() })

/** Which challenge it says it answers; null when it says none. */
export function challengeOf({ response }: Registration | Assertion): string | null {
  try {
    const text = new TextDecoder().decode(decodeBase64url(response.clientDataJSON) ?? new Uint8Array())
    return v.parse(ClientDataSchema, JSON.parse(text)).challenge
  } catch {
    return null
  }
}

/** The library throws at whatever is not as it should be. */
async function rightOrNull<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify()
  } catch {
    return null
  }
}
