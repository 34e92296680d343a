/**
 * How an API key is written: `gex_live_` or `gex_test_`, 30 random base62 characters (178 bits), and 6 of a checksum over
 * all that, so that a typo is found without asking anyone, and a leaked key by a scanner that knows no keys.
 */
import { crc32 } from './binary/crc32.ts'

export const KEY_MODES = ['live', 'test'] as const
export type KeyMode = (typeof KEY_MODES)[number]

/** Characters of a key that are stored and shown: `gex_live_` and 8 more. */
export const KEY_PREFIX_LENGTH = 17

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 30
const CHECKSUM_LENGTH = 6
const KEY_PATTERN = /^(gex_(live|test)_[0-9A-Za-z]{30})([0-9A-Za-z]{6})$/
/** Largest multiple of 62 in a byte: above it a remainder would favour the first characters. */
const FAIR_BYTES = 248

/** `random` fills an array with random bytes. */
export function generateApiKey(mode: KeyMode, random: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  let secret = ''
  const bytes = new Uint8Array(64)
  while (secret.length < SECRET_LENGTH) {
    random(bytes)
    for (const byte of bytes)
      if (byte < FAIR_BYTES && secret.length < SECRET_LENGTH) secret += BASE62.charAt(byte % BASE62.length)
  }
  const body = `gex_${mode}_${secret}`
  return body + checksumOf(body)
}

/** Whether this is meant to be a key, however badly written. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('gex_')
}

/** The mode of a well-formed key, null for any other text. */
export function apiKeyMode(text: string): KeyMode | null {
  const [, body = '', mode, checksum] = KEY_PATTERN.exec(text) ?? []
  if (checksum !== checksumOf(body)) return null
  return mode === 'live' ? 'live' : 'test'
}

function checksumOf(body: string): string {
  let rest = crc32(Uint8Array.from(body, (character) => character.charCodeAt(0)))
  let digits = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = BASE62.charAt(rest % BASE62.length) + digits
    rest = Math.floor(rest / BASE62.length)
  }
  return digits
}
