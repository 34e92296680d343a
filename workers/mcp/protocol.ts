/**
 * What an MCP message is answered with. No session, nothing to push, so every request is answered alone and `initialize`, of
 * revisions that have it, only agrees on a version. Calls of tools are left to the caller of this module.
 */
import * as v from 'valibot'
import { IdSchema, PROTOCOL_VERSIONS, refused, type Outcome, type Server } from './outcome.ts'
import { answerStateless, type HeaderReader } from './stateless.ts'

/** A list is an object too, as far as a record is concerned. */
const ParamsSchema = v.pipe(
  v.unknown(),
  v.check((given) => !Array.isArray(given), 'expected an object, was a list'),
  v.record(v.string(), v.unknown()),
)

export const MessageSchema = v.object({
  jsonrpc: v.literal('2.0'),
  id: v.optional(IdSchema),
  method: v.string(),
  params: v.optional(ParamsSchema),
})
const CallSchema = v.object({
  name: v.string(),
  arguments: v.optional(ParamsSchema, {}),
})

export function answerTo(body: string, server: Server, header: HeaderReader = () => undefined): Outcome {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return refused(null, 'parse', 'expected JSON, was something else')
  }
  const parsed = v.safeParse(MessageSchema, json)
  if (!parsed.success) return refused(null, 'request', parsed.issues[0].message)
  const { id, method, params = {} } = parsed.output
  if (id === undefined) return { kind: 'taken' }
  const stateless = answerStateless({ id, method, params }, header, server)
  if (stateless !== null) return stateless
  switch (method) {
    case 'initialize':
      return { kind: 'result', id, result: agreement(params['protocolVersion'], server) }
    case 'ping':
      return { kind: 'result', id, result: {} }
    case 'tools/list':
      return { kind: 'result', id, result: { tools: server.tools } }
    case 'tools/call': {
      const call = v.safeParse(CallSchema, params)
      if (!call.success) return refused(id, 'params', call.issues[0].message)
      return { kind: 'call', id, tool: call.output.name, given: call.output.arguments }
    }
    default:
      return refused(
        id,
        'method',
        `expected initialize, ping, tools/list or tools/call, was ${method.slice(0, 40)}`,
      )
  }
}

function agreement(asked: unknown, { name, version, instructions }: Server): object {
  const protocolVersion = PROTOCOL_VERSIONS.find((known) => known === asked) ?? PROTOCOL_VERSIONS[0]
  return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name, version }, instructions }
}
