import { describe, expect, it } from 'vitest'
import { endOne, endTokens, NOTHING_REVOKED } from '#durable-objects/account/revocation'
import {
  answered,
  asking,
  isAccountDue,
  isMarkDue,
  MARK_KNOWN_FOR_MS,
  markUnchanged,
  NOTHING_KNOWN,
  REVOCATIONS_KNOWN_FOR_MS,
} from './revocationMemory.ts'

const REVOKED = endTokens(NOTHING_REVOKED, 500)

describe('what an isolate knows of revocations', () => {
  it('is asked for at once, and then again by its age', () => {
    expect(isMarkDue(NOTHING_KNOWN, 0)).toBe(true)
    expect(isAccountDue(NOTHING_KNOWN, 0)).toBe(true)
    const known = markUnchanged(answered(NOTHING_KNOWN, REVOKED, 1_000), 1_000)
    expect(isMarkDue(known, 1_000 + MARK_KNOWN_FOR_MS - 1)).toBe(false)
    expect(isMarkDue(known, 1_000 + MARK_KNOWN_FOR_MS)).toBe(true)
    expect(isAccountDue(known, 1_000 + REVOCATIONS_KNOWN_FOR_MS - 1)).toBe(false)
    expect(isAccountDue(known, 1_000 + REVOCATIONS_KNOWN_FOR_MS)).toBe(true)
  })

  it('is asked for once while the question is on its way, and again when no answer came', () => {
    const known = asking(NOTHING_KNOWN, 1_000)
    expect(isAccountDue(known, 1_001)).toBe(false)
    expect(isAccountDue(known, 1_000 + REVOCATIONS_KNOWN_FOR_MS)).toBe(true)
  })

  it('keeps the newer answer, whichever comes first', () => {
    const known = answered(NOTHING_KNOWN, REVOKED, 1_000)
    expect(answered(known, NOTHING_REVOKED, 999)).toBe(known)
    expect(answered(known, NOTHING_REVOKED, 1_001).revocations).toBe(NOTHING_REVOKED)
  })

  it('takes an answer although another question has been asked since', () => {
    expect(answered(asking(NOTHING_KNOWN, 1_001), REVOKED, 1_000).revocations).toBe(REVOKED)
  })

  it('loses nothing of two answers of one instant', () => {
    const known = answered(answered(NOTHING_KNOWN, REVOKED, 1_000), endOne(NOTHING_REVOKED, 'a', 1), 1_000)
    expect(known.revocations).toEqual({ notBeforeMs: REVOKED.notBeforeMs, ended: ['a'] })
  })

  it('takes the mark over only with the answer it led to', () => {
    const known = answered(NOTHING_KNOWN, REVOKED, 1_000, 'mark')
    expect(markUnchanged(known, 2_000).mark).toBe('mark')
    expect(answered(known, REVOKED, 999, 'older').mark).toBe('mark')
  })
})
