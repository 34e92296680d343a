import { describe, expect, it } from 'vitest'
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import { COMPACT_SUBPROTOCOLS, negotiateEncoding, readCaller, STREAM_CALLER_HEADERS } from './caller.ts'

describe('negotiateEncoding', () => {
  it.each([
    [null, 'json', null],
    ['', 'json', null],
    ['bearer.abc', 'json', null],
    ['toString', 'json', null],
    [SUBPROTOCOL_BINARY, 'binary', SUBPROTOCOL_BINARY],
    [`bearer.abc,${SUBPROTOCOL_JSON}`, 'json', SUBPROTOCOL_JSON],
    [`${SUBPROTOCOL_JSON}, ${SUBPROTOCOL_BINARY}`, 'json', SUBPROTOCOL_JSON],
  ])('of %j is %s', (offered, encoding, subprotocol) => {
    expect(negotiateEncoding(offered, COMPACT_SUBPROTOCOLS)).toEqual({ encoding, subprotocol })
  })
})

describe('readCaller', () => {
  const headers = (fields: Partial<Record<keyof typeof STREAM_CALLER_HEADERS, string>>) =>
    new Headers(
      Object.entries(fields).map(([field, value]) => [STREAM_CALLER_HEADERS[field as 'tier'], value]),
    )

  it('reads who the Worker vouches for', () => {
    expect(readCaller(headers({ subject: 'a', tier: 'pro', expiresAtMs: '17' }))).toEqual({
      subject: 'a',
      tier: 'pro',
      expiresAtMs: 17,
    })
  })

  it.each([
    [{}],
    [{ subject: 'a', tier: 'pro' }],
    [{ subject: 'a', tier: 'king', expiresAtMs: '17' }],
    [{ subject: '', tier: 'pro', expiresAtMs: '17' }],
    [{ subject: 'a', tier: 'pro', expiresAtMs: 'soon' }],
  ])('is nobody for %j', (fields) => {
    expect(readCaller(headers(fields))).toBeNull()
  })
})
