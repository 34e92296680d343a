/** Every operation of the document with every parameter, header and field as it should not be; the document judges the answers. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { signPost } from '../../ingest/signPost.ts'
import { signOperatorPost } from '../../operator/operatorSignature.ts'
import { batchFor, seedSymbol, send, tokenFor } from '../../testing/requests.ts'
import { openApiDocument } from '../document.ts'
import { callsOf, goodCall, pathOf, type Call, type Known } from './calls.testkit.ts'
import { defectOf, operationsOf, takes, type Answer, type Operation } from './operations.testkit.ts'
import { Samples, type Schema } from './samples.testkit.ts'

const document = await openApiDocument(createApp(), 'test')
const samples = new Samples((document.components?.schemas ?? {}) as Record<string, Schema>)
const operations = operationsOf(document)
const known: Known = {
  parameters: { symbol: 'SYNTHETIC', metric: 'gammaPulse.netGex' },
  batch: new Uint8Array(batchFor('SYNTHETIC')),
}
const SNAPSHOT_ID = '20261120T143000Z'
const OWNER = 'owner'

/** What somebody else has: ids to try, and texts that nobody else may be told. */
const owned = { ids: new Set<string>(), texts: new Set<string>() }

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('SYNTHETIC')
  await seedSnapshot('SYNTHETIC', SNAPSHOT_ID)
  for (const operation of operations.filter(({ about }) => '201' in (about.responses ?? {}))) {
    const made = await ask(operation, goodCall(operation, samples, known), OWNER)
    if (made.status === 201) remember((JSON.parse(made.text) as { readonly data: object }).data)
  }
})

function remember(made: object): void {
  for (const [name, value] of Object.entries(made)) {
    if (name === 'id') owned.ids.add(String(value))
    if (typeof value === 'string' && value.length > 16 && Number.isNaN(Date.parse(value)))
      owned.texts.add(value)
  }
}

// First, because a window that is not renewed ends.
describe("somebody else's id", () => {
  const parameterOf = ({ parameters }: Operation) =>
    parameters.find(({ in: place, name }) => place === 'path' && name !== 'symbol')?.name
  const withId = operations.filter((operation) => parameterOf(operation) !== undefined)

  it.each(withId)('is as good as none at $method $pattern', async (operation) => {
    const name = parameterOf(operation) ?? ''
    const answerTo = async (id: string) => {
      const call = { ...goodCall(operation, samples, known), path: pathOf(operation, known, { [name]: id }) }
      const { status, text } = await ask(operation, call, 'stranger')
      return { status, code: (JSON.parse(text) as { readonly code: string }).code }
    }
    const toNone = await answerTo(crypto.randomUUID())
    expect(toNone.status).toBeGreaterThanOrEqual(400)
    expect(owned.ids.size).toBeGreaterThan(1)
    for (const id of owned.ids) expect(await answerTo(id)).toEqual(toNone)
  })

  it('leaves what it names as it was', async () => {
    const lists = operations.filter(({ method, parameters }) => method === 'GET' && parameters.length === 0)
    const held = await Promise.all(
      lists.map(async (operation) => (await ask(operation, goodCall(operation, samples, known), OWNER)).text),
    )
    for (const id of owned.ids) expect(held.filter((text) => text.includes(id))).not.toEqual([])
  })
})

describe('whatever is asked', () => {
  it.each(operations.map((operation, turn) => ({ ...operation, turn })))(
    '$method $pattern answers as documented, and nothing of somebody else',
    async ({ turn, ...operation }) => {
      const defects: string[] = []
      for (const call of callsOf(operation, turn, samples, known)) {
        const answer = await ask(operation, call, `caller ${turn}`)
        const isTold = [...owned.texts].some((text) => answer.text.includes(text))
        const defect = isTold ? `told of another: ${answer.text}` : defectOf(operation, call.verdict, answer)
        if (defect !== null) defects.push(`${inShort(call)}: ${defect}`)
      }
      expect(defects).toEqual([])
    },
  )
})

/** So that what is asked of the store of snapshots gets there. */
async function seedSnapshot(symbol: string, id: string): Promise<void> {
  const stub = env.SYMBOL.getByName(symbol)
  const [frame, levels] = await Promise.all([stub.readFrame(), stub.readLevels()])
  const text = JSON.stringify({ v: 1, type: 'snapshot', id, frame, levels: levels?.data, expiries: [] })
  const zipped = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  await env.SNAPSHOTS.put(id, await new Response(zipped).arrayBuffer())
  await env.DB.prepare(
    `INSERT INTO snapshots (symbol, id, as_of_ms, kind, r2_key, bytes) VALUES (?1, ?2, 0, 'minute', ?2, 1)`,
  )
    .bind(symbol, id)
    .run()
}

const tokens = new Map<string, string>()
async function tokenOf(subject: string): Promise<string> {
  const held = tokens.get(subject) ?? (await tokenFor('partner', subject))
  tokens.set(subject, held)
  return held
}

async function ask(operation: Operation, call: Call, subject: string): Promise<Answer> {
  const body = typeof call.body === 'string' ? new TextEncoder().encode(call.body) : call.body
  const { pathname } = new URL(call.path, 'https://flipwire.test')
  const signed = body ?? new Uint8Array()
  const who = takes(operation, 'bridgeKeyId')
    ? await signPost(env.TEST_INGEST_PRIVATE_JWK, pathname, signed, Date.now())
    : takes(operation, 'operatorSignature')
      ? await signOperatorPost(
          env.OPERATOR_SECRET ?? '',
          { method: 'POST', path: pathname, body: new TextDecoder().decode(signed) },
          Date.now(),
        )
      : { authorization: `Bearer ${await tokenOf(subject)}` }
  const isSocket = '101' in (operation.about.responses ?? {})
  const headers = new Headers({ ...who, ...(isSocket ? { upgrade: 'websocket' } : {}), ...call.headers })
  const init = { method: operation.method, headers, ...(body === undefined ? {} : { body }) }
  const response = await send(call.path, init)
  response.webSocket?.accept()
  response.webSocket?.close(1000)
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  return { status: response.status, type, text: response.webSocket ? '' : await response.text() }
}

function inShort({ what, path, headers, body }: Call): string {
  const short = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}… (${text.length})` : text)
  return `${what}: ${short(path)} ${short(JSON.stringify(headers))} ${short(String(body ?? ''))}`
}
