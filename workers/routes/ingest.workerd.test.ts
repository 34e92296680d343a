import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { IngestAccepted } from '#schemas/ingest/answer'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import { MAX_BATCH_BYTES } from '#schemas/ingest/codec'
import { INGEST_HEADERS, SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'
import { createApp } from '../app.ts'
import { signPost } from '../ingest/signPost.ts'
import { envWithObjects, platformError } from '../testing/brokenObjects.ts'
import { batchFor, postBatch, problemOf, send } from '../testing/requests.ts'

const { epoch } = SAMPLE_BATCH

describe('a signed batch', () => {
  it('is applied and acknowledged with its position', async () => {
    const response = await postBatch('INGEST', batchFor('INGEST'))
    expect(response.status).toBe(200)
    const answer = await response.json<IngestAccepted>()
    expect(answer).toMatchObject({ ok: true, status: 'applied', position: { epoch, sequence: 1 } })
  })

  it('is a duplicate when it comes again, signed anew', async () => {
    const body = batchFor('TWICE')
    await postBatch('TWICE', body)
    const again = await postBatch('TWICE', body, { timestampMs: Date.now() - 1 })
    expect(await again.json()).toMatchObject({ status: 'duplicate', position: { epoch, sequence: 1 } })
  })

  it('is refused as a replay when the very same request comes again', async () => {
    const body = batchFor('REPLAY')
    const timestampMs = Date.now()
    await postBatch('REPLAY', body, { timestampMs })
    const problem = await problemOf(await postBatch('REPLAY', body, { timestampMs }))
    expect(problem).toMatchObject({ status: 409, code: 'replayed_request' })
    expect(problem.errors?.[0]?.field).toBe(INGEST_HEADERS.signature)
  })

  it('is refused with the expected position when one is missing before it', async () => {
    await postBatch('GAP', batchFor('GAP'))
    const problem = await problemOf(await postBatch('GAP', batchFor('GAP', { sequence: 5 })))
    expect(problem).toMatchObject({ status: 409, code: 'sequence_gap', expected: { epoch, sequence: 2 } })
  })

  it('is refused when a newer epoch has taken over', async () => {
    await postBatch('EPOCH', batchFor('EPOCH', { epoch: epoch + 1 }))
    const problem = await problemOf(await postBatch('EPOCH', batchFor('EPOCH')))
    expect(problem).toMatchObject({ status: 409, code: 'stale_epoch' })
  })
})

describe('a batch whose sender is not proven', () => {
  it.each(Object.values(INGEST_HEADERS))('is refused without %s', async (name) => {
    const body = batchFor('UNSIGNED')
    const headers = await signPost(env.TEST_INGEST_PRIVATE_JWK, '/v1/ingest/UNSIGNED', body, Date.now())
    delete headers[name]
    const problem = await problemOf(await send('/v1/ingest/UNSIGNED', { method: 'POST', body, headers }))
    expect(problem).toMatchObject({ status: 401, code: 'missing_signature', errors: [{ field: name }] })
  })

  it('is refused under an unknown key, outside the window, and with another signature', async () => {
    const body = batchFor('FORGED')
    const unknown = await postBatch('FORGED', body, { headers: { [INGEST_HEADERS.keyId]: 'nobody' } })
    expect(await problemOf(unknown)).toMatchObject({ status: 401, code: 'unknown_key' })
    const late = await postBatch('FORGED', body, { timestampMs: Date.now() - SIGNATURE_WINDOW_MS - 1_000 })
    expect(await problemOf(late)).toMatchObject({ status: 401, code: 'signature_expired' })
    const headers = { [INGEST_HEADERS.signature]: 'A'.repeat(86) }
    const forged = await postBatch('FORGED', body, { headers })
    expect(await problemOf(forged)).toMatchObject({ status: 401, code: 'invalid_signature' })
  })

  it('leaves no trace: the symbol stays unknown', async () => {
    await send('/v1/ingest/GHOST', { method: 'POST', body: batchFor('GHOST') })
    expect(await env.SYMBOL.getByName('GHOST').readFeed()).toBeNull()
  })

  it('is not let in by an access token', async () => {
    const headers = { authorization: 'Bearer anything' }
    const response = await send('/v1/ingest/TOKEN', { method: 'POST', body: batchFor('TOKEN'), headers })
    expect((await problemOf(response)).code).toBe('missing_signature')
  })
})

describe('a body that is no batch for this symbol', () => {
  it('is refused naming what differs', async () => {
    const other = await problemOf(await postBatch('SPY', batchFor('QQQ')))
    expect(other).toMatchObject({ status: 400, code: 'batch_symbol', errors: [{ field: 'symbol' }] })
    expect(other.detail).toBe('expected SPY as in the path, was QQQ')
  })

  it.each([
    ['empty', () => new Uint8Array(0), 'batch_truncated'],
    ['cut short', () => batchFor('BAD').slice(0, -8), 'batch_truncated'],
    ['of another format', () => new Uint8Array(200), 'batch_bad_magic'],
    [
      'with a flipped bit',
      () => batchFor('BAD').map((byte, i) => (i === 200 ? byte ^ 1 : byte)),
      'batch_checksum',
    ],
  ])('is refused when %s', async (_, body, code) => {
    const problem = await problemOf(await postBatch('BAD', body()))
    expect(problem).toMatchObject({ status: 400, code })
    expect(problem.errors).toHaveLength(1)
  })

  it('is refused over the size cap, with its length declared or not', async () => {
    const body = new Uint8Array(MAX_BATCH_BYTES + 1)
    expect(await problemOf(await postBatch('LARGE', body))).toMatchObject({
      status: 413,
      code: 'batch_too_large',
    })
    const headers = await signPost(env.TEST_INGEST_PRIVATE_JWK, '/v1/ingest/LARGE', body, Date.now())
    const streamed = await send('/v1/ingest/LARGE', {
      method: 'POST',
      headers,
      body: new Blob([body.slice(0, 600_000), body.slice(600_000)]).stream(),
    })
    expect((await problemOf(streamed)).code).toBe('batch_too_large')
  })

  it.each(['spx', '1SPX', 'SPX%20', 'ABCDEFGHIJKLM'])('is refused for the symbol %s', async (symbol) => {
    const response = await postBatch(symbol, batchFor('SPX'))
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'invalid_symbol' })
  })
})

