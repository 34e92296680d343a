import { describe, expect, it } from 'vitest'
import { answerTo } from './protocol.ts'

const VERSION = '2026-07-28'
const SERVER = { name: 'flipwire', version: '1', instructions: 'Read.', tools: [{ name: 'a' }] }

interface Asked {
  readonly method?: string
  readonly declared?: unknown
  readonly params?: object
  readonly headers?: Readonly<Record<string, string>>
}

function ask({ method = 'tools/list', declared = VERSION, params = {}, headers = {} }: Asked) {
  const meta = { 'io.modelcontextprotocol/protocolVersion': declared }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } })
  const sent: Readonly<Record<string, string>> = {
    'MCP-Protocol-Version': VERSION,
    'Mcp-Method': method,
    ...headers,
  }
  return answerTo(body, SERVER, (name) => sent[name])
}

describe('a request that says of itself what it is', () => {
  it('is answered with what there is, and that nothing more is needed', () => {
    expect(ask({ method: 'server/discover' })).toMatchObject({
      kind: 'result',
      result: { resultType: 'complete', capabilities: { tools: {} }, serverInfo: { name: 'flipwire' } },
    })
    expect(ask({})).toMatchObject({ result: { resultType: 'complete', tools: SERVER.tools } })
  })

  it.each([
    ['a', 'a'],
    ['=?base64?YQ==?=', 'a'],
    ['=?base64?Y2Fmw6k=?=', 'café'],
  ])('calls by the name that the header says: %s', (header, name) => {
    const asked = { method: 'tools/call', params: { name }, headers: { 'Mcp-Name': header } }
    expect(ask(asked)).toEqual({ kind: 'call', id: 1, tool: name, given: {}, isStateless: true })
  })

  it.each<readonly [string, Asked]>([
    ['another version in the body', { declared: '2025-11-25' }],
    ['no version in the body', { declared: null }],
    ['a version that is no text', { declared: 7 }],
    ['another method', { headers: { 'Mcp-Method': 'tools/call' } }],
    ['another name', { method: 'tools/call', params: { name: 'a' }, headers: { 'Mcp-Name': 'b' } }],
    ['no name', { method: 'tools/call', params: { name: 'a' } }],
    [
      'a name wrapped wrongly',
      { method: 'tools/call', params: { name: 'a' }, headers: { 'Mcp-Name': '=?base64?Y?=' } },
    ],
  ])('is refused with %s', (_, asked) => {
    expect(ask(asked)).toMatchObject({ kind: 'error', error: 'header', status: 400 })
  })

  it('learns which versions there are when it asks for another', () => {
    const versions = { declared: '2099-01-01', headers: { 'MCP-Protocol-Version': '2099-01-01' } }
    expect(ask(versions)).toMatchObject({
      error: 'version',
      status: 400,
      data: { requested: '2099-01-01', supported: expect.arrayContaining([VERSION, '2025-03-26']) },
    })
  })

  it.each(['initialize', 'ping', 'resources/list'])('finds no method %s', (method) => {
    expect(ask({ method })).toMatchObject({ error: 'method', status: 404 })
  })

  it.each([[{}], [{ name: 7 }], [{ name: 'a', arguments: [] }], [{ name: 'a', arguments: null }]])(
    'calls nothing with %o',
    (params) => {
      expect(ask({ method: 'tools/call', params, headers: { 'Mcp-Name': 'a' } })).toMatchObject({
        error: 'params',
      })
    },
  )
})
