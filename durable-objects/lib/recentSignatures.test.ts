import { expect, it } from 'vitest'
import { SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'
import { RecentSignatures } from './recentSignatures.ts'

it('admits a signature once for as long as it could be verified', () => {
  const recent = new RecentSignatures()
  expect(recent.admit('a', 1_000)).toBe(true)
  expect(recent.admit('b', 1_000)).toBe(true)
  expect(recent.admit('a', 1_000 + 2 * SIGNATURE_WINDOW_MS)).toBe(false)
  expect(recent.admit('a', 1_001 + 2 * SIGNATURE_WINDOW_MS)).toBe(true)
})
