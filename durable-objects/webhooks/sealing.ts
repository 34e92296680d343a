/**
 * Webhook secrets as they are stored: AES-GCM under a key derived from the secret that signs our tokens. What is sealed names
 * its key, so that secrets of before a change of that one can be told apart and, while it is kept, opened.
 */
import * as v from 'valibot'

const FORM = 'sealed1'
const IV_BYTES = 12
const NAME_BITS = 64
const HKDF = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array() }

const PrivateJwkSchema = v.object({ d: v.pipe(v.string(), v.minLength(40)) })
const FormerJwksSchema = v.object({ keys: v.array(PrivateJwkSchema) })

/** As in the Worker's bindings. */
export interface SealingSecrets {
  readonly AUTH_PRIVATE_JWK: string
  /** `{"keys":[…]}`: private keys that were `AUTH_PRIVATE_JWK` before. */
  readonly AUTH_FORMER_PRIVATE_JWKS?: string
}

/** The first one seals; all open. */
export type SealingKeys = readonly { readonly name: string; readonly key: CryptoKey }[]

let held: { readonly secrets: string; readonly keys: SealingKeys } | undefined

/**
 * Made once per isolate.
 *
 * @throws when a secret is not what it should be; the message never holds a key.
 */
export async function sealingKeys({
  AUTH_PRIVATE_JWK,
  AUTH_FORMER_PRIVATE_JWKS = '',
}: SealingSecrets): Promise<SealingKeys> {
  const secrets = `${AUTH_PRIVATE_JWK}\n${AUTH_FORMER_PRIVATE_JWKS}`
  if (held?.secrets === secrets) return held.keys
  const current = privateKeys('AUTH_PRIVATE_JWK', AUTH_PRIVATE_JWK, PrivateJwkSchema)
  const former =
    AUTH_FORMER_PRIVATE_JWKS === ''
      ? []
      : privateKeys('AUTH_FORMER_PRIVATE_JWKS', AUTH_FORMER_PRIVATE_JWKS, FormerJwksSchema).keys
  const keys = await Promise.all([current, ...former].map(({ d }) => deriveKey(d)))
  held = { secrets, keys }
  return keys
}

/** `place`: where it is stored; it opens nowhere else. */
export async function seal(secret: string, place: string, [current]: SealingKeys): Promise<string> {
  if (current === undefined) throw new Error('expected a key to seal with, was none')
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const bytes = new TextEncoder().encode(secret)
  const sealed = await crypto.subtle.encrypt(algorithm(iv, place), current.key, bytes)
  return [FORM, current.name, toHex(iv), toHex(new Uint8Array(sealed))].join('.')
}

/** Null when the key it was sealed with is not among these, or it was sealed for another place. */
export async function unseal(stored: string, place: string, keys: SealingKeys): Promise<string | null> {
  const [form, name, iv = '', sealed = ''] = stored.split('.')
  const known = form === FORM ? keys.find((each) => each.name === name) : undefined
  if (known === undefined) return null
  try {
    const bytes = await crypto.subtle.decrypt(algorithm(fromHex(iv), place), known.key, fromHex(sealed))
    return new TextDecoder().decode(bytes)
  } catch {
    return null
  }
}

export function isSealed(stored: string): boolean {
  return stored.startsWith(`${FORM}.`)
}

/** Whether it needs no other key than the one that seals now. */
export function isSealedByFirst(stored: string, [current]: SealingKeys): boolean {
  return current !== undefined && stored.startsWith(`${FORM}.${current.name}.`)
}

/** From the key's own number, so that another spelling of its JWK is the same key. */
async function deriveKey(d: string): Promise<SealingKeys[number]> {
  const material = await crypto.subtle.importKey('raw', encoded(d), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const derivation = { ...HKDF, info: encoded('flipwire webhook secret 1') }
  const key = await crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const naming = { ...HKDF, info: encoded('flipwire webhook secret key name 1') }
  return { name: toHex(new Uint8Array(await crypto.subtle.deriveBits(naming, material, NAME_BITS))), key }
}

function privateKeys<T extends v.GenericSchema>(name: string, text: string, schema: T): v.InferOutput<T> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text)
  if (parsed.success) return parsed.output
  throw new Error(`${name}: expected private JWK, was something else`)
}

function algorithm(iv: Uint8Array<ArrayBuffer>, place: string) {
  return { name: 'AES-GCM', iv, additionalData: encoded(place) }
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array((hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16)))
}
