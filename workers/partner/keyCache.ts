/**
 * What an isolate remembers of API keys. A revoked one is good for `KNOWN_FOR_MS` more at most; half the promised minute,
 * so that clocks and a slow database have the other half.
 */
import type { KeyRecord } from './keyStore.ts'

const KNOWN_FOR_MS = 30_000
/** Shorter, because a key just made has to work. */
const UNKNOWN_FOR_MS = 2_000
const TOUCH_EVERY_MS = 60_000
const MAX_REMEMBERED = 5_000

export interface KnownKey {
  readonly key: KeyRecord | null
  /** When the list was asked. */
  readonly atMs: number
}

interface Remembered extends KnownKey {
  touchedMs: number
}

export class KeyCache {
  readonly #remembered = new Map<string, Remembered>()

  /** `read` is asked at most once per key and half a minute. */
  async find(sha256: string, read: () => Promise<KeyRecord | null>, nowMs: number): Promise<KnownKey> {
    const held = this.#remembered.get(sha256)
    if (held !== undefined && nowMs - held.atMs < (held.key === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS))
      return held
    const key = await read()
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    // As of before the question: an answer must not count as younger than it may be.
    const known = { key, atMs: nowMs, touchedMs: held?.touchedMs ?? 0 }
    this.#remembered.set(sha256, known)
    return known
  }

  /** The list is asked with the next use. */
  doubt(sha256: string): void {
    const held = this.#remembered.get(sha256)
    if (held !== undefined) this.#remembered.set(sha256, { ...held, atMs: -Infinity })
  }

  /** Whether its use is worth writing down again. */
  isTouchDue(sha256: string, nowMs: number): boolean {
    const held = this.#remembered.get(sha256)
    if (held === undefined || nowMs - held.touchedMs < TOUCH_EVERY_MS) return false
    held.touchedMs = nowMs
    return true
  }
}
