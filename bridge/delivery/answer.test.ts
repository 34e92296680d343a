import { describe, expect, it } from 'vitest'
import { readAnswer } from './answer.ts'

const NOW = Date.UTC(2026, 10, 20, 15)

describe('readAnswer', () => {
  it.each([
    [500, null, '', { kind: 'unavailable', reason: 'HTTP 500', retryAfterMs: null }],
    [
      503,
      '3',
      '{"code":"unavailable"}',
      { kind: 'unavailable', reason: 'HTTP 503 unavailable', retryAfterMs: 3_000 },
    ],
    [429, 'Fri, 20 Nov 2026 15:00:05 GMT', '', { kind: 'unavailable', retryAfterMs: 5_000 }],
    [408, 'soon', '', { kind: 'unavailable', retryAfterMs: null }],
    [200, null, '<html>', { kind: 'unavailable', reason: 'HTTP 200 without an ingest answer' }],
    [200, null, '{"ok":true}', { kind: 'unavailable' }],
    [401, null, '{"code":"signature_expired"}', { kind: 'signAgain', reason: 'signature_expired' }],
    [409, null, '{"code":"replayed_request"}', { kind: 'signAgain' }],
    [409, null, '{"code":"stale_epoch","detail":"8 is newer"}', { kind: 'stale', detail: '8 is newer' }],
    [409, null, '{"code":"sequence_gap"}', { kind: 'gap', expected: null }],
    [
      401,
      null,
      '{"code":"unknown_key","detail":"no kid"}',
      { kind: 'refused', code: 'unknown_key', field: null },
    ],
    [302, null, '', { kind: 'refused', code: 'http_302' }],
    [404, null, 'not found', { kind: 'refused', code: 'http_404', detail: 'not found' }],
    [
      400,
      null,
      '{"code":"batch_field","detail":"bad","errors":[{"field":"contracts.strike[3]","detail":"0"}]}',
      { kind: 'refused', code: 'batch_field', field: 'contracts.strike[3]' },
    ],
  ])('HTTP %i, Retry-After %s, %s', (status, retryAfter, body, expected) => {
    expect(readAnswer(status, retryAfter, body, NOW)).toMatchObject(expected)
  })

  it('reads acceptance and the position to go on from', () => {
    const body = '{"ok":true,"status":"duplicate","position":{"epoch":7,"sequence":3},"flagged":2}'
    expect(readAnswer(200, null, body, NOW)).toEqual({
      kind: 'accepted',
      position: { epoch: 7, sequence: 3 },
      flagged: 2,
      duplicate: true,
    })
    const gap = '{"code":"sequence_gap","expected":{"epoch":7,"sequence":4}}'
    expect(readAnswer(409, null, gap, NOW)).toEqual({ kind: 'gap', expected: { epoch: 7, sequence: 4 } })
  })
})
