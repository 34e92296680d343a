/** The browser's side of passkeys. What goes between it and the service is the JSON both of them write. */
import type { CreationOptions, RequestOptions } from '#schemas/rest/passkeys'

/** Whether this browser can; addresses such as 127.0.0.1 cannot have passkeys. */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
    !/^[\d.]+$|:/.test(location.hostname)
  )
}

/** Null: the person thought better of it. */
export function makePasskey(options: CreationOptions): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  )
  return answered(() => navigator.credentials.create({ publicKey }))
}

export function showPasskey(options: RequestOptions): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return answered(() => navigator.credentials.get({ publicKey }))
}

async function answered(ask: () => Promise<Credential | null>): Promise<object | null> {
  try {
    const credential = await ask()
    return credential instanceof PublicKeyCredential ? credential.toJSON() : null
  } catch (cause) {
    // What browsers say of a dialog that was closed, or left open for too long.
    if (cause instanceof DOMException && cause.name === 'NotAllowedError') return null
    throw cause
  }
}
