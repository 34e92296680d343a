/**
 * Signatures seen lately, so that a byte-for-byte repeat of a request is refused. Held in memory only: after an
 * eviction a repeated batch meets the position rule instead, which changes nothing twice either.
 */
import { SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'

/** A signature is verifiable from one window before its timestamp to one after. */
const REMEMBER_MS = 2 * SIGNATURE_WINDOW_MS

export class RecentSignatures {
  /** Insertion order is time order. */
  readonly #seenAtMs = new Map<string, number>()

  /** True the first time; false when the same signature came within the window. */
  admit(signature: string, nowMs: number): boolean {
    for (const [old, seenAtMs] of this.#seenAtMs) {
      if (nowMs - seenAtMs <= REMEMBER_MS) break
      this.#seenAtMs.delete(old)
    }
    if (this.#seenAtMs.has(signature)) return false
    this.#seenAtMs.set(signature, nowMs)
    return true
  }
}
