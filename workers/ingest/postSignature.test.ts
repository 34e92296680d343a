import { beforeAll, describe, expect, it } from 'vitest'
import { INGEST_HEADERS, SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'
import { generateEd25519Key } from '../auth/generateKey.ts'
import { importIngestKeys, type IngestKeys } from './ingestKeys.ts'
import { readPostClaim, verifyPost } from './postSignature.ts'
import { signPost } from './signPost.ts'

const nowMs = Date.UTC(2026, 10, 20, 15, 30)
const path = '/v1/ingest/SPX'
const body = new TextEncoder().encode('a batch')
let privateJwk: string
let keys: IngestKeys
let headers: Record<string, string>

beforeAll(async () => {
  const pair = await generateEd25519Key()
  privateJwk = JSON.stringify(pair.privateJwk)
  keys = await importIngestKeys(JSON.stringify({ keys: [pair.publicJwk] }))
  headers = await signPost(privateJwk, path, body, nowMs)
})

async function verdict(
  changed: Record<string, string | undefined> = {},
  at: { method?: string; path?: string; body?: Uint8Array; nowMs?: number } = {},
): Promise<string> {
  const all: Record<string, string | undefined> = { ...headers, ...changed }
  const read = readPostClaim(
    at.method ?? 'POST',
    at.path ?? path,
    (name) => all[name],
    keys,
    at.nowMs ?? nowMs,
  )
  if (!read.ok) return `${read.code} ${read.field}`
  const verified = await verifyPost(read.claim, at.body ?? body)
  return verified.ok ? 'ok' : `${verified.code} ${verified.field}`
}

describe('a signed post', () => {
  it('is accepted as it was signed', async () => {
    expect(await verdict()).toBe('ok')
  })

  it.each(Object.values(INGEST_HEADERS))('is refused without %s', async (name) => {
    expect(await verdict({ [name]: undefined })).toBe(`missing_signature ${name}`)
  })

  it('is refused under an unknown key id', async () => {
    expect(await verdict({ [INGEST_HEADERS.keyId]: 'other' })).toBe(`unknown_key ${INGEST_HEADERS.keyId}`)
  })

  it('is refused when body, path, method or timestamp differ from what was signed', async () => {
    const field = `invalid_signature ${INGEST_HEADERS.signature}`
    expect(await verdict({}, { body: new TextEncoder().encode('a batcH') })).toBe(field)
    expect(await verdict({}, { path: '/v1/ingest/SPY' })).toBe(field)
    expect(await verdict({}, { method: 'PUT' })).toBe(field)
    expect(await verdict({ [INGEST_HEADERS.timestamp]: String(nowMs + 1) })).toBe(field)
  })

  it('is good for exactly the window on either side', async () => {
    expect(await verdict({}, { nowMs: nowMs + SIGNATURE_WINDOW_MS })).toBe('ok')
    expect(await verdict({}, { nowMs: nowMs - SIGNATURE_WINDOW_MS })).toBe('ok')
    const expired = `signature_expired ${INGEST_HEADERS.timestamp}`
    expect(await verdict({}, { nowMs: nowMs + SIGNATURE_WINDOW_MS + 1 })).toBe(expired)
    expect(await verdict({}, { nowMs: nowMs - SIGNATURE_WINDOW_MS - 1 })).toBe(expired)
  })

  it.each(['', 'soon', '1e12', '-1', '0x10', ' 1', String(Number.MAX_SAFE_INTEGER) + '0'])(
    'is refused with the timestamp "%s"',
    async (timestamp) => {
      expect(await verdict({ [INGEST_HEADERS.timestamp]: timestamp })).toMatch(
        /^(missing_signature|invalid_signature|signature_expired) flipwire-timestamp$/,
      )
    },
  )

  it('has one identity however its signature is spelled', async () => {
    const signature = headers[INGEST_HEADERS.signature] ?? ''
    const padded = `${signature.replaceAll('-', '+').replaceAll('_', '/')}==`
    const claims = [signature, padded].map((text) =>
      readPostClaim(
        'POST',
        path,
        (name) => (name === INGEST_HEADERS.signature ? text : headers[name]),
        keys,
        nowMs,
      ),
    )
    expect(claims.map((read) => read.ok && read.claim.signature)).toEqual([signature, signature])
  })

  it.each(['AAAA', 'é', `${'A'.repeat(85)}B`])('is refused with the signature %s', async (signature) => {
    const expected = `invalid_signature ${INGEST_HEADERS.signature}`
    expect(await verdict({ [INGEST_HEADERS.signature]: signature })).toBe(expected)
  })
})

describe('the configured keys', () => {
  it.each(['', '{}', '{"keys":[{"kty":"RSA"}]}', '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}'])(
    'are refused when they are %s',
    async (text) => {
      await expect(importIngestKeys(text)).rejects.toThrow('INGEST_PUBLIC_JWKS')
    },
  )

  it('are refused when two share a kid', async () => {
    const { publicJwk } = await generateEd25519Key()
    const text = JSON.stringify({ keys: [publicJwk, publicJwk] })
    await expect(importIngestKeys(text)).rejects.toThrow('one public key per kid')
  })
})
