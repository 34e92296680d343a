/** An authenticator in software, for tests: ECDSA P-256, a counter, one user; each part can be made wrong. */
import { encodeBase64url } from '../../auth/base64url.ts'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40
const encoder = new TextEncoder()

/** What it signs; the defaults of an honest one. */
export interface Ceremony {
  readonly origin: string
  readonly rpId: string
  readonly challenge: string
  readonly type?: string
  readonly flags?: number
  readonly userHandle?: string
}

export class Authenticator {
  readonly #keys: CryptoKeyPair
  readonly id: string
  readonly #idBytes: Uint8Array<ArrayBuffer>
  counter = 0

  static async make(): Promise<Authenticator> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
    return new Authenticator(keys, crypto.getRandomValues(new Uint8Array(16)))
  }

  constructor(keys: CryptoKeyPair, idBytes: Uint8Array<ArrayBuffer>) {
    this.#keys = keys
    this.#idBytes = idBytes
    this.id = encodeBase64url(idBytes)
  }

  async register(ceremony: Ceremony) {
    const raw = new Uint8Array((await crypto.subtle.exportKey('raw', this.#keys.publicKey)) as ArrayBuffer)
    const cose = cborMap([
      [1, cborInt(2)],
      [3, cborInt(-7)],
      [-1, cborInt(1)],
      [-2, cborBytes(raw.slice(1, 33))],
      [-3, cborBytes(raw.slice(33))],
    ])
    const flags = ceremony.flags ?? USER_PRESENT | USER_VERIFIED
    const authData = concat(
      await this.#head(ceremony.rpId, flags | HAS_CREDENTIAL),
      new Uint8Array(16),
      Uint8Array.of(0, this.#idBytes.length),
      this.#idBytes,
      cose,
    )
    const attestationObject = concat(
      Uint8Array.of(0xa3),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Uint8Array.of(0xa0),
      cborText('authData'),
      cborBytes(authData),
    )
    return this.#credential({
      clientDataJSON: encodeBase64url(clientData({ type: 'webauthn.create', ...ceremony })),
      attestationObject: encodeBase64url(attestationObject),
      transports: ['internal'],
    })
  }

  async assert(ceremony: Ceremony) {
    this.counter += 1
    const data = clientData({ type: 'webauthn.get', ...ceremony })
    const authenticatorData = await this.#head(ceremony.rpId, ceremony.flags ?? USER_PRESENT | USER_VERIFIED)
    const signed = concat(authenticatorData, await sha256(data))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, this.#keys.privateKey, signed))
    return this.#credential({
      clientDataJSON: encodeBase64url(data),
      authenticatorData: encodeBase64url(authenticatorData),
      signature: encodeBase64url(derOf(signature)),
      ...(ceremony.userHandle === undefined ? {} : { userHandle: ceremony.userHandle }),
    })
  }

  #credential<R>(response: R) {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} }
  }

  async #head(rpId: string, flags: number): Promise<Uint8Array<ArrayBuffer>> {
    const counter = new Uint8Array(4)
    new DataView(counter.buffer).setUint32(0, this.counter)
    return concat(await sha256(concat(encoder.encode(rpId))), Uint8Array.of(flags), counter)
  }
}

function clientData({ type, challenge, origin }: Ceremony): Uint8Array<ArrayBuffer> {
  return concat(encoder.encode(JSON.stringify({ type, challenge, origin, crossOrigin: false })))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** Two numbers side by side, as WebCrypto writes them, in the DER of WebAuthn. */
function derOf(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const integer = (bytes: Uint8Array) => {
    const start = Math.max(
      0,
      bytes.findIndex((byte) => byte !== 0),
    )
    const trimmed = bytes.slice(start)
    const padded = (trimmed[0] ?? 0) > 0x7f ? concat(Uint8Array.of(0), trimmed) : trimmed
    return concat(Uint8Array.of(0x02, padded.length), padded)
  }
  const body = concat(integer(signature.slice(0, 32)), integer(signature.slice(32)))
  return concat(Uint8Array.of(0x30, body.length), body)
}

function cborInt(value: number): Uint8Array {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value)
}

function cborBytes(bytes: Uint8Array): Uint8Array {
  return concat(cborHead(2, bytes.length), bytes)
}

function cborText(text: string): Uint8Array {
  return concat(cborHead(3, text.length), encoder.encode(text))
}

function cborMap(entries: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  return concat(cborHead(5, entries.length), ...entries.flatMap(([key, value]) => [cborInt(key), value]))
}

function cborHead(major: number, length: number): Uint8Array {
  if (length < 24) return Uint8Array.of((major << 5) | length)
  if (length < 256) return Uint8Array.of((major << 5) | 24, length)
  return Uint8Array.of((major << 5) | 25, length >> 8, length & 0xff)
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
