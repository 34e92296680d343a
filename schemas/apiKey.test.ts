import { describe, expect, it } from 'vitest'
import { apiKeyMode, generateApiKey, KEY_PREFIX_LENGTH } from './apiKey.ts'

/** A fixed stream of bytes. */
function counted() {
  let next = 0
  return (bytes: Uint8Array) => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = next = (next * 13 + 7) % 256
  }
}

const key = generateApiKey('live', counted())

describe('an API key', () => {
  it('is written as it always was', () => {
    expect(key).toMatch(/^gex_live_[0-9A-Za-z]{36}$/)
    expect(key).toBe('gex_live_7a1KBQfgHADP4nMRsHgVivubSTIbE31eEwf1')
    expect(key.slice(0, KEY_PREFIX_LENGTH)).toMatch(/^gex_live_.{8}$/)
    expect(apiKeyMode(key)).toBe('live')
    expect(apiKeyMode(generateApiKey('test', counted()))).toBe('test')
  })

  it('is found out with any one character changed, missing, or two of them swapped', () => {
    for (let at = 0; at < key.length; at++) {
      const other = key[at] === 'A' ? 'B' : 'A'
      expect(apiKeyMode(key.slice(0, at) + other + key.slice(at + 1)), `changed at ${at}`).toBeNull()
      expect(apiKeyMode(key.slice(0, at) + key.slice(at + 1)), `missing at ${at}`).toBeNull()
      const swapped = key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2)
      expect(apiKeyMode(swapped), `swapped at ${at}`).toBe(swapped === key ? 'live' : null)
    }
  })

  it('of the sandbox does not become a live one by its name', () => {
    expect(apiKeyMode(key.replace('live', 'test'))).toBeNull()
  })

  it('uses every character about as often as every other', () => {
    let seed = 1
    const random = (bytes: Uint8Array) => {
      for (let i = 0; i < bytes.length; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        bytes[i] = seed >>> 24
      }
    }
    const counts = new Map<string, number>()
    for (let i = 0; i < 2_000; i++)
      for (const character of generateApiKey('live', random).slice(9, 39))
        counts.set(character, (counts.get(character) ?? 0) + 1)
    const expected = (2_000 * 30) / 62
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count - expected) / expected).toBeLessThan(0.2)
  })
})
