import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_VERSIONS } from './outcome.ts'
import { answerTo } from './protocol.ts'

const SERVER = { name: 'flipwire', version: '1', instructions: 'Read.', tools: [{ name: 'a' }] }
const ask = (message: object) => answerTo(JSON.stringify({ jsonrpc: '2.0', ...message }), SERVER)

describe('initialize', () => {
  it.each([...PROTOCOL_VERSIONS])('agrees on %s', (protocolVersion) => {
    expect(ask({ id: 1, method: 'initialize', params: { protocolVersion } })).toMatchObject({
      kind: 'result',
      id: 1,
      result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'flipwire' } },
    })
  })

  it.each(['1999-01-01', 7, undefined])('offers the newest to who asks for %s', (protocolVersion) => {
    expect(ask({ id: 1, method: 'initialize', params: { protocolVersion } })).toMatchObject({
      result: { protocolVersion: PROTOCOL_VERSIONS[0] },
    })
  })
})

describe('a message', () => {
  it('without id is taken in silence', () => {
    expect(ask({ method: 'notifications/initialized' })).toEqual({ kind: 'taken' })
  })

  it('lists tools and asks for calls', () => {
    expect(ask({ id: 'x', method: 'tools/list' })).toEqual({
      kind: 'result',
      id: 'x',
      result: { tools: SERVER.tools },
    })
    expect(ask({ id: 2, method: 'tools/call', params: { name: 'a' } })).toEqual({
      kind: 'call',
      id: 2,
      tool: 'a',
      given: {},
    })
  })

  it.each([
    ['{', 'parse', null],
    ['[]', 'request', null],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 'request', null],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 'request', null],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 'request', null],
    ['{"jsonrpc":"2.0","id":1,"method":"resources/list"}', 'method', 1],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', 'params', 1],
  ])('%s is refused as %s', (body, error, id) => {
    expect(answerTo(body, SERVER)).toMatchObject({ kind: 'error', error, id })
  })

  it('is answered whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(['error', 'result', 'call', 'taken']).toContain(answerTo(body, SERVER).kind)
      }),
      { seed: 1 },
    )
  })
})
