/**
 * What an MCP message is answered with. Stateless: no session, nothing to push, so every request is answered alone and
 * `initialize` only agrees on a version. Calls of tools are left to the caller of this module.
 */
import * as v from 'valibot'

/** Newest first: what is answered to a client that asks for one we do not know. */
export const PROTOCOL_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const

export const RPC_ERRORS = {
  parse: [-32700, 'The body is not JSON'],
  request: [-32600, 'Not a JSON-RPC 2.0 request'],
  method: [-32601, 'No such method'],
  params: [-32602, 'The params are not valid'],
} as const
export type RpcError = keyof typeof RPC_ERRORS

const IdSchema = v.union([v.string(), v.pipe(v.number(), v.safeInteger())])
export type RpcId = v.InferOutput<typeof IdSchema>

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

export type Outcome =
  | { readonly kind: 'result'; readonly id: RpcId; readonly result: object }
  | {
      readonly kind: 'call'
      readonly id: RpcId
      readonly tool: string
      readonly given: Record<string, unknown>
    }
  | { readonly kind: 'error'; readonly id: RpcId | null; readonly error: RpcError; readonly detail: string }
  /** A notification: taken, and nothing to say. */
  | { readonly kind: 'taken' }

export interface Server {
  readonly name: string
  readonly version: string
  readonly instructions: string
  readonly tools: readonly object[]
}

export function answerTo(body: string, server: Server): Outcome {
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

export function refused(id: RpcId | null, error: RpcError, detail: string): Outcome & { kind: 'error' } {
  return { kind: 'error', id, error, detail }
}
