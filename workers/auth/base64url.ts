/** Base64url as RFC 7515 §2 means it: no padding, no other alphabet, and one spelling per value. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * True when `text` is the one canonical spelling of its bytes. The unused bits of the last character must be zero:
 * decoders ignore them, which would let one signature be written in several ways.
 */
export function isCanonicalBase64url(text: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return false
  const lastBits = ALPHABET.indexOf(text.charAt(text.length - 1))
  switch (text.length % 4) {
    case 0:
      return true
    case 2:
      return (lastBits & 0b1111) === 0
    case 3:
      return (lastBits & 0b11) === 0
    default:
      return false
  }
}

export function encodeBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Bytes of a canonical spelling, null for any other text. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!isCanonicalBase64url(text)) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
