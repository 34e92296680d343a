/** The tools as an assistant's host meets them: through the official client of the protocol, over HTTP, in both of its eras. */
import { readFileSync } from 'node:fs'
import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ClientOptions,
} from '@modelcontextprotocol/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '#bridge/clock/systemClock'
import { createPoster } from '#bridge/delivery/poster'
import { createRequestSigner } from '#bridge/delivery/requestSigner'
import { encodeBatch } from '#schemas/ingest/codec'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import { bridgeKeyPath } from '#scripts/keys/ensureKeys'
import { localToken } from '#scripts/keys/localToken'
import { projectRoot } from '#scripts/local/paths'
import { eventually, guestToken, sharedMarket } from '../harness.ts'

const GOOD_CALLS = {
  list_symbols: {},
  get_levels: { symbol: 'NVDA' },
  get_exposure: { symbol: 'NVDA', strikes: 5 },
  explain_metric: { symbol: 'NVDA', metric: 'gammaPulse.netGex' },
  list_methods: { family: 'flipTrack' },
} as const

let url = ''
let key = ''

beforeAll(async () => {
  url = await sharedMarket()
  await postLive('REAL')
  const partner = await localToken(projectRoot, { tier: 'partner', subject: 'host', lifeSeconds: 600 })
  const made = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${partner}` },
    body: JSON.stringify({ name: 'assistant' }),
  })
  key = ((await made.json()) as { data: { key: string } }).data.key
  await eventually(async () => {
    const answer = await fetch(`${url}/v1/exposure/NVDA`, { headers: { 'x-api-key': key } })
    return answer.ok ? answer : null
  })
})

describe.each<readonly [string, ClientOptions]>([
  ['with a hand-shake', {}],
  ['without', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
  ['that finds out by itself', { versionNegotiation: { mode: 'auto' } }],
])('a host %s', (_, options) => {
  it('gets of every tool, as a partner and as a guest, what the tool promises', async () => {
    for (const headers of [{ 'x-api-key': key }, await guestHeaders()]) {
      const client = await connected(headers, options)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual(Object.keys(GOOD_CALLS))
      for (const { name, outputSchema } of tools) {
        expect(outputSchema).toMatchObject({ type: 'object' })
        // The client throws when what comes is not of the schema.
        const given = GOOD_CALLS[name as keyof typeof GOOD_CALLS]
        const result = (await client.callTool({ name, arguments: given })) as CallToolResult
        expect({ name, isError: result.isError }).toEqual({ name, isError: false })
        expect(JSON.parse(textOf(result))).toEqual(result.structuredContent)
      }
      await client.close()
    }
  })

  it('is refused as the protocol says', async () => {
    const client = await connected(await guestHeaders(), options)
    await client.listTools()
    await expect(client.callTool({ name: 'no_tool' })).rejects.toMatchObject({ code: -32602 })
    const refusals = [
      [{ name: 'get_exposure', arguments: { symbol: 'REAL' } }, '"code":"upgrade_required"'],
      [{ name: 'get_levels', arguments: { symbol: 'NODATA' } }, '"code":"unknown_symbol"'],
      [{ name: 'get_levels', arguments: { symbol: '../keys' } }, 'symbol: expected'],
      [{ name: 'get_exposure', arguments: { symbol: 'NVDA', strikes: 'all' } }, 'strikes: '],
    ] as const
    for (const [call, said] of refusals) {
      const result = (await client.callTool(call)) as CallToolResult
      expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(said)])
    }
    await client.close()
    const nobody = await connected({}, options)
    const refused = (await nobody.callTool({ name: 'list_symbols' })) as CallToolResult
    expect(textOf(refused)).toContain('"code":"missing_token"')
    await nobody.close()
  })
})

it('agrees on a version with each of them, and begins no session', async () => {
  const versionOf = async (options: ClientOptions) => {
    const client = await connected({}, options)
    const transport = client.transport as StreamableHTTPClientTransport
    const agreed = [client.getNegotiatedProtocolVersion(), transport.sessionId]
    await transport.terminateSession()
    await client.close()
    return agreed
  }
  expect(await versionOf({})).toEqual(['2025-11-25', undefined])
  expect(await versionOf({ versionNegotiation: { mode: 'auto' } })).toEqual(['2026-07-28', undefined])
})

describe('a host that does it otherwise', () => {
  const ask = (headers: Record<string, string>, method = 'POST') =>
    fetch(`${url}/mcp`, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      ...(method === 'POST' ? { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' } : {}),
    })

  it.each([
    ['a page of elsewhere', { origin: 'https://elsewhere.example' }, 403],
    ['no page', {}, 200],
    ['a version there is not', { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['a version there is', { 'mcp-protocol-version': '2025-06-18' }, 200],
    ['a session of who knows whom', { 'mcp-session-id': 'made-up', 'last-event-id': '7' }, 200],
  ])('from %s', async (_, headers, status) => {
    const response = await ask(headers)
    expect([response.status, response.headers.get('mcp-session-id')]).toEqual([status, null])
  })

  it.each(['GET', 'DELETE'])('by %s, as there is no stream and no session', async (method) => {
    const response = await ask({ accept: 'text/event-stream' }, method)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

async function connected(headers: Record<string, string>, options: ClientOptions): Promise<Client> {
  const client = new Client({ name: 'host', version: '1' }, options)
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }))
  return client
}

async function guestHeaders(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await guestToken(url)}` }
}

function textOf({ content: [first] }: CallToolResult): string {
  return first?.type === 'text' ? first.text : ''
}

/** A market that is not open to guests. */
async function postLive(symbol: string): Promise<void> {
  const signer = createRequestSigner(readFileSync(bridgeKeyPath(projectRoot), 'utf8'))
  const post = createPoster({ to: url, symbol, signer, clock: systemClock, timeoutMs: 10_000 })
  const answer = await post(encodeBatch({ ...SAMPLE_BATCH, symbol, feed: 'live', createdMs: Date.now() }))
  if (answer.kind !== 'accepted') throw new Error(`expected the batch to be taken, was ${answer.kind}`)
}
