/** Every body the service takes: JSONTestSuite is refused throughout, and nothing of it becomes an error of ours. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { signPost } from '../ingest/signPost.ts'
import { problemOf, send, tokenFor } from '../testing/requests.ts'

interface JsonDocument {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Null where the vectors are absent. */
async function jsonTestSuite(): Promise<JsonDocument[] | null> {
  const folder = 'https://vectors/json-test-suite/'
  const listed = await env.TEST_VECTORS.fetch(folder)
  if (!listed.ok) return null
  const names = (await listed.json<string[]>()).filter((name) => name.endsWith('.json'))
  return Promise.all(
    names.map(async (name) => ({
      name,
      bytes: await (await env.TEST_VECTORS.fetch(`${folder}${encodeURIComponent(name)}`)).bytes(),
    })),
  )
}

const documents = await jsonTestSuite()
let authorization = ''
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  authorization = `Bearer ${await tokenFor('partner')}`
})

const withToken = async () => ({ authorization, 'content-type': 'application/json' })
const signed = (path: string, body: Uint8Array) =>
  signPost(env.TEST_INGEST_PRIVATE_JWK, path, body, Date.now())

it.skipIf(documents === null).each([
  ['/v1/windows', withToken, ['400 invalid_body']],
  ['/v1/keys', withToken, ['400 invalid_body']],
  ['/v1/ingest/JSON/lease', signed, ['400 invalid_parameter']],
  ['/v1/ingest/JSON/drain', signed, ['400 invalid_parameter']],
  ['/v1/ingest/JSON', signed, ['400 batch_bad_magic', '400 batch_truncated']],
] as const)('POST %s (skipped without ../shared/vectors)', async (path, headersFor, expected) => {
  const seen = new Set<string>()
  for (const { name, bytes } of documents ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- as one caller sends them
    const response = await send(path, { method: 'POST', body: bytes, headers: await headersFor(path, bytes) })
    // oxlint-disable-next-line no-await-in-loop
    const { status, code } = await problemOf(response).catch((error) => ({
      status: name,
      code: String(error),
    }))
    seen.add(`${status} ${code}`)
  }
  expect(documents?.length).toBeGreaterThan(300)
  expect([...seen].toSorted()).toEqual(expected)
})