describe('an object that cannot take it', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterAll(() => log.mockRestore())

  async function postTo(error: Error): Promise<{ response: Response; attempts: number }> {
    let attempts = 0
    const applyBatch = async () => {
      attempts++
      throw error
    }
    const broken = envWithObjects(() => ({ applyBatch }))
    const body = batchFor('BROKEN')
    const headers = await signPost(env.TEST_INGEST_PRIVATE_JWK, '/v1/ingest/BROKEN', body, Date.now())
    const context = createExecutionContext()
    const response = await createApp().request(
      '/v1/ingest/BROKEN',
      { method: 'POST', body, headers },
      broken,
      context,
    )
    return { response, attempts }
  }

  it.each([
    ['overloaded', { overloaded: true, retryable: true, remote: true }],
    ['restarting', { retryable: true, remote: true }],
    ['unreachable', {}],
  ])('%s: 503 with Retry-After after one attempt', async (_, flags) => {
    const { response, attempts } = await postTo(platformError('platform says no', flags))
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(attempts).toBe(1)
  })

  it('defective: 500 that says nothing of the defect', async () => {
    const { response } = await postTo(platformError('secret inner detail', { remote: true }))
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).not.toContain('secret inner detail')
    const { requestId } = JSON.parse(text) as { requestId: string }
    const [line] = log.mock.lastCall ?? []
    expect(JSON.parse(String(line))).toMatchObject({ requestId, message: 'secret inner detail' })
  })
})
